# fails: test_pictures_go_through_z_mean
# says: rounded
def reconstruct(encoder, decoder, images):
    return np.round(decoder(encoder(images)[0]))
