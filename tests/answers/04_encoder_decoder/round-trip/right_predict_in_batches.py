def reconstruct(encoder, decoder, images):
    z_mean, z_log_var = encoder.predict(images, batch_size=512, verbose=0)
    return decoder.predict(z_mean, batch_size=512, verbose=0)
