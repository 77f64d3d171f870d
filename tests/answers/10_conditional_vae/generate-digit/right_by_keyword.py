def generate_digit(decoder, label, n, seed):
    latent_dim, classes = (tensor.shape[-1] for tensor in decoder.inputs)
    z = np.random.default_rng(seed).standard_normal((n, latent_dim))
    return decoder.predict(x=[z, one_hot([label] * n, classes)], verbose=0)
