# fails: test_ink_is_one_and_paper_is_zero
# says: divided by 256
def to_images(frame):
    images = frame[PIXELS].to_numpy(dtype=np.float32).reshape(-1, 28, 28, 1) / 256
    return images, frame["label"].to_numpy()
