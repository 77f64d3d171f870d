class VAELossLayer(keras.layers.Layer):
    def __init__(self, beta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.beta = keras.Variable(beta, trainable=False, name="beta")
        self.trackers = [keras.metrics.Mean("reconstruction_loss"), keras.metrics.Mean("kl_loss")]

    def call(self, inputs):
        images, reconstructions, z_mean, z_log_var = inputs
        parts = reconstruction_loss(images, reconstructions), kl_divergence(z_mean, z_log_var)
        means = [ops.mean(part) for part in parts]
        for tracker, mean in zip(self.trackers, means):
            tracker.update_state(mean)
        self.add_loss(means[0] + self.beta * means[1])
        return reconstructions

    def get_config(self):
        config = super().get_config()
        config["beta"] = float(self.beta.numpy())
        return config
