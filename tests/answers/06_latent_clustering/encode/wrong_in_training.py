# fails: test_posterior_mean
# says: training=True
# loses: 0.5
def encode_means(encoder, images, batch_size=512):
    parts = [encoder(images[i : i + batch_size], training=True)[0] for i in range(0, len(images), batch_size)]
    return np.concatenate([np.array(part) for part in parts])
