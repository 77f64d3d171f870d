def reconstruct(encoder, decoder, images):
    to_mean = keras.Model(encoder.input, encoder.get_layer("z_mean").output)
    return np.asarray(decoder(to_mean(images, training=False), training=False))
