# fails: test_posterior_mean
# says: This is z_log_var
# loses: 1
def encode_means(encoder, images, batch_size=512):
    return encoder.predict(images, batch_size=batch_size, verbose=0)[1]
