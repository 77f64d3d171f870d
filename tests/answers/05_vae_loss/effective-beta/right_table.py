def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    before = {"sum": 1.0, "mean": 1.0 / n_pixels}[reconstruction]
    behind = {"sum": 1.0, "mean": 1.0 / latent_dim}[kl]
    return weight * behind / before
