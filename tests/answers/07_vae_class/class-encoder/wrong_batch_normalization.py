# fails: test_encoder_parameters
# says: In training
@method_of(VariationalAutoencoder)
def build_encoder(self):
    x = keras.Input((self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(x)
    hidden = layers.BatchNormalization(center=False, scale=False)(hidden)
    mean, log_var = (layers.Dense(self.latent_dim)(hidden) for _ in range(2))
    return keras.Model(x, [mean, log_var, Sampling()([mean, log_var])])
