# fails: test_ends_at_its_target
# says: cuts the rise off
class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target

    def on_train_begin(self, logs=None):
        self.zero = int(self.model.optimizer.iterations)

    def on_train_batch_begin(self, batch, logs=None):
        n = int(self.model.optimizer.iterations) - self.zero
        self.layer.beta.assign(min(self.target, n / self.steps) if self.steps else self.target)
