# fails: test_batches
# says: more images than `batch_size`
def encode_means(encoder, images, batch_size=512):
    return encoder.predict(images, verbose=0)[0]
