# fails: test_one_call
# says: one row after the other
def decode_manifold(decoder, n=15):
    lines = [decoder.predict_on_batch(line) for line in latent_grid(n).reshape(n, n, 2)]
    return np.vstack([np.hstack(line[..., 0]) for line in lines])
