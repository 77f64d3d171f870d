# fails: test_images_are_decoded_from_z_mean
# says: first reconstruction only
def reconstruct(encoder, decoder, images):
    reconstructions = decoder.predict(encoder.predict(images, verbose=0)[0], verbose=0)
    return reconstructions[0]
