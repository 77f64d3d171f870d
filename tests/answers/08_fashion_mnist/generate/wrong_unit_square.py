# fails: test_drawn_from_the_prior
# says: mean of the codes should be 0
def generate(decoder, n, seed):
    z = np.random.default_rng(seed).random((n, decoder.input_shape[-1]))
    return decoder.predict(z, verbose=0)
