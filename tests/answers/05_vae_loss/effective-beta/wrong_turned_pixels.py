# fails: test_each_mean_counts
# says: wrong way round
def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    beta = weight / n_pixels if reconstruction == "mean" else weight
    return beta / latent_dim if kl == "mean" else beta
