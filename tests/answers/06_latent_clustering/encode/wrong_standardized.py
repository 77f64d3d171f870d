# fails: test_all_images_in_order
# says: should be the `z_mean` of its image
def encode_means(encoder, images, batch_size=512):
    codes = encoder.predict(images, batch_size=batch_size, verbose=0)[0]
    return (codes - codes.mean(axis=0)) / codes.std(axis=0)
