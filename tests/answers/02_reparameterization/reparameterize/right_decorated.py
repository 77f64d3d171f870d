import tensorflow as tf


@tf.function
def reparameterize(mean: tf.Tensor, log_variance: tf.Tensor, noise: tf.Tensor) -> tf.Tensor:
    return mean + tf.math.sqrt(tf.math.exp(log_variance)) * tf.cast(noise, mean.dtype)
