# fails: test_two_gradients
# says: Watch
# loses: 3
def reparameterization_gradients(z_mean, z_log_var, epsilon):
    with tf.GradientTape() as tape:
        tape.watch(z_mean)
        z = reparameterize(z_mean, z_log_var, epsilon)
    return tape.gradient(z, [z_mean, tf.Variable(z_log_var)])
