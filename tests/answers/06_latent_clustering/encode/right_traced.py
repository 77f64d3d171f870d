def encode_means(encoder, images, batch_size=512):
    import tensorflow as tf

    @tf.function(reduce_retracing=True)
    def mean(batch):
        return encoder(batch, training=False)[0]

    starts = range(0, len(images), batch_size)
    return np.concatenate([mean(tf.constant(images[i : i + batch_size])).numpy() for i in starts])
