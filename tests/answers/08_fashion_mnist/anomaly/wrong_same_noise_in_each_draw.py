# fails: test_averaged_over_samples
# says: noise of its own
# loses: 0.5
def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    total = 0
    for epsilon in (keras.random.normal(z_mean.shape, seed=seed) for _ in range(draws)):
        z = reparameterize(z_mean, z_log_var, epsilon)
        total = total + reconstruction_loss(images, decoder.predict(z, verbose=0))
    return total / draws + kl_divergence(z_mean, z_log_var)
