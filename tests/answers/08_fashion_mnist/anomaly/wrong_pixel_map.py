# fails: test_a_score_for_each_picture
# says: one score for each picture
def anomaly_scores(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    back = decoder.predict(z_mean, verbose=0)
    return keras.losses.binary_crossentropy(images, back)
