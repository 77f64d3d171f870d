class Draw(layers.Layer):
    def __init__(self):
        super().__init__()
        self.generator = keras.random.SeedGenerator()

    def call(self, mean, log_var):
        return reparameterize(mean, log_var, keras.random.normal(ops.shape(mean), seed=self.generator))


@method_of(VariationalAutoencoder)
def build_encoder(self):
    images = keras.Input(shape=(self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation=keras.activations.relu)(images)
    z_mean, z_log_var = (layers.Dense(self.latent_dim, name=name)(hidden) for name in ("z_mean", "z_log_var"))
    return keras.Model(images, [z_mean, z_log_var, Draw()(z_mean, z_log_var)])
