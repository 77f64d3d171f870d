def anomaly_scores(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    n = len(images)
    flat, back = images.reshape(n, -1), decoder.predict(z_mean, verbose=0).reshape(n, -1)
    cross_entropy = keras.losses.binary_crossentropy(flat, back) * flat.shape[1]
    kl = 0.5 * ops.sum(ops.square(z_mean) + ops.exp(z_log_var) - z_log_var - 1, axis=1)
    return ops.convert_to_numpy(cross_entropy + kl)
