# fails: test_three_losses_by_name
# says: by name
@method_of(VariationalAutoencoder)
def image_losses(self, images, training=False):
    z_mean, z_log_var, z = self.encoder(images, training=training)
    kl = 0.5 * ops.sum(ops.exp(z_log_var) + z_mean**2 - 1.0 - z_log_var, axis=-1)
    return ops.sum(ops.binary_crossentropy(images, self.decoder(z, training=training)), axis=-1) + kl


@method_of(VariationalAutoencoder)
def train_step(self, images):
    with tf.GradientTape() as tape:
        loss = ops.mean(self.image_losses(images, training=True)) + sum(self.losses)
    self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
    return {"loss": loss}


@method_of(VariationalAutoencoder)
def test_step(self, images):
    return {"loss": ops.mean(self.image_losses(images))}
