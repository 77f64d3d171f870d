# fails: test_one_large_picture
# says: single pictures
def decode_manifold(decoder, n=15):
    pictures = decoder.predict(latent_grid(n), batch_size=512, verbose=0)
    return pictures
