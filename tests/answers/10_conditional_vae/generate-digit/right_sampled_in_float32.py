def generate_digit(decoder, label, n, seed):
    latent_dim, classes = decoder.inputs[0].shape[-1], decoder.inputs[1].shape[-1]
    z = np.random.default_rng(seed).standard_normal((n, latent_dim), dtype="float32")
    labels = np.repeat(one_hot([label], classes), n, axis=0)
    return decoder.predict([z, labels], verbose=0)
