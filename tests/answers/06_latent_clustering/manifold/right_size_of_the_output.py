def decode_manifold(decoder, n=15):
    h, w = decoder.output.shape[1:3]
    images = decoder.predict(latent_grid(n), batch_size=n * n, verbose=0).reshape(n, n, h, w)
    return images.transpose(0, 2, 1, 3).reshape(n * h, n * w)
