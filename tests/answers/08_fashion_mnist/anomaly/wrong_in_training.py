# fails: test_the_seed_fixes_the_samples
# says: training=True
# loses: 0.5
def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    total = 0
    for epsilon in keras.random.normal((draws, *z_mean.shape), seed=seed):
        z = reparameterize(z_mean, z_log_var, epsilon)
        total = total + reconstruction_loss(images, decoder(z, training=True))
    return total / draws + kl_divergence(z_mean, z_log_var)
