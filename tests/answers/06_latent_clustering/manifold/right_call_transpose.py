def decode_manifold(decoder, n=15):
    images = decoder(ops.convert_to_tensor(latent_grid(n), dtype="float32"))
    images = ops.reshape(images, (n, n, 28, 28))
    return ops.convert_to_numpy(ops.reshape(ops.transpose(images, (0, 2, 1, 3)), (28 * n, 28 * n)))
