# fails: test_sums_need_no_change
# says: no influence
def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    beta = 1.0
    if reconstruction == "mean":
        beta *= n_pixels
    if kl == "mean":
        beta /= latent_dim
    return beta
