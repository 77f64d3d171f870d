@method_of(VariationalAutoencoder)
def compile(self, optimizer="adam", *args, **kwargs):
    if not self.trainable_weights:
        self.encoder = self.build_encoder()
        self.decoder = self.build_decoder()
    keras.Model.compile(self, optimizer, *args, **kwargs)


@method_of(VariationalAutoencoder)
def train(self, x_train, x_test, epochs=5, batch_size=128):
    learned = tf.data.Dataset.from_tensor_slices(x_train).shuffle(len(x_train)).batch(batch_size)
    held_out = tf.data.Dataset.from_tensor_slices(x_test).batch(batch_size)
    return self.fit(learned, epochs=epochs, validation_data=held_out, verbose=0)
