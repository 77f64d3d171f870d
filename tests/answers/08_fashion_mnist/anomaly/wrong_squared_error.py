# fails: test_negative_elbo
# says: squared error
def anomaly_scores(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    back = decoder.predict(z_mean, verbose=0)
    return np.mean((images - back) ** 2, axis=(1, 2, 3))
