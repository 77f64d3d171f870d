# fails: test_draws_between_encoder_and_decoder
# says: weights of the decoder
def build_vae(encoder, decoder, beta=1.0):
    encoder, decoder = keras.models.clone_model(encoder), keras.models.clone_model(decoder)
    x = keras.Input(encoder.input_shape[1:])
    z_mean, z_log_var = encoder(x)
    y = VAELossLayer(beta, name="vae_loss")([x, decoder(Sampling()([z_mean, z_log_var])), z_mean, z_log_var])
    vae = keras.Model(x, y)
    vae.compile(keras.optimizers.Adam(1e-3))
    return vae
