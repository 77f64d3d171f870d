# fails: test_one_large_picture
# says: channel is left
# loses: 0.5
def decode_manifold(decoder, n=15):
    pictures = decoder.predict(latent_grid(n), batch_size=512, verbose=0)
    return pictures.reshape(n, n, 28, 28).swapaxes(1, 2).reshape(28 * n, 28 * n, 1)
