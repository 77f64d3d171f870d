# fails: test_works_inside_a_model
# says: super().get_config()
@keras.saving.register_keras_serializable(package="vaelab")
class Sampling(keras.layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(self.seed)

    def call(self, inputs):
        mean, log_var = inputs
        return reparameterize(mean, log_var, keras.random.normal(ops.shape(mean), seed=self.seed_generator))

    def get_config(self):
        return {"seed": self.seed}
