def reparameterization_gradients(z_mean, z_log_var, epsilon):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(z_mean)
        tape.watch(z_log_var)
        z = z_mean + tf.exp(0.5 * z_log_var) * epsilon
    return tape.gradient(z, z_mean), tape.gradient(z, z_log_var)
