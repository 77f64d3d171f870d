# fails: test_images_are_decoded_from_z_mean
# says: latent codes: decode
def reconstruct(encoder, decoder, images):
    z_mean, _ = encoder.predict(images, verbose=0)
    return z_mean
