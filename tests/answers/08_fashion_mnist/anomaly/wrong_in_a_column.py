# fails: test_a_score_for_each_picture
# says: one score for each picture
# loses: 0.5
def anomaly_scores(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    back = np.clip(decoder.predict(z_mean, verbose=0), 1e-7, 1 - 1e-7)
    error = -(images * np.log(back) + (1 - images) * np.log(1 - back)).sum(axis=(1, 2))
    return error + 0.5 * (np.exp(z_log_var) + z_mean**2 - 1 - z_log_var).sum(axis=1, keepdims=True)
