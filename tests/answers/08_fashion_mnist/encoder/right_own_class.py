class Encoder(keras.Model):
    def __init__(self, hidden_state_size):
        super().__init__()
        options = {"kernel_size": 3, "padding": "same", "activation": "relu"}
        self.first = layers.Conv2D(32, **options)
        self.second = layers.Conv2D(64, strides=2, **options)
        self.third = layers.Conv2D(128, **options)
        self.fourth = layers.Conv2D(128, **options)
        self.flatten = layers.Flatten()
        self.dense = layers.Dense(128, activation="relu")
        self.z_log_variance = layers.Dense(hidden_state_size, name="z_log_variance")
        self.z_mean = layers.Dense(hidden_state_size, name="z_mean")

    def call(self, x):
        for layer in (self.first, self.second, self.third, self.fourth, self.flatten, self.dense):
            x = layer(x)
        return [self.z_mean(x), self.z_log_variance(x)]


def build_encoder(hidden_state_size=8):
    return Encoder(hidden_state_size)
