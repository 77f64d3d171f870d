def generate(decoder, n, seed):
    z = np.random.default_rng(seed).standard_normal((n, decoder.input_shape[1]))
    return decoder.predict(z, verbose=0)
