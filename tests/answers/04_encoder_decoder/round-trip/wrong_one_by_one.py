# fails: test_one_pass_of_each_model
# says: by itself
def reconstruct(encoder, decoder, images):
    pictures = [decoder(encoder(image[None])[0])[0] for image in images]
    return np.stack(pictures)
