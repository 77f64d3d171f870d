# fails: test_ink_is_one_and_paper_is_zero
# says: swapped
def to_images(frame):
    images = 1 - frame[PIXELS].to_numpy(dtype=np.float32).reshape(-1, 28, 28, 1) / 255
    return images, frame["label"].to_numpy()
