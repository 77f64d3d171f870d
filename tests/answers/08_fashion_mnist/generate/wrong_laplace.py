# fails: test_drawn_from_the_prior
# says: variance 1 but isn't normal
def generate(decoder, n, seed):
    z = np.random.default_rng(seed).laplace(0, 0.5**0.5, (n, decoder.input_shape[-1]))
    return decoder.predict(z, verbose=0)
