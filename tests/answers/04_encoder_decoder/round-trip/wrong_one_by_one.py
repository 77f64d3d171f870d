# fails: test_one_pass_of_each_model
# says: for each image separately
def reconstruct(encoder, decoder, images):
    reconstructions = [decoder(encoder(image[None])[0])[0] for image in images]
    return np.stack(reconstructions)
