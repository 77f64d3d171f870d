# fails: test_images_are_not_changed
# says: work on a copy
def reconstruct(encoder, decoder, images):
    reconstructions = decoder.predict(encoder.predict(images, verbose=0)[0], verbose=0)
    images[:] = reconstructions
    return images
