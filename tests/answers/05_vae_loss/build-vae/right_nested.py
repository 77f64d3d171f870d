def build_vae(encoder, decoder, beta=1.0):
    images = keras.Input(encoder.input_shape[1:])
    z_mean, z_log_var = encoder(images)
    z = Sampling()([z_mean, z_log_var])
    outputs = VAELossLayer(beta=beta, name="vae_loss")([images, decoder(z), z_mean, z_log_var])
    model = keras.Model(images, outputs)
    model.compile(optimizer="adam")
    return model
