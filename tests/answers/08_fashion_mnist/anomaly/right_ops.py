def anomaly_scores(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, batch_size=256, verbose=0)
    back = decoder.predict(z_mean, batch_size=256, verbose=0)
    cross_entropy = ops.sum(ops.binary_crossentropy(images, ops.convert_to_tensor(back)), axis=(1, 2, 3))
    return list(np.asarray(cross_entropy) + np.asarray(kl_divergence(z_mean, z_log_var)))
