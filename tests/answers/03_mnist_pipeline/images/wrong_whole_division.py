# fails: test_ink_is_one_and_paper_is_zero
# says: rounded to whole numbers
def to_images(frame):
    images = (frame[PIXELS].to_numpy() // 255).astype(np.float32).reshape(-1, 28, 28, 1)
    return images, frame["label"].to_numpy()
