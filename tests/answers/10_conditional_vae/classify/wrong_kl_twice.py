# fails: test_both_parts_of_the_bound_count
# says: counts too much
def classify_by_bound(encoder, decoder, images):
    bounds = []
    for k in range(10):
        y = one_hot(np.full(len(images), k))
        m, s = encoder.predict([images, y], batch_size=500, verbose=0)
        e = np.random.default_rng(0).standard_normal(m.shape)
        rec = decoder.predict([m + np.exp(s / 2) * e, y], batch_size=500, verbose=0)
        bounds.append(-np.asarray(reconstruction_loss(images, rec) + 2 * kl_divergence(m, s)))
    return np.argmax(bounds, axis=0)
