def reconstruct(encoder, decoder, images):
    codes = encoder.predict_on_batch(images)
    return decoder.predict_on_batch(codes[0])
