# fails: test_gradients_of_other_values
# says: inside the `with`
def reparameterization_gradients(z_mean, z_log_var, epsilon):
    with tf.GradientTape() as tape:
        tape.watch([z_mean, z_log_var])
    z = reparameterize(z_mean, z_log_var, epsilon)
    return tape.gradient(z, [z_mean, z_log_var])
