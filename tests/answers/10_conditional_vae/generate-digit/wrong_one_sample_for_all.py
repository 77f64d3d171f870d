# fails: test_images_of_the_digit
# says: All images are the same
def generate_digit(decoder, label, n, seed):
    latent_dim, classes = decoder.inputs[0].shape[-1], decoder.inputs[1].shape[-1]
    z = np.random.default_rng(seed).standard_normal((1, latent_dim)).astype("float32").repeat(n, axis=0)
    labels = one_hot(np.full(n, label), classes)
    return decoder.predict([z, labels], verbose=0)
