def image_losses(self, images, training=False):
    z_mean, z_log_var, z = self.encoder(images, training=training)
    decoded = tf.clip_by_value(self.decoder(z, training=training), 1e-7, 1.0 - 1e-7)
    cross_entropy = images * tf.math.log(decoded) + (1.0 - images) * tf.math.log(1.0 - decoded)
    kl = tf.reduce_sum(tf.exp(z_log_var) + tf.square(z_mean) - 1.0 - z_log_var, axis=1) / 2
    return -tf.reduce_sum(cross_entropy, axis=1), kl


def train_step(self, data):
    images = data[0] if isinstance(data, tuple) else data
    with tf.GradientTape() as tape:
        reconstruction, kl = self.image_losses(images, True)
        loss = tf.reduce_mean(reconstruction) + tf.reduce_mean(kl)
        if self.losses:
            loss += tf.add_n(self.losses)
    variables = self.encoder.trainable_variables + self.decoder.trainable_variables
    self.optimizer.apply(tape.gradient(loss, variables), variables)
    return self.report(reconstruction, kl)


def test_step(self, data):
    images = data[0] if isinstance(data, tuple) else data
    reconstruction, kl = self.image_losses(images)
    self.loss_tracker.update_state(reconstruction + kl)
    self.reconstruction_tracker.update_state(reconstruction)
    self.kl_tracker.update_state(kl)
    return {metric.name: metric.result() for metric in self.metrics}


for function in (image_losses, train_step, test_step):
    method_of(VariationalAutoencoder)(function)
