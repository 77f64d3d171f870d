class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target
        self.step = 0

    def on_train_begin(self, logs=None):
        self.step = 0
        self.layer.beta.assign(0.0)

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        self.layer.beta.assign(self.target if self.step >= self.steps else self.target * self.step / self.steps)
