def reparameterization_gradients(z_mean, z_log_var, epsilon):
    with tf.GradientTape() as tape:
        tape.watch([z_mean, z_log_var])
        z = reparameterize(z_mean, z_log_var, epsilon)
    return tf.stack(tape.gradient(z, [z_mean, z_log_var]))
