# fails: test_one_large_image
# says: single images
def decode_manifold(decoder, n=15):
    images = decoder.predict(latent_grid(n), batch_size=512, verbose=0)
    return images
