# fails: test_trains_what_it_is_given
# says: no longer accepts `add_loss`
def build_vae(encoder, decoder, beta=1.0):
    images = keras.Input(encoder.input_shape[1:])
    z_mean, z_log_var = encoder(images)
    reconstructions = decoder(Sampling()([z_mean, z_log_var]))
    vae = keras.Model(images, reconstructions)
    loss = reconstruction_loss(images, reconstructions) + beta * kl_divergence(z_mean, z_log_var)
    vae.add_loss(ops.mean(loss))
    vae.compile("adam")
    return vae
