# fails: test_any_models_and_pictures
# says: in the order given
def anomaly_scores(encoder, decoder, images):
    images = images[:32]
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    return reconstruction_loss(images, decoder.predict(z_mean, verbose=0)) + kl_divergence(z_mean, z_log_var)
