# fails: test_one_call_of_the_decoder
# says: called several times
def log_importance_weights(encoder, decoder, images, k, seed):
    rng = np.random.default_rng(seed)
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    rows = []
    for image, mean, log_var in zip(images, z_mean, z_log_var):
        z = mean + np.exp(log_var / 2) * rng.standard_normal((k, len(mean)))
        loss = reconstruction_loss(np.repeat(image[None], k, axis=0), decoder.predict(z, verbose=0))
        rows.append(-np.array(loss) + log_normal(z, 0.0, 0.0) - log_normal(z, mean, log_var))
    return np.stack(rows)
