# fails: test_one_call
# says: one point after the other
def decode_manifold(decoder, n=15):
    images = np.concatenate([np.asarray(decoder(code[None])) for code in latent_grid(n)])
    return images.reshape(n, n, 28, 28).swapaxes(1, 2).reshape(28 * n, 28 * n)
