class KLWarmup(keras.callbacks.Callback):
    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        self.layer, self.steps, self.target = layer, steps, target

    def on_train_begin(self, logs=None):
        self.first = ops.convert_to_numpy(self.model.optimizer.iterations)

    def on_train_batch_begin(self, batch, logs=None):
        step = ops.convert_to_numpy(self.model.optimizer.iterations) - self.first
        beta = np.interp(step, [0, self.steps], [0.0, self.target]) if self.steps > 0 else self.target
        self.layer.beta.assign(beta)
