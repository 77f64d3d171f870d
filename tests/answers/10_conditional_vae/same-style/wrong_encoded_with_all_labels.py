# fails: test_ten_digits_in_one_style
# says: all ten labels
def same_style(encoder, decoder, image, label):
    z_mean, z_log_var = encoder.predict([np.repeat(image[None], 10, axis=0), one_hot(range(10))], verbose=0)
    z = z_mean
    return decoder.predict([z, one_hot(range(10))], verbose=0)
