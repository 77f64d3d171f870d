# fails: test_the_same_answer_twice
# says: different noise
# loses: 0.5
def classify_by_bound(encoder, decoder, images):
    losses = []
    for label in range(10):
        labels = one_hot(np.full(len(images), label))
        z_mean, z_log_var = encoder.predict([images, labels], batch_size=500, verbose=0)
        epsilon = np.random.default_rng(label).standard_normal(z_mean.shape)
        z = (z_mean + np.exp(z_log_var / 2) * epsilon).astype("float32")
        reconstructions = decoder.predict([z, labels], batch_size=500, verbose=0)
        loss = np.asarray(reconstruction_loss(images, reconstructions))
        losses.append(loss + np.asarray(kl_divergence(z_mean, z_log_var)))
    return np.argmin(losses, axis=0)
