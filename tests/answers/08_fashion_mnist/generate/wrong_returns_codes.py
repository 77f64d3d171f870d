# fails: test_as_many_as_asked_for
# says: n images
def generate(decoder, n, seed):
    return keras.random.normal((n, decoder.input_shape[-1]), seed=seed)
