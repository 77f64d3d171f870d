# fails: test_both_parts_of_the_bound_count
# says: a row for each image
# loses: 0.5
def classify_by_bound(encoder, decoder, images):
    bounds = []
    for label in range(10):
        labels = one_hot(np.full(len(images), label))
        z_mean, z_log_var = encoder.predict([images, labels], batch_size=500, verbose=0)
        epsilon = np.random.default_rng(0).standard_normal(z_mean.shape[1])
        z = (z_mean + np.exp(0.5 * z_log_var) * epsilon).astype("float32")
        reconstructions = decoder.predict([z, labels], batch_size=500, verbose=0)
        loss = reconstruction_loss(images, reconstructions) + kl_divergence(z_mean, z_log_var)
        bounds.append(-np.asarray(loss))
    return np.argmax(bounds, axis=0)
