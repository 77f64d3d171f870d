# fails: test_any_encoder_and_decoder
# says: take the shapes from what you are given
def build_vae(encoder, decoder, beta=1.0):
    images = keras.Input((*encoder.input_shape[1:3], 1))
    z_mean, z_log_var = encoder(images)
    reconstructions = decoder(Sampling()([z_mean, z_log_var]))
    outputs = VAELossLayer(beta, name="vae_loss")([images, reconstructions, z_mean, z_log_var])
    vae = keras.Model(images, outputs)
    vae.compile("adam")
    return vae
