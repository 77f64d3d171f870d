def same_style(encoder, decoder, image, label):
    z_mean, z_log_var = encoder.predict([image[None], one_hot([label])], verbose=0)
    return np.concatenate([decoder.predict([z_mean, one_hot([k])], verbose=0) for k in range(10)])
