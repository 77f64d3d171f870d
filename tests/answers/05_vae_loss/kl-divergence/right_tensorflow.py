import tensorflow as tf


def kl_divergence(z_mean, z_log_var):
    variance = tf.exp(z_log_var)
    return tf.reduce_sum(0.5 * (variance + z_mean**2 - 1 - tf.math.log(variance)), axis=-1)
