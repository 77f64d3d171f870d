# fails: test_save_and_load_keep_beta
# says: kwargs
@keras.saving.register_keras_serializable(package="vaelab")
class VAELossLayer(keras.layers.Layer):
    def __init__(self, beta=1.0, **kwargs):
        super().__init__()
        self.start = float(beta)
        self.beta = self.add_weight(shape=(), initializer=keras.initializers.Constant(beta), trainable=False)
        self.rec = keras.metrics.Mean(name="reconstruction_loss")
        self.kl = keras.metrics.Mean(name="kl_loss")

    def call(self, inputs):
        x, r, m, s = inputs
        rec, kl = reconstruction_loss(x, r), kl_divergence(m, s)
        self.add_loss(ops.mean(rec + self.beta * kl))
        self.rec.update_state(rec)
        self.kl.update_state(kl)
        return r

    def get_config(self):
        return {**super().get_config(), "beta": self.start}
