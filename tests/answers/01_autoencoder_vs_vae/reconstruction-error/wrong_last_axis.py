# fails: test_one_number_for_each_image
# says: last axis
def reconstruction_error(images, reconstructions):
    return keras.losses.mean_squared_error(images, reconstructions)
