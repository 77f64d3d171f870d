# fails: test_deterministic
# says: not a sample of z
def reconstruct(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    epsilon = np.random.standard_normal(z_mean.shape)
    return decoder.predict(z_mean + np.exp(0.5 * z_log_var) * epsilon, verbose=0)
