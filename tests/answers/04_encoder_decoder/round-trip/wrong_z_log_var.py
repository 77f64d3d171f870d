# fails: test_images_are_decoded_from_z_mean
# says: decodes `z_log_var`
def reconstruct(encoder, decoder, images):
    _, z_log_var = encoder.predict(images, verbose=0)
    return decoder.predict(z_log_var, verbose=0)
