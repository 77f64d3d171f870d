# fails: test_negative_elbo
# says: mean over the dimensions
def anomaly_scores(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    back = decoder.predict(z_mean, verbose=0)
    kl = 0.5 * np.mean(np.exp(z_log_var) + z_mean**2 - 1 - z_log_var, axis=-1)
    return reconstruction_loss(images, back) + kl
