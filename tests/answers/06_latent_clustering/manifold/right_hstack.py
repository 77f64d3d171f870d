def decode_manifold(decoder, n=15):
    images = decoder.predict_on_batch(latent_grid(n)).squeeze(-1)
    return np.vstack([np.hstack(images[n * i : n * (i + 1)]) for i in range(n)])
