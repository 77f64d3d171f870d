def anomaly_scores(encoder, decoder, images):
    z_mean, z_log_var = encoder(images)
    return reconstruction_loss(images, decoder(z_mean)) + kl_divergence(z_mean, z_log_var)
