def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    beta = weight
    if reconstruction == "mean":
        beta = beta * n_pixels
    if kl == "mean":
        beta = beta / latent_dim
    return beta
