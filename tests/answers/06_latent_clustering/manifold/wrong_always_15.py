# fails: test_each_image_in_its_cell
# says: n = 4
def decode_manifold(decoder, n=15):
    images = decoder.predict(latent_grid(15), verbose=0)
    return images.reshape(15, 15, 28, 28).swapaxes(1, 2).reshape(420, 420)
