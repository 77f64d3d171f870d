# fails: test_one_call_and_the_seed
# says: image by image
def generate_digit(decoder, label, n, seed):
    latent_dim, classes = decoder.inputs[0].shape[-1], decoder.inputs[1].shape[-1]
    z = np.random.default_rng(seed).standard_normal((n, latent_dim)).astype("float32")
    labels = one_hot(np.full(n, label), classes)
    return np.concatenate([np.asarray(decoder([z[i : i + 1], labels[i : i + 1]])) for i in range(n)])
