def decode_manifold(decoder, n=15):
    images = decoder.predict(np.asarray(latent_grid(n)), batch_size=n * n, verbose=0)
    large = np.zeros((28 * n, 28 * n), dtype="float32")
    for index, image in enumerate(images):
        i, j = divmod(index, n)
        large[28 * i : 28 * (i + 1), 28 * j : 28 * (j + 1)] = image[:, :, 0]
    return large
