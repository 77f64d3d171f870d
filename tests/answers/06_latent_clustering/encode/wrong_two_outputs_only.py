# fails: test_any_encoder
# says: too many values
def encode_means(encoder, images, batch_size=512):
    z_mean, z_log_var = encoder.predict(images, batch_size=batch_size, verbose=0)
    return z_mean
