# fails: test_trains_what_it_is_given
# says: an axis too many
def build_vae(encoder, decoder, beta=1.0):
    images = keras.Input(encoder.input_shape)
    z_mean, z_log_var = encoder(images)
    reconstructions = decoder(Sampling()([z_mean, z_log_var]))
    outputs = VAELossLayer(beta, name="vae_loss")([images, reconstructions, z_mean, z_log_var])
    vae = keras.Model(images, outputs)
    vae.compile(keras.optimizers.Adam(1e-3))
    return vae
