# fails: test_images_of_the_digit
# says: row of zeros
def generate_digit(decoder, label, n, seed):
    latent_dim, classes = decoder.inputs[0].shape[-1], decoder.inputs[1].shape[-1]
    z = np.random.default_rng(seed).standard_normal((n, latent_dim)).astype("float32")
    labels = np.zeros((n, classes), "float32")
    return decoder.predict([z, labels], verbose=0)
