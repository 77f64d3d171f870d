# fails: test_pictures_stay_as_they_were
# says: work on a copy
def reconstruct(encoder, decoder, images):
    pictures = decoder.predict(encoder.predict(images, verbose=0)[0], verbose=0)
    images[:] = pictures
    return images
