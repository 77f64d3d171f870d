def decode_manifold(decoder, n=15):
    images = decoder.predict(latent_grid(n), verbose=0)[..., 0]
    return np.block([[images[i * n + j] for j in range(n)] for i in range(n)])
