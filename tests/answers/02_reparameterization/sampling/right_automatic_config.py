class Sampling(keras.layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.noise = keras.random.SeedGenerator(seed)

    def call(self, inputs):
        mean, log_var = inputs[0], inputs[1]
        return mean + std_from_log_var(log_var) * keras.random.normal(ops.shape(log_var), seed=self.noise)
