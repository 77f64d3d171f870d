def classify_by_bound(encoder, decoder, images):
    bounds = np.zeros((10, len(images)))
    for label in range(10):
        rng = np.random.default_rng(0)
        labels = one_hot(np.full(len(images), label))
        z_mean, z_log_var = encoder.predict([images, labels], batch_size=256, verbose=0)
        for _ in range(4):
            z = reparameterize(z_mean, z_log_var, rng.standard_normal(z_mean.shape).astype("float32"))
            x = decoder.predict([z, labels], batch_size=256, verbose=0)
            bounds[label] -= np.asarray(reconstruction_loss(images, x)) / 4
        bounds[label] -= np.asarray(kl_divergence(z_mean, z_log_var))
    return bounds.argmax(axis=0)
