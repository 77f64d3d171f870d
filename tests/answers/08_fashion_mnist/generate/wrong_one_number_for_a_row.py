# fails: test_drawn_from_the_prior
# says: correlated
def generate(decoder, n, seed):
    z = keras.random.normal((n, 1), seed=seed)
    return decoder.predict(np.tile(z, decoder.input_shape[-1]), verbose=0)
