# fails: test_trains_what_it_is_given
# says: images to reconstructions
def build_vae(encoder, decoder, beta=1.0):
    images = keras.Input(encoder.input_shape[1:])
    z_mean, z_log_var = encoder(images)
    z = Sampling()([z_mean, z_log_var])
    reconstructions = VAELossLayer(beta, name="vae_loss")([images, decoder(z), z_mean, z_log_var])
    vae = keras.Model(images, [reconstructions, z])
    vae.compile("adam")
    return vae
