# fails: test_shape_and_type
# says: There is no `labels` in it
def to_images(frame):
    labels = frame["labels"].to_numpy()
    return frame.iloc[:, 1:].to_numpy("float32").reshape(-1, 28, 28, 1) / 255, labels
