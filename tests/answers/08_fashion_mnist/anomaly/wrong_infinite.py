# fails: test_finite_where_the_decoder_is_certain
# says: finite
def anomaly_scores(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    back = decoder.predict(z_mean, verbose=0)
    back = back.astype("float64")
    cross_entropy = -(images * np.log(back) + (1 - images) * np.log(1 - back)).sum(axis=(1, 2, 3))
    return cross_entropy + np.asarray(kl_divergence(z_mean, z_log_var))
