# fails: test_gradient_of_the_log_variance
# says: variance
def reparameterization_gradients(z_mean, z_log_var, epsilon):
    with tf.GradientTape() as tape:
        tape.watch([z_mean, z_log_var])
        z = z_mean + tf.exp(z_log_var) * epsilon
    return tape.gradient(z, [z_mean, z_log_var])
