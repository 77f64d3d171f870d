@method_of(VariationalAutoencoder)
def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
    z_mean, z_log_var, z = self.encoder(x, training=training)
    reconstruction = self.n_pixels * keras.losses.binary_crossentropy(x, self.decoder(z, training=training))
    kl = -0.5 * ops.sum(1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=1)
    self.report(reconstruction, kl)
    return ops.mean(reconstruction) + ops.mean(kl) + sum(self.losses)


# the steps that keras.Model has anyway call compute_loss
VariationalAutoencoder.train_step = keras.Model.train_step
VariationalAutoencoder.test_step = keras.Model.test_step
