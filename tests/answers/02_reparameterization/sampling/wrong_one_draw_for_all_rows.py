# fails: test_spread_is_the_standard_deviation
# says: no noise arrives, or the same
@keras.saving.register_keras_serializable(package="vaelab")
class Sampling(keras.layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        return z_mean + std_from_log_var(z_log_var) * keras.random.normal(ops.shape(z_log_var)[1:], seed=self.seed_generator)

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
