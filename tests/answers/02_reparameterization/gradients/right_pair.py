def reparameterization_gradients(z_mean, z_log_var, epsilon):
    with tf.GradientTape() as tape:
        tape.watch([z_mean, z_log_var])
        z = reparameterize(z_mean, z_log_var, epsilon)
    dz_dmean, dz_dlog_var = tape.gradient(z, [z_mean, z_log_var])
    return dz_dmean, dz_dlog_var
