# fails: test_each_mean_counts
# says: only where it is a mean
def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    return weight * n_pixels / latent_dim
