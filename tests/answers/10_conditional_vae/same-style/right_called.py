def same_style(encoder, decoder, image, label):
    z_mean = encoder([image[np.newaxis], one_hot([label])])[0]
    return np.asarray(decoder([ops.repeat(z_mean, 10, axis=0), ops.convert_to_tensor(one_hot(np.arange(10)))]))
