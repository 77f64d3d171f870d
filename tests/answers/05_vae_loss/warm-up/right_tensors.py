class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target

    def on_train_begin(self, logs=None):
        self.first = ops.copy(self.model.optimizer.iterations.value)

    def on_train_batch_begin(self, batch, logs=None):
        step = ops.cast(self.model.optimizer.iterations - self.first, "float32")
        done = ops.where(step >= self.steps, 1.0, step / max(self.steps, 1))
        self.layer.beta.assign(self.target * done)
