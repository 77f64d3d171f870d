def generate_digit(decoder, label, n, seed):
    latent_dim, classes = (shape[1] for shape in decoder.input_shape)
    z = np.random.default_rng(seed).standard_normal((n, latent_dim)).astype("float32")
    labels = one_hot(np.full(n, label), classes)
    return decoder.predict([z, labels], verbose=0)
