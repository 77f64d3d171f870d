# fails: test_each_picture_in_its_place
# says: Each picture is mirrored
def decode_manifold(decoder, n=15):
    pictures = decoder.predict(latent_grid(n), batch_size=512, verbose=0)
    return pictures.reshape(n, n, 28, 28).transpose(0, 3, 1, 2).reshape(28 * n, 28 * n)
