# fails: test_each_fit_begins_anew
# says: on_train_begin
class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target

    def on_train_batch_begin(self, batch, logs=None):
        step = int(self.model.optimizer.iterations)
        self.layer.beta.assign(self.target if step >= self.steps else self.target * step / self.steps)
