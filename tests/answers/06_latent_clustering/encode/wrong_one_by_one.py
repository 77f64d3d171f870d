# fails: test_batches
# says: one by one
def encode_means(encoder, images, batch_size=512):
    return np.concatenate([np.asarray(encoder(image[None])[0]) for image in images])
