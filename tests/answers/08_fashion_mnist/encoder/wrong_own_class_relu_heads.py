# fails: test_activations
# says: it has a ReLU
class Encoder(keras.Model):
    def __init__(self, hidden_state_size):
        super().__init__()
        options = {"kernel_size": 3, "padding": "same", "activation": "relu"}
        self.body = keras.Sequential(
            [
                layers.Conv2D(32, **options),
                layers.Conv2D(64, strides=2, **options),
                layers.Conv2D(128, **options),
                layers.Conv2D(128, **options),
                layers.Flatten(),
                layers.Dense(128, activation="relu"),
            ]
        )
        self.z_mean = layers.Dense(hidden_state_size, name="z_mean", activation="relu")
        self.z_log_variance = layers.Dense(hidden_state_size, name="z_log_variance", activation="relu")

    def call(self, images):
        x = self.body(images)
        return self.z_mean(x), self.z_log_variance(x)


def build_encoder(hidden_state_size=8):
    return Encoder(hidden_state_size)
