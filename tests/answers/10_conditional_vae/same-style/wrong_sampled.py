# fails: test_own_digit_is_the_reconstruction
# says: Two calls
def same_style(encoder, decoder, image, label):
    z_mean, z_log_var = encoder.predict([image[None], one_hot([label])], verbose=0)
    z_mean = z_mean + np.exp(z_log_var / 2) * np.random.standard_normal(z_mean.shape)
    z = np.repeat(z_mean, 10, axis=0)
    return decoder.predict([z, one_hot(range(10))], verbose=0)
