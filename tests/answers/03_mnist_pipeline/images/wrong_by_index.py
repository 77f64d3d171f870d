# fails: test_rows_of_any_index
# says: divided by 255
def to_images(frame):
    images = np.stack([frame[PIXELS].loc[i].to_numpy(np.float32) for i in sorted(frame.index)]).reshape(-1, 28, 28, 1) / 255
    return images, frame["label"].to_numpy()
