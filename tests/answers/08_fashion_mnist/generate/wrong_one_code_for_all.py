# fails: test_drawn_from_the_prior
# says: all codes are the same
def generate(decoder, n, seed):
    z = keras.random.normal((1, decoder.input_shape[-1]), seed=seed)
    return decoder.predict(np.repeat(z, n, axis=0), verbose=0)
