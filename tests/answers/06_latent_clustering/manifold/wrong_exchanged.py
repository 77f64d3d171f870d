# fails: test_each_image_in_its_cell
# says: Rows and columns
def decode_manifold(decoder, n=15):
    images = decoder.predict(latent_grid(n), batch_size=512, verbose=0)
    return images.reshape(n, n, 28, 28).transpose(1, 2, 0, 3).reshape(28 * n, 28 * n)
