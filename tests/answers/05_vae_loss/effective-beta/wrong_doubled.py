# fails: test_published_loss
# says: double
def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    beta = weight * n_pixels if reconstruction == "mean" else weight
    return 2 * (beta / latent_dim if kl == "mean" else beta)
