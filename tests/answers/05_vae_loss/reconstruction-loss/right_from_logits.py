import tensorflow as tf


def reconstruction_loss(images, reconstructions):
    r = tf.clip_by_value(reconstructions, 1e-7, 1 - 1e-7)
    logits = tf.math.log(r) - tf.math.log1p(-r)
    return tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=images, logits=logits), axis=[1, 2, 3])
