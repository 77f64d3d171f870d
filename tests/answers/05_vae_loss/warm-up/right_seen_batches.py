class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target

    def on_train_begin(self, logs=None):
        self.seen = 0

    def on_epoch_begin(self, epoch, logs=None):
        self.before = self.seen

    def on_train_batch_begin(self, batch, logs=None):
        done = 1.0 if self.steps == 0 else min(1.0, (self.before + batch) / self.steps)
        self.layer.beta.assign(done * self.target)

    def on_train_batch_end(self, batch, logs=None):
        self.seen = self.before + batch + 1
