# fails: test_all_images_in_order
# says: is lost
def encode_means(encoder, images, batch_size=512):
    if len(images) < batch_size:
        return encoder.predict(images, verbose=0)[0]
    parts = []
    for i in range(len(images) // batch_size):
        parts.append(encoder.predict_on_batch(images[i * batch_size : (i + 1) * batch_size])[0])
    return np.concatenate(parts)
