# fails: test_spread_is_the_standard_deviation
# says: no noise
class Sampling(keras.layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.noise = keras.random.SeedGenerator(seed)

    def call(self, inputs):
        return inputs[0]

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
