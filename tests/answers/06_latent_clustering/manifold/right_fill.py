def decode_manifold(decoder, n=15):
    pictures = decoder.predict(np.asarray(latent_grid(n)), batch_size=n * n, verbose=0)
    mosaic = np.zeros((28 * n, 28 * n), dtype="float32")
    for index, picture in enumerate(pictures):
        i, j = divmod(index, n)
        mosaic[28 * i : 28 * (i + 1), 28 * j : 28 * (j + 1)] = picture[:, :, 0]
    return mosaic
