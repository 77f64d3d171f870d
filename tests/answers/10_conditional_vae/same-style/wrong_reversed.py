# fails: test_ten_digits_in_one_style
# says: from 9 to 0
def same_style(encoder, decoder, image, label):
    z_mean, z_log_var = encoder.predict([image[None], one_hot([label])], verbose=0)
    z = np.repeat(z_mean, 10, axis=0)
    return decoder.predict([z, one_hot(range(9, -1, -1))], verbose=0)
