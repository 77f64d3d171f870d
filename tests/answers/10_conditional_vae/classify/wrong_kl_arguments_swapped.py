# fails: test_both_parts_of_the_bound_count
# says: first the mean and then
def classify_by_bound(encoder, decoder, images):
    rng, bounds = np.random.default_rng(0), []
    epsilon = None
    for label in range(10):
        labels = one_hot(np.full(len(images), label))
        z_mean, z_log_var = encoder.predict([images, labels], verbose=0)
        if epsilon is None:
            epsilon = rng.standard_normal(z_mean.shape).astype("float32")
        z = z_mean + np.exp(z_log_var / 2) * epsilon
        reconstructions = decoder.predict([z, labels], verbose=0)
        bounds.append(
            -np.asarray(reconstruction_loss(images, reconstructions)) - np.asarray(kl_divergence(z_log_var, z_mean))
        )
    return np.argmax(bounds, axis=0)
