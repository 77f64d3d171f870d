# fails: test_images_are_decoded_from_z_mean
# says: 255
def reconstruct(encoder, decoder, images):
    return decoder(encoder(images / 255.0)[0])
