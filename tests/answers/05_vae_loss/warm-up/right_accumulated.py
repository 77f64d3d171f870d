class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target

    def on_train_begin(self, logs=None):
        self.beta = 0.0

    def on_train_batch_begin(self, batch, logs=None):
        self.layer.beta.assign(self.beta)
        self.beta = min(self.target, self.beta + self.target / self.steps)
