def decode_manifold(decoder, n=15):
    pictures = decoder.predict(latent_grid(n), verbose=0)[..., 0]
    return np.block([[pictures[i * n + j] for j in range(n)] for i in range(n)])
