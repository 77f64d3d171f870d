def decode_manifold(decoder, n=15):
    pictures = decoder(ops.convert_to_tensor(latent_grid(n), dtype="float32"))
    pictures = ops.reshape(pictures, (n, n, 28, 28))
    return ops.convert_to_numpy(ops.reshape(ops.transpose(pictures, (0, 2, 1, 3)), (28 * n, 28 * n)))
