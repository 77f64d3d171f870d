# fails: test_posterior_mean
# says: returned all outputs
def encode_means(encoder, images, batch_size=512):
    return encoder.predict(images, batch_size=batch_size, verbose=0)
