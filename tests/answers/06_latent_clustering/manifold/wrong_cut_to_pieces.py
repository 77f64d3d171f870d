# fails: test_each_image_in_its_cell
# says: cut to pieces
def decode_manifold(decoder, n=15):
    images = decoder.predict(latent_grid(n), batch_size=512, verbose=0)
    return images.reshape(28 * n, 28 * n)
