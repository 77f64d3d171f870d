def classify_by_bound(encoder, decoder, images):
    bounds, epsilon = [], None
    for label in range(10):
        labels = one_hot(np.full(len(images), label))
        z_mean, z_log_var = encoder.predict([images, labels], batch_size=500, verbose=0)
        if epsilon is None:
            epsilon = np.random.default_rng(0).standard_normal(z_mean.shape)
        z = (z_mean - np.exp(0.5 * z_log_var) * epsilon).astype("float32")
        reconstructions = decoder.predict([z, labels], batch_size=500, verbose=0)
        loss = reconstruction_loss(images, reconstructions)
        bounds.append(-np.asarray(loss + kl_divergence(z_mean, z_log_var)))
    return np.argmax(bounds, axis=0)
