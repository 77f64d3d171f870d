# fails: test_drawn_from_the_prior
# says: standard deviation 1
def generate(decoder, n, seed):
    z = keras.random.normal((n, decoder.input_shape[-1]), stddev=2.0, seed=seed)
    return decoder.predict(z, verbose=0)
