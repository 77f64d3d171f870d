# fails: test_rises_in_a_straight_line
# says: every step
class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target
        self.step = 0

    def on_epoch_begin(self, epoch, logs=None):
        self.layer.beta.assign(self.target * min(1.0, epoch / self.steps))
