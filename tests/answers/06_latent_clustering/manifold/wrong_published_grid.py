# fails: test_each_image_in_its_cell
# says: latent_grid(n)
def decode_manifold(decoder, n=15):
    x, y = np.meshgrid(np.linspace(-4, 4, n), np.linspace(4, -4, n))
    images = decoder.predict(np.column_stack([x.ravel(), y.ravel()]), batch_size=512, verbose=0)
    return images.reshape(n, n, 28, 28).swapaxes(1, 2).reshape(28 * n, 28 * n)
