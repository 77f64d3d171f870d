# fails: test_one_large_image
# says: channel axis is left
# loses: 0.5
def decode_manifold(decoder, n=15):
    images = decoder.predict(latent_grid(n), batch_size=512, verbose=0)
    return images.reshape(n, n, 28, 28).swapaxes(1, 2).reshape(28 * n, 28 * n, 1)
