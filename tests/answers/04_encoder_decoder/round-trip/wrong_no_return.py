# fails: test_images_are_decoded_from_z_mean
# says: return
def reconstruct(encoder, decoder, images):
    z_mean, _ = encoder.predict(images, verbose=0)
    decoder.predict(z_mean, verbose=0)
