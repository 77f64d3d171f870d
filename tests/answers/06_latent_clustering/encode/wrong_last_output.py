# fails: test_any_encoder
# says: z_mean is the first, not the last
def encode_means(encoder, images, batch_size=512):
    outputs = encoder.predict(images, batch_size=batch_size, verbose=0)
    return outputs[2] if len(outputs) == 3 else outputs[0]
