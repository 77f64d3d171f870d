def decode_manifold(decoder, n=15):
    import tensorflow as tf

    images = tf.function(decoder)(tf.constant(latent_grid(n), tf.float32))
    return np.array(images).reshape(n, n, 28, 28).transpose(0, 2, 1, 3).reshape(28 * n, 28 * n)
