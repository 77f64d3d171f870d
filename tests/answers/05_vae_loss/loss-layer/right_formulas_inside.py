class VAELossLayer(keras.layers.Layer):
    def __init__(self, beta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.start_beta = beta
        self.rec_mean = keras.metrics.Mean(name="reconstruction_loss")
        self.kl_mean = keras.metrics.Mean(name="kl_loss")

    def build(self, input_shape):
        self.beta = self.add_weight(shape=(), initializer="ones", trainable=False)
        self.beta.assign(self.start_beta)

    def call(self, inputs):
        images, reconstructions, z_mean, z_log_var = inputs
        x, r = ops.cast(images, "float32"), ops.clip(reconstructions, 1e-7, 1 - 1e-7)
        rec = -ops.sum(x * ops.log(r) + (1 - x) * ops.log(1 - r), axis=(1, 2, 3))
        kl = -0.5 * ops.sum(1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=-1)
        self.rec_mean.update_state(rec)
        self.kl_mean.update_state(kl)
        self.add_loss(ops.mean(rec) + self.beta * ops.mean(kl))
        return reconstructions

    def get_config(self):
        return {**super().get_config(), "beta": self.start_beta}
