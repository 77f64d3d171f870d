# fails: test_middle_of_the_cloud
# says: This is z_log_var
# loses: 2
def encode_means(encoder, images, batch_size=512):
    return encoder.predict(images, batch_size=batch_size, verbose=0)[1]
