# fails: test_ink_is_one_and_paper_is_zero
# says: mean 0 and standard deviation 1
def to_images(frame):
    pixels = frame[PIXELS].to_numpy(dtype=np.float32)
    images = (pixels.reshape(-1, 28, 28, 1) - pixels.mean()) / pixels.std()
    return images, frame["label"].to_numpy()
