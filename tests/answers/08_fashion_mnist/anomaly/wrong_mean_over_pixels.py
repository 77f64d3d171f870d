# fails: test_negative_elbo
# says: mean over pixels
def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    noise = np.random.default_rng(seed).standard_normal((draws, *z_mean.shape)).astype("float32")
    losses = []
    for epsilon in noise:
        decoded = decoder.predict(np.asarray(reparameterize(z_mean, z_log_var, epsilon)), verbose=0)
        losses.append(np.asarray(reconstruction_loss(images, decoded)))
    kl = np.asarray(kl_divergence(z_mean, z_log_var))
    return np.mean(losses, axis=0) / 784 + kl
