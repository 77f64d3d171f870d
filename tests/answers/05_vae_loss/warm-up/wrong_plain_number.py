# fails: test_rises_in_a_straight_line
# says: layer.beta.assign
class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target

    def on_train_begin(self, logs=None):
        self.first = int(self.model.optimizer.iterations)

    def on_train_batch_begin(self, batch, logs=None):
        step = int(self.model.optimizer.iterations) - self.first
        self.layer.beta = self.target if step >= self.steps else self.target * step / self.steps
