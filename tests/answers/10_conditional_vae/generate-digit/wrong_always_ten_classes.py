# fails: test_sizes_are_read_from_the_decoder
# says: read both
def generate_digit(decoder, label, n, seed):
    latent_dim, classes = decoder.inputs[0].shape[-1], decoder.inputs[1].shape[-1]
    z = np.random.default_rng(seed).standard_normal((n, latent_dim)).astype("float32")
    labels = one_hot(np.full(n, label))
    return decoder.predict([z, labels], verbose=0)
