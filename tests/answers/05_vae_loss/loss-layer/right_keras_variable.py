class VAELossLayer(keras.layers.Layer):
    def __init__(self, beta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.start = beta
        self.beta = keras.Variable(beta, trainable=False, name="beta")
        self.trackers = [keras.metrics.Mean("reconstruction_loss"), keras.metrics.Mean("kl_loss")]

    def call(self, inputs):
        images, reconstructions, z_mean, z_log_var = inputs
        parts = reconstruction_loss(images, reconstructions), kl_divergence(z_mean, z_log_var)
        for tracker, part in zip(self.trackers, parts):
            tracker.update_state(part)
        self.add_loss(ops.mean(parts[0]) + self.beta * ops.mean(parts[1]))
        return reconstructions

    def get_config(self):
        config = super().get_config()
        config["beta"] = self.start
        return config
