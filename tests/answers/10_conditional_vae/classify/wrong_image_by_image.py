# fails: test_many_images_at_once
# says: image by image
def classify_by_bound(encoder, decoder, images):
    found = []
    for image in images:
        x, labels = np.repeat(image[None], 10, axis=0), one_hot(range(10))
        z_mean, z_log_var = (np.asarray(t) for t in encoder([x, labels]))
        epsilon = np.random.default_rng(0).standard_normal(z_mean[:1].shape).astype("float32")
        z = z_mean + np.exp(z_log_var / 2) * epsilon
        bounds = -np.asarray(reconstruction_loss(x, decoder.predict([z, labels], verbose=0)))
        found.append(np.argmax(bounds - np.asarray(kl_divergence(z_mean, z_log_var))))
    return np.array(found)
