def reparameterization_gradients(z_mean, z_log_var, epsilon):
    mean, log_var = tf.Variable(z_mean), tf.Variable(z_log_var)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(reparameterize(mean, log_var, epsilon))
    return tape.gradient(total, [mean, log_var])
