def generate(decoder, n, seed):
    z = keras.random.normal((n, decoder.input.shape[-1]), seed=seed)
    return decoder.predict(z, verbose=0)
