# fails: test_each_picture_in_its_place
# says: n = 4
def decode_manifold(decoder, n=15):
    pictures = decoder.predict(latent_grid(15), verbose=0)
    return pictures.reshape(15, 15, 28, 28).swapaxes(1, 2).reshape(420, 420)
