# fails: test_same_seed_same_draws
# says: different numbers
@keras.saving.register_keras_serializable(package="vaelab")
class Sampling(keras.layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        if seed is not None:
            keras.utils.set_random_seed(seed)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        return reparameterize(z_mean, z_log_var, tf.random.normal(tf.shape(z_mean)))

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
