# fails: test_middle_of_the_cloud
# says: all together
def encode_means(encoder, images, batch_size=512):
    return encoder.predict(images, batch_size=batch_size, verbose=0)
