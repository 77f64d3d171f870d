def posterior_on_grid(decoder, image, half_width=5.0, points=201):
    axis = np.linspace(-half_width, half_width, points)
    z_2, z_1 = np.meshgrid(axis, axis, indexing="ij")
    z = np.stack([z_1, z_2], axis=-1).reshape(-1, 2)
    log_p = log_likelihood(image.reshape(1, -1), decoder.predict(z, verbose=0))[0]
    log_p = log_p + log_normal(z, 0.0, 0.0)
    p = np.exp(log_p - np.max(log_p))
    return np.reshape(p / np.sum(p), z_1.shape)
