# fails: test_deterministic
# says: training=True
def reconstruct(encoder, decoder, images):
    m, s = encoder(images, training=True)
    return decoder(m, training=True)
