# fails: test_a_score_for_each_picture
# says: score of its own
def anomaly_scores(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    back = decoder.predict(z_mean, verbose=0)
    return ops.mean(reconstruction_loss(images, back) + kl_divergence(z_mean, z_log_var))
