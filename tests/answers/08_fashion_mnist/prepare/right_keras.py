def prepare_images(raw):
    images = ops.expand_dims(ops.cast(raw, "float32"), axis=-1)
    return ops.convert_to_numpy(images / 255.0)
