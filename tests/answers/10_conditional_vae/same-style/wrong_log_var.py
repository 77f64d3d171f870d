# fails: test_ten_digits_in_one_style
# says: z_log_var
def same_style(encoder, decoder, image, label):
    z_mean, z_log_var = encoder.predict([image[None], one_hot([label])], verbose=0)
    z = np.repeat(z_log_var, 10, axis=0)
    return decoder.predict([z, one_hot(range(10))], verbose=0)
