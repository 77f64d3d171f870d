def reconstruct(encoder, decoder, images):
    both = keras.Model(encoder.inputs, decoder(encoder.outputs[0]))
    return both.predict(images, verbose=0)
