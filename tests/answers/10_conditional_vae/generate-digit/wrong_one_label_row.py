# fails: test_sizes_are_read_from_the_decoder
# says: raised
def generate_digit(decoder, label, n, seed):
    d, c = (i.shape[-1] for i in decoder.inputs)
    z = np.random.default_rng(seed).standard_normal((n, d))
    return decoder.predict([z, one_hot([label], c)], verbose=0)
