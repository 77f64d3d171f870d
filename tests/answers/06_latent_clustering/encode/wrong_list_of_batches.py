# fails: test_posterior_mean
# says: codes of each batch
def encode_means(encoder, images, batch_size=512):
    starts = range(0, len(images), batch_size)
    return [encoder.predict_on_batch(images[i : i + batch_size])[0] for i in starts]
