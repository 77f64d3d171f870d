# fails: test_labels_stay_with_their_images
# says: keep them as integers
def to_images(frame):
    values = frame.to_numpy(dtype=np.float32)
    images = (values[:, 1:] / 255).reshape(-1, 28, 28, 1)
    return images, values[:, 0]
