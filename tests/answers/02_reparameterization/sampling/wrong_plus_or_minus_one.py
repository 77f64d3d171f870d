# fails: test_spread_is_the_standard_deviation
# says: variance 1 but isn't normal
class Sampling(keras.layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.noise = keras.random.SeedGenerator(seed)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        epsilon = ops.sign(keras.random.uniform(ops.shape(z_mean), -1, 1, seed=self.noise))
        return reparameterize(z_mean, z_log_var, epsilon)

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
