# fails: test_third_output_is_a_draw
# says: variance 1 but isn't normal
class Draw(layers.Layer):
    def call(self, mean, log_var):
        return mean + ops.exp(0.5 * log_var) * keras.random.uniform(ops.shape(mean), -(3**0.5), 3**0.5)


@method_of(VariationalAutoencoder)
def build_encoder(self):
    images = keras.Input((self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(images)
    z_mean = layers.Dense(self.latent_dim)(hidden)
    z_log_var = layers.Dense(self.latent_dim)(hidden)
    return keras.Model(images, [z_mean, z_log_var, Draw()(z_mean, z_log_var)])
