# fails: test_drawn_from_the_prior
# says: normal distribution
def generate(decoder, n, seed):
    z = keras.random.uniform((n, decoder.input_shape[-1]), -(3**0.5), 3**0.5, seed=seed)
    return decoder.predict(z, verbose=0)
