# fails: test_penalties_are_trained
# says: should report the reconstruction and the KL
@method_of(VariationalAutoencoder)
def image_losses(self, images, training=False):
    mean, log_var, z = self.encoder(images, training=training)
    reconstruction = ops.sum(ops.binary_crossentropy(images, self.decoder(z, training=training)), axis=-1)
    return reconstruction, 0.5 * ops.sum(ops.exp(log_var) + mean**2 - 1 - log_var, axis=-1)


@method_of(VariationalAutoencoder)
def train_step(self, images):
    with tf.GradientTape() as tape:
        reconstruction, kl = self.image_losses(images, training=True)
        loss = ops.mean(reconstruction + kl) + sum(self.losses)
    self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
    return self.report(kl, reconstruction)


@method_of(VariationalAutoencoder)
def test_step(self, images):
    return self.report(*self.image_losses(images)[::-1])
