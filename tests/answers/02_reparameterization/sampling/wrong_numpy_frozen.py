# fails: test_works_inside_a_model
# says: frozen
class Sampling(keras.layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.noise = np.random.default_rng(seed if seed is not None else 5)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        epsilon = self.noise.standard_normal((1, z_mean.shape[-1])).astype("float32")
        return reparameterize(z_mean, z_log_var, epsilon)

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
