# fails: test_no_noise_in_the_score
# says: z_mean
def anomaly_scores(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    z = Sampling()([z_mean, z_log_var])
    return reconstruction_loss(images, decoder(z)) + kl_divergence(z_mean, z_log_var)
