# fails: test_posterior_mean
# says: stacked
def encode_means(encoder, images, batch_size=512):
    return np.array(encoder.predict(images, batch_size=batch_size, verbose=0))
