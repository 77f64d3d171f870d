# fails: test_one_pass_of_each_model
# says: once
def reconstruct(encoder, decoder, images):
    z_mean = encoder(images)[0]
    z_log_var = encoder(images)[1]
    return decoder(z_mean)
