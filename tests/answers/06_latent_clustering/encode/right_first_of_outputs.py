def encode_means(encoder, images, batch_size=512):
    z_mean, *_ = encoder.predict(images, batch_size=batch_size, verbose=0)
    return z_mean
