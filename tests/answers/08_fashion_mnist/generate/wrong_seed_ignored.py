# fails: test_the_seed_decides
# says: seed=7
def generate(decoder, n, seed):
    return decoder.predict(np.random.standard_normal((n, decoder.input_shape[-1])), verbose=0)
