# fails: test_one_call
# says: one code after the other
def decode_manifold(decoder, n=15):
    pictures = np.concatenate([np.asarray(decoder(code[None])) for code in latent_grid(n)])
    return pictures.reshape(n, n, 28, 28).swapaxes(1, 2).reshape(28 * n, 28 * n)
