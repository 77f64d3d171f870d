def anomaly_scores(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    p = np.clip(decoder.predict(z_mean, verbose=0).astype("float64"), 1e-7, 1 - 1e-7)
    cross_entropy = -(images * np.log(p) + (1 - images) * np.log(1 - p)).sum(axis=(1, 2, 3))
    kl = -0.5 * (1 + z_log_var - z_mean**2 - np.exp(z_log_var)).sum(axis=1)
    return cross_entropy + kl
