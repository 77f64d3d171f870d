# fails: test_any_schedule
# says: counted from 0 over all epochs
class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target

    def on_train_begin(self, logs=None):
        self.seen = 0

    def on_train_batch_begin(self, batch, logs=None):
        share = min(1, self.seen / self.steps) if self.steps else 1
        self.layer.beta.assign(self.target * share)
        self.seen += self.model.steps_per_execution
