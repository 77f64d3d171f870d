def generate(decoder, n, seed):
    rng = np.random.RandomState(seed)
    return decoder.predict(rng.normal(size=(n, *decoder.input_shape[1:])), verbose=0)
