# fails: test_as_many_as_asked_for
# says: input_shape
def generate(decoder, n, seed):
    z = keras.random.normal((n, 3), seed=seed)
    return decoder.predict(z, verbose=0)
