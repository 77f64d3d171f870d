# fails: test_beta_multiplies_the_kl
# says: mean over the batch of reconstruction + beta·KL
class VAELossLayer(keras.layers.Layer):
    def __init__(self, beta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.initial_beta = float(beta)
        self.beta = self.add_weight(shape=(), initializer=keras.initializers.Constant(beta), trainable=False)
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction_loss")
        self.kl_tracker = keras.metrics.Mean(name="kl_loss")

    def call(self, inputs):
        images, reconstructions, z_mean, z_log_var = inputs
        reconstruction = reconstruction_loss(images, reconstructions)
        kl = kl_divergence(z_mean, z_log_var)
        self.add_loss(ops.mean(reconstruction + self.beta * ops.maximum(kl, 0.5)))
        self.reconstruction_tracker.update_state(reconstruction)
        self.kl_tracker.update_state(kl)
        return reconstructions

    def get_config(self):
        return {**super().get_config(), "beta": self.initial_beta}
