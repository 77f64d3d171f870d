# fails: test_is_a_callback
# says: keras.callbacks.Callback
class KLWarmup:
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target
        self.step = 0

    def on_train_batch_begin(self, batch, logs=None):
        self.layer.beta.assign(self.target * min(1.0, self.step / self.steps))
        self.step += 1
