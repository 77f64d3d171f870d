# fails: test_the_seed_decides
# says: use the argument `seed`
# loses: 0.5
def generate(decoder, n, seed):
    z = keras.random.normal((n, decoder.input_shape[-1]), seed=237)
    return decoder.predict(z, verbose=0)
