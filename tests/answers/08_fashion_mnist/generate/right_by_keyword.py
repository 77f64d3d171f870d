def generate(decoder, n, seed):
    z = keras.random.normal((n, decoder.input_shape[-1]), seed=seed)
    return decoder.predict(x=z, batch_size=n, verbose=0)
