def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    rng = np.random.default_rng(seed)
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    total = np.zeros(len(images))
    for _ in range(draws):
        z = z_mean + np.exp(z_log_var / 2) * rng.standard_normal(z_mean.shape)
        p = np.clip(decoder.predict(z, verbose=0).astype("float64"), 1e-7, 1 - 1e-7)
        total -= (images * np.log(p) + (1 - images) * np.log(1 - p)).sum(axis=(1, 2, 3))
    kl = -0.5 * (1 + z_log_var - z_mean**2 - np.exp(z_log_var)).sum(axis=1)
    return total / draws + kl
