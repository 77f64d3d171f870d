# fails: test_rises_in_a_straight_line
# says: promises `target=1.0`
# loses: 0.5
class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=4.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target

    def on_train_begin(self, logs=None):
        self.zero = int(self.model.optimizer.iterations)

    def on_train_batch_begin(self, batch, logs=None):
        n = int(self.model.optimizer.iterations) - self.zero
        self.layer.beta.assign(self.target * min(1.0, n / self.steps) if self.steps else self.target)
