# fails: test_the_seed_decides
# says: codes in common
# loses: 0.5
def generate(decoder, n, seed):
    d = decoder.input_shape[-1]
    z = np.stack([np.random.default_rng(seed + i).standard_normal(d) for i in range(n)])
    return decoder.predict(z, verbose=0)
