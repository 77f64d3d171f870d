# fails: test_a_score_for_each_image
# says: one score for each image
def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    noise = np.random.default_rng(seed).standard_normal((draws, *z_mean.shape)).astype("float32")
    losses = []
    for epsilon in noise:
        decoded = decoder.predict(np.asarray(reparameterize(z_mean, z_log_var, epsilon)), verbose=0)
        losses.append(np.asarray(keras.losses.binary_crossentropy(images, decoded)))
    return np.mean(losses, axis=0)
