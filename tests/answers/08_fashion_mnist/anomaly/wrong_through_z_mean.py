# fails: test_averaged_over_samples
# says: through `z_mean`
# loses: 1
def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    decoded = decoder.predict(z_mean, verbose=0)
    return reconstruction_loss(images, decoded) + kl_divergence(z_mean, z_log_var)
