# fails: test_negative_elbo
# says: KL was averaged
def anomaly_scores(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    back = decoder.predict(z_mean, verbose=0)
    return reconstruction_loss(images, back) + ops.mean(kl_divergence(z_mean, z_log_var))
