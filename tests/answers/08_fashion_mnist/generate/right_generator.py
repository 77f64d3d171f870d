def generate(decoder, n, seed):
    latent_dim = decoder.inputs[0].shape[-1]
    draw = keras.random.SeedGenerator(seed)
    return decoder(keras.random.normal((n, latent_dim), seed=draw))
