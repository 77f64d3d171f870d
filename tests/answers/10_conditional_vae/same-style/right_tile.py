def same_style(encoder, decoder, image, label):
    z_mean, z_log_var = encoder.predict([image[None], one_hot([label])], verbose=0)
    z = np.tile(z_mean, (10, 1))
    return decoder.predict([z, np.eye(10, dtype="float32")], verbose=0)
