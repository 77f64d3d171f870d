def reconstruct(encoder, decoder, images):
    return decoder(encoder(images)[0])
