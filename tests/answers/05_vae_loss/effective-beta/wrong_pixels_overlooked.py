# fails: test_each_mean_counts
# says: mean over the pixels is overlooked
def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    return weight / latent_dim if kl == "mean" else weight
