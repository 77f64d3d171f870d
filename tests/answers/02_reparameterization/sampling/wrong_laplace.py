# fails: test_spread_is_the_standard_deviation
# says: variance 1 but isn't normal
class Sampling(keras.layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.noise = keras.random.SeedGenerator(seed)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        u = keras.random.uniform(ops.shape(z_mean), -0.499999, 0.5, seed=self.noise)
        epsilon = -ops.sign(u) * ops.log(1 - 2 * ops.abs(u)) / 2**0.5
        return reparameterize(z_mean, z_log_var, epsilon)

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
