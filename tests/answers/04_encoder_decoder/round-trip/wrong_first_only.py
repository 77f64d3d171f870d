# fails: test_pictures_go_through_z_mean
# says: Only the first
def reconstruct(encoder, decoder, images):
    pictures = decoder.predict(encoder.predict(images, verbose=0)[0], verbose=0)
    return pictures[0]
