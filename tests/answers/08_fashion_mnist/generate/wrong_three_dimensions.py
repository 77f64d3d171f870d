# fails: test_dimensions_of_the_decoder
# says: input_shape
def generate(decoder, n, seed):
    z = keras.random.normal((n, 3), seed=seed)
    return decoder.predict(z, verbose=0)
