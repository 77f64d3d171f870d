# fails: test_any_models_and_images
# says: number of images
def reconstruct(encoder, decoder, images):
    return decoder(encoder(images[:32])[0])
