def build_vae(encoder, decoder, beta=1.0):
    z_mean, z_log_var = encoder.outputs
    reconstructions = decoder(Sampling()([z_mean, z_log_var]))
    reconstructions = VAELossLayer(beta, name="vae_loss")([encoder.inputs[0], reconstructions, z_mean, z_log_var])
    vae = keras.Model(encoder.inputs[0], reconstructions, name="vae")
    vae.compile(keras.optimizers.Adam(1e-3), loss=None)
    return vae
