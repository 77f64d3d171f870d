# fails: test_other_latent_dimensions
# says: seven
def same_style(encoder, decoder, image, label):
    z_mean, z_log_var = encoder.predict([image[None], one_hot([label])], verbose=0)
    z = np.repeat(z_mean, 10, axis=0)
    z[:, 3:] = 0
    return decoder.predict([z, one_hot(range(10))], verbose=0)
