# fails: test_posterior_mean
# says: this is a sample
def encode_means(encoder, images, batch_size=512):
    outputs = encoder.predict(images, batch_size=batch_size, verbose=0)
    return np.asarray(Sampling()([outputs[0], outputs[1]]))
