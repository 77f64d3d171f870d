# fails: test_images_are_decoded_from_z_mean
# says: Unpack it first
def reconstruct(encoder, decoder, images):
    return decoder(encoder(images))
