class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target

    def _set(self):
        step = int(self.model.optimizer.iterations.numpy()) - self.first
        self.layer.beta.assign(self.target if step >= self.steps else self.target * step / self.steps)

    def on_train_begin(self, logs=None):
        self.first = int(self.model.optimizer.iterations.numpy())
        self._set()

    def on_train_batch_end(self, batch, logs=None):
        self._set()
