# fails: test_posterior_mean
# says: `predict_generator` no longer exists
def encode_means(encoder, images, batch_size=512):
    batches = (images[i : i + batch_size] for i in range(0, len(images), batch_size))
    return encoder.predict_generator(batches)[0]
