# fails: test_draws_between_encoder_and_decoder
# says: returns the images
def build_vae(encoder, decoder, beta=1.0):
    images = keras.Input(encoder.input_shape[1:])
    z_mean, z_log_var = encoder(images)
    reconstructions = decoder(Sampling()([z_mean, z_log_var]))
    outputs = VAELossLayer(beta, name="vae_loss")([reconstructions, images, z_mean, z_log_var])
    vae = keras.Model(images, outputs)
    vae.compile(keras.optimizers.Adam(1e-3))
    return vae
