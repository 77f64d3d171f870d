def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    return weight * (n_pixels if reconstruction == "mean" else 1) / (latent_dim if kl == "mean" else 1)
