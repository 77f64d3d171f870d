# fails: test_averaged_over_samples
# says: average the losses
# loses: 0.5
def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    noise = np.random.default_rng(seed).standard_normal((draws, *z_mean.shape)).astype("float32")
    samples = [np.asarray(reparameterize(z_mean, z_log_var, epsilon)) for epsilon in noise]
    average = np.mean([decoder.predict(z, verbose=0) for z in samples], axis=0)
    return reconstruction_loss(images, average) + kl_divergence(z_mean, z_log_var)
