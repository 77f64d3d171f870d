# fails: test_pictures_go_through_z_mean
# says: raised
def reconstruct(encoder, decoder, images):
    return decoder(encoder(images))
