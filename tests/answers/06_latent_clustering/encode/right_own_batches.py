def encode_means(encoder, images, batch_size=512):
    parts = []
    for start in range(0, len(images), batch_size):
        outputs = encoder(images[start : start + batch_size], training=False)
        parts.append(ops.convert_to_numpy(outputs[0]))
    return np.concatenate(parts)
