# fails: test_any_models_and_pictures
# says: number of pictures
def reconstruct(encoder, decoder, images):
    return decoder(encoder(images[:32])[0])
