# fails: test_works_inside_a_model
# says: forgotten its seed
class Sampling(keras.layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        return reparameterize(z_mean, z_log_var, keras.random.normal(ops.shape(z_mean), seed=self.seed_generator))

    def get_config(self):
        return super().get_config()
