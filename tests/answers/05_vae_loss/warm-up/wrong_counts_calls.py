# fails: test_counts_steps_and_not_calls
# says: counts calls
# loses: 1
class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target

    def on_train_begin(self, logs=None):
        self.step = 0

    def on_train_batch_begin(self, batch, logs=None):
        self.layer.beta.assign(self.target if self.step >= self.steps else self.target * self.step / self.steps)
        self.step += 1
