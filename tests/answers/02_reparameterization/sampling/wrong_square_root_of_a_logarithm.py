# fails: test_fresh_noise_each_call
# says: not finite
class Sampling(keras.layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.noise = keras.random.SeedGenerator(seed)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        epsilon = keras.random.normal(ops.shape(z_mean), seed=self.noise)
        return z_mean + ops.sqrt(z_log_var - 1e-9) * epsilon

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
