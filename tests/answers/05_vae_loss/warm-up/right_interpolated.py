class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target
        self.step = 0

    def on_train_batch_begin(self, batch, logs=None):
        self.layer.beta.assign(np.interp(self.step, [0, self.steps], [0.0, self.target]))
        self.step += 1
