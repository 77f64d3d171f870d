# fails: test_any_models_and_images
# says: raised
def reconstruct(encoder, decoder, images):
    z_mean = encoder.predict(images, verbose=0)[0][:, :2]
    return decoder(z_mean)
