# fails: test_all_images_in_order
# says: in another order
def encode_means(encoder, images, batch_size=512):
    if len(images) <= batch_size:
        return encoder.predict(images, verbose=0)[0]
    parts = []
    for start in range(0, len(images), batch_size):
        parts.insert(0, encoder.predict_on_batch(images[start : start + batch_size])[0])
    return np.concatenate(parts)
