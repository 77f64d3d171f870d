# fails: test_one_call
# says: training=True
# loses: 0.5
def decode_manifold(decoder, n=15):
    images = np.array(decoder(latent_grid(n), training=True))
    return images.reshape(n, n, 28, 28).swapaxes(1, 2).reshape(28 * n, 28 * n)
