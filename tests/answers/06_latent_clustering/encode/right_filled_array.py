def encode_means(encoder, images, batch_size=512):
    codes = np.empty((len(images), encoder.outputs[0].shape[-1]), dtype="float32")
    for batch in np.array_split(np.arange(len(images)), math.ceil(len(images) / batch_size)):
        codes[batch] = encoder.predict_on_batch(images[batch])[0]
    return codes
