# fails: test_images_of_the_digit
# says: uniform
def generate_digit(decoder, label, n, seed):
    latent_dim, classes = decoder.inputs[0].shape[-1], decoder.inputs[1].shape[-1]
    z = np.random.default_rng(seed).random((n, latent_dim)).astype("float32")
    labels = one_hot(np.full(n, label), classes)
    return decoder.predict([z, labels], verbose=0)
