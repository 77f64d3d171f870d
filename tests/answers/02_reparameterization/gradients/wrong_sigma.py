# fails: test_gradient_of_the_log_variance
# says: factor ½
def reparameterization_gradients(z_mean, z_log_var, epsilon):
    sigma = tf.exp(0.5 * z_log_var)
    return tf.ones_like(z_mean), sigma * epsilon
