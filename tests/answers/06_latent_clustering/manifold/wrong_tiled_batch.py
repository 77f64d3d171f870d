# fails: test_one_call
# says: more points
def decode_manifold(decoder, n=15):
    codes = np.repeat(latent_grid(n), 16, axis=0)
    images = decoder.predict(codes, batch_size=len(codes), verbose=0)[::16]
    return images.reshape(n, n, 28, 28).swapaxes(1, 2).reshape(28 * n, 28 * n)
