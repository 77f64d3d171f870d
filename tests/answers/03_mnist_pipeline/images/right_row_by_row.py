def to_images(frame):
    images = np.zeros((len(frame), 28, 28, 1), np.float32)
    for i, row in enumerate(frame[PIXELS].to_numpy()):
        images[i, :, :, 0] = row.reshape(28, 28) / 255
    return images, np.array(frame["label"], dtype=int)
