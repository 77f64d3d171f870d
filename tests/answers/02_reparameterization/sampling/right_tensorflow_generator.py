class Sampling(keras.layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        if seed is None:
            self.generator = tf.random.Generator.from_non_deterministic_state()
        else:
            self.generator = tf.random.Generator.from_seed(seed)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        return z_mean + tf.exp(z_log_var / 2) * self.generator.normal(tf.shape(z_mean))

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
