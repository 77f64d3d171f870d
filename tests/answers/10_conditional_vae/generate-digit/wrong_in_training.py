# fails: test_any_digit
# says: training=True
# loses: 0.5
def generate_digit(decoder, label, n, seed):
    latent_dim, classes = (tensor.shape[-1] for tensor in decoder.inputs)
    z = np.random.default_rng(seed).standard_normal((n, latent_dim))
    return np.asarray(decoder([z, one_hot([label] * n, classes)], training=True))
