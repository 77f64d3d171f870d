def decode_manifold(decoder, n=15):
    pictures = decoder.predict_on_batch(latent_grid(n)).squeeze(-1)
    return np.vstack([np.hstack(pictures[n * i : n * (i + 1)]) for i in range(n)])
