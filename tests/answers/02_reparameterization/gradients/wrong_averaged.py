# fails: test_gradient_of_the_mean
# says: gradient is 1
def reparameterization_gradients(z_mean, z_log_var, epsilon):
    with tf.GradientTape() as tape:
        tape.watch([z_mean, z_log_var])
        z = tf.reduce_mean(reparameterize(z_mean, z_log_var, epsilon))
    return tape.gradient(z, [z_mean, z_log_var])
