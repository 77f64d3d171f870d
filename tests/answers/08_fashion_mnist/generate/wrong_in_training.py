# fails: test_the_seed_decides
# says: training=True
# loses: 0.5
def generate(decoder, n, seed):
    z = keras.random.normal((n, decoder.input_shape[-1]), seed=seed)
    return decoder(z, training=True)
