# fails: test_a_test_step_learns_nothing
# says: never for training
@method_of(VariationalAutoencoder)
def image_losses(self, images, training=False):
    z_mean, z_log_var, z = self.encoder(images, training=training)
    reconstruction = ops.sum(ops.binary_crossentropy(images, self.decoder(z, training=training)), axis=-1)
    kl = 0.5 * ops.sum(ops.exp(z_log_var) + z_mean**2 - 1.0 - z_log_var, axis=-1)
    return reconstruction, kl


@method_of(VariationalAutoencoder)
def train_step(self, images):
    with tf.GradientTape() as tape:
        reconstruction, kl = self.image_losses(images, training=True)
        loss = ops.mean(reconstruction + kl) + sum(self.losses)
    gradients = tape.gradient(loss, self.trainable_variables)
    self.optimizer.apply(gradients, self.trainable_variables)
    return self.report(reconstruction, kl)


@method_of(VariationalAutoencoder)
def test_step(self, images):
    return self.train_step(images)
