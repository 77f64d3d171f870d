# fails: test_any_schedule
# says: over all epochs
class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target
        self.step = 0

    def on_train_batch_begin(self, batch, logs=None):
        if batch == 0 and self.step > 8:
            self.step = 0
        self.layer.beta.assign(self.target * min(1.0, self.step / self.steps))
        self.step += 1
