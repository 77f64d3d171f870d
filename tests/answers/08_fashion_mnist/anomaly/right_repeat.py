def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    mean, log_var = (np.repeat(values, draws, axis=0) for values in (z_mean, z_log_var))
    epsilon = np.random.RandomState(seed).normal(size=mean.shape).astype("float32")
    decoded = decoder(reparameterize(mean, log_var, epsilon))
    error = reconstruction_loss(np.repeat(images, draws, axis=0), decoded)
    error = ops.convert_to_numpy(error).reshape(len(images), draws).mean(axis=1)
    return error + ops.convert_to_numpy(kl_divergence(z_mean, z_log_var))
