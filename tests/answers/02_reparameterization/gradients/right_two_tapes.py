def slope(of, mean, log_var, noise):
    with tf.GradientTape() as tape:
        tape.watch(of)
        z = reparameterize(mean, log_var, noise)
    return tape.gradient(z, of)


@tf.function
def reparameterization_gradients(mean, log_var, noise):
    return slope(mean, mean, log_var, noise), slope(log_var, mean, log_var, noise)
