@keras.saving.register_keras_serializable(package="vaelab")
class VAELossLayer(keras.layers.Layer):
    def __init__(self, beta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.initial = beta
        self.beta = self.add_weight(shape=(), initializer=keras.initializers.Constant(beta), trainable=False)
        self.r = keras.metrics.Mean(name="reconstruction_loss")
        self.k = keras.metrics.Mean(name="kl_loss")

    def call(self, inputs):
        images, reconstructions, z_mean, z_log_var = inputs
        n = ops.shape(images)[0]
        r = ops.mean(reconstruction_loss(images, reconstructions))
        k = ops.mean(kl_divergence(z_mean, z_log_var))
        self.r.update_state(r, sample_weight=n)
        self.k.update_state(k, sample_weight=n)
        self.add_loss(r)
        self.add_loss(self.beta * k)
        return reconstructions

    def get_config(self):
        config = super().get_config()
        config.update(dict(beta=self.initial))
        return config
