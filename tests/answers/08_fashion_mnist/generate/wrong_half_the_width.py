# fails: test_as_many_as_asked_for
# says: another latent dimension
def generate(decoder, n, seed):
    z = keras.random.normal((n, decoder.input_shape[-1] // 2), seed=seed)
    return decoder.predict(z, verbose=0)
