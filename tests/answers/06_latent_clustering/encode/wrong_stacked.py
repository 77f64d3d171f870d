# fails: test_middle_of_the_cloud
# says: stacked
def encode_means(encoder, images, batch_size=512):
    return np.array(encoder.predict(images, batch_size=batch_size, verbose=0))
