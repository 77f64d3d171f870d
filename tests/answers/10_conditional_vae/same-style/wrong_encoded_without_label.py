# fails: test_ten_digits_in_one_style
# says: row of zeros
def same_style(encoder, decoder, image, label):
    z_mean, z_log_var = encoder.predict([image[None], np.zeros((1, 10), "float32")], verbose=0)
    z = np.repeat(z_mean, 10, axis=0)
    return decoder.predict([z, one_hot(range(10))], verbose=0)
