class Vae(keras.Model):
    def __init__(self, encoder, decoder, beta):
        super().__init__(name="vae")
        self.encoder, self.decoder = encoder, decoder
        self.sampling = Sampling()
        self.vae_loss = VAELossLayer(beta, name="vae_loss")

    def call(self, images):
        z_mean, z_log_var = self.encoder(images)
        return self.vae_loss([images, self.decoder(self.sampling([z_mean, z_log_var])), z_mean, z_log_var])


def build_vae(encoder, decoder, beta=1.0):
    vae = Vae(encoder, decoder, beta)
    vae.compile(optimizer=keras.optimizers.Adam(1e-3), jit_compile=False)
    return vae
