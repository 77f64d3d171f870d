# fails: test_negative_elbo
# says: squared error
def anomaly_scores(encoder, decoder, images, draws=8, seed=0):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    noise = np.random.default_rng(seed).standard_normal((draws, *z_mean.shape)).astype("float32")
    losses = []
    for epsilon in noise:
        decoded = decoder.predict(np.asarray(reparameterize(z_mean, z_log_var, epsilon)), verbose=0)
        losses.append(np.mean((images - decoded) ** 2, axis=(1, 2, 3)))
    return np.mean(losses, axis=0)
