# fails: test_training_mode
# says: promises `training=False`
@method_of(VariationalAutoencoder)
def image_losses(self, images, training=True):
    z_mean, z_log_var, z = self.encoder(images, training=training)
    decoded = self.decoder(z, training=training)
    reconstruction = ops.sum(ops.binary_crossentropy(images, decoded), axis=-1)
    kl = ops.exp(z_log_var) + ops.square(z_mean) - 1.0 - z_log_var
    return reconstruction, 0.5 * ops.sum(kl, axis=-1)
@method_of(VariationalAutoencoder)
def train_step(self, images):
    with tf.GradientTape() as tape:
        reconstruction, kl = self.image_losses(images)
        loss = ops.mean(reconstruction + kl) + sum(self.losses)
    variables = self.trainable_variables
    self.optimizer.apply(tape.gradient(loss, variables), variables)
    return self.report(reconstruction, kl)
@method_of(VariationalAutoencoder)
def test_step(self, images):
    reconstruction, kl = self.image_losses(images, training=False)
    return self.report(reconstruction, kl)
