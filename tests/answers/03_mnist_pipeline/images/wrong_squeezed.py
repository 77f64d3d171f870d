# fails: test_rows_of_any_index
# says: Each row should become one image
def to_images(frame):
    images = np.squeeze(frame[PIXELS].to_numpy(dtype=np.float32).reshape(-1, 28, 28, 1) / 255)[..., None]
    return images, frame["label"].to_numpy()
