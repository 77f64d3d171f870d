# fails: test_averaged_over_samples
# says: same in every dimension
# loses: 0.5
def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    total = 0
    for epsilon in keras.random.normal((draws, len(images), 1), seed=seed):
        z = reparameterize(z_mean, z_log_var, epsilon)
        total = total + reconstruction_loss(images, decoder.predict(z, verbose=0))
    return total / draws + kl_divergence(z_mean, z_log_var)
