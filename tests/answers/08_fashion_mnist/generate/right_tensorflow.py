def generate(decoder, n, seed):
    import tensorflow as tf

    z = tf.random.stateless_normal((n, decoder.input_shape[-1]), seed=(seed, 0))
    return decoder.predict(z, batch_size=n, verbose=0)
