# fails: test_gradient_of_the_log_variance
# says: epsilon is missing
def reparameterization_gradients(z_mean, z_log_var, epsilon):
    return tf.ones_like(z_mean), 0.5 * tf.exp(0.5 * z_log_var)
