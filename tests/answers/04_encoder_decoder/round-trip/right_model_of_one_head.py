def reconstruct(encoder, decoder, images):
    mean_only = keras.Model(encoder.inputs, encoder.get_layer("z_mean").output)
    return decoder.predict(mean_only.predict(images.copy(), verbose=0), verbose=0)
