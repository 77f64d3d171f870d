# fails: test_works_inside_a_model
# says: whatever `training` is
@keras.saving.register_keras_serializable(package="vaelab")
class Sampling(keras.layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(self.seed)

    def call(self, inputs, training=True):
        mean, log_var = inputs
        if not training:
            return mean
        return reparameterize(mean, log_var, keras.random.normal(ops.shape(mean), seed=self.seed_generator))

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
