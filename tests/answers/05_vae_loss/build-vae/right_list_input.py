def build_vae(encoder, decoder, beta=1.0):
    outputs = encoder(encoder.input)
    r = decoder(Sampling(seed=3)(outputs))
    r = VAELossLayer(name="vae_loss", beta=beta)([encoder.input, r, *outputs])
    vae = keras.Model(inputs=encoder.input, outputs=r)
    vae.compile("adam")
    return vae
