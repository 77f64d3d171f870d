# fails: test_images_are_decoded_from_z_mean
# says: rounded
def reconstruct(encoder, decoder, images):
    return np.round(decoder(encoder(images)[0]))
