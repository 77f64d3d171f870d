# fails: test_trains_with_fit
# says: Adam
# loses: 0.5
def build_vae(encoder, decoder, beta=1.0):
    images = keras.Input(encoder.input_shape[1:])
    z_mean, z_log_var = encoder(images)
    reconstructions = decoder(Sampling()([z_mean, z_log_var]))
    outputs = VAELossLayer(beta, name="vae_loss")([images, reconstructions, z_mean, z_log_var])
    vae = keras.Model(images, outputs)
    vae.compile("sgd")
    return vae
