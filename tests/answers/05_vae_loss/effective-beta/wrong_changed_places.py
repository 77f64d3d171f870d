# fails: test_each_mean_counts
# says: changed places
def effective_beta(n_pixels, latent_dim, kl, reconstruction, weight):
    beta = weight
    if reconstruction == "mean":
        beta *= n_pixels
    if kl == "mean":
        beta /= latent_dim
    return beta
