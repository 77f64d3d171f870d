def encode_means(encoder, images, batch_size=512):
    means = keras.Model(encoder.inputs, encoder.outputs[0])
    return means.predict(images, batch_size=batch_size, verbose=0)
