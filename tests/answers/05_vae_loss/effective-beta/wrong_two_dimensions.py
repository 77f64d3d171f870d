# fails: test_each_mean_counts
# says: fixed at 2
def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    beta = weight * n_pixels if reconstruction == "mean" else weight
    return beta / 2 if kl == "mean" else beta
