# fails: test_labels_stay_with_their_images
# says: select the column itself
def to_images(frame):
    images = frame[PIXELS].to_numpy(dtype=np.float32).reshape(-1, 28, 28, 1) / 255
    return images, frame[["label"]]
