# fails: test_published_loss
# says: latent dimensions is overlooked
def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    return weight * n_pixels if reconstruction == "mean" else weight
