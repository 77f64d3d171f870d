# fails: test_carries_the_loss
# says: return its output
def build_vae(encoder, decoder, beta=1.0):
    x = keras.Input(encoder.input_shape[1:])
    z_mean, z_log_var = encoder(x)
    sampling = Sampling()
    loss_y = decoder(sampling([z_mean, z_log_var]))
    VAELossLayer(beta, name="vae_loss")([x, loss_y, z_mean, z_log_var])
    vae = keras.Model(x, decoder(sampling([z_mean, z_log_var])))
    vae.compile(keras.optimizers.Adam(1e-3))
    return vae
