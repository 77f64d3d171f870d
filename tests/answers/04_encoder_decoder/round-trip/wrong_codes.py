# fails: test_pictures_go_through_z_mean
# says: still has to make pictures
def reconstruct(encoder, decoder, images):
    z_mean, _ = encoder.predict(images, verbose=0)
    return z_mean
