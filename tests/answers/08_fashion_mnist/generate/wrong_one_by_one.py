# fails: test_as_many_as_asked_for
# says: one code after the other
def generate(decoder, n, seed):
    rng = np.random.default_rng(seed)
    images = []
    for _ in range(n):
        z = rng.standard_normal((1, decoder.input_shape[-1]))
        images.append(decoder.predict(z, verbose=0)[0])
    return np.array(images)
