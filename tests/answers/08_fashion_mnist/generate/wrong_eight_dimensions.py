# fails: test_dimensions_of_the_decoder
# says: input_shape
# loses: 0.5
def generate(decoder, n, seed):
    z = keras.random.normal((n, 8), seed=seed)
    return decoder.predict(z, verbose=0)
