# fails: test_works_inside_a_model
# says: accept `**kwargs` in `__init__`
# loses: 1
class Sampling(keras.layers.Layer):
    def __init__(self, seed=None):
        super().__init__()
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        return z_mean + ops.exp(0.5 * z_log_var) * keras.random.normal(ops.shape(z_mean), seed=self.generator)

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
