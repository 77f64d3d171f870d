# fails: test_each_fit_begins_anew
# says: sets back the optimizer
class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target

    def on_train_begin(self, logs=None):
        self.model.optimizer.iterations.assign(0)

    def on_train_batch_begin(self, batch, logs=None):
        step = int(self.model.optimizer.iterations)
        self.layer.beta.assign(self.target * min(1.0, step / self.steps) if self.steps else self.target)
