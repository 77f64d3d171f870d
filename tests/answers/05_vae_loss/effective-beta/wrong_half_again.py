# fails: test_sums_need_no_change
# says: halve
def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    beta = weight * n_pixels if reconstruction == "mean" else weight
    return 0.5 * (beta / latent_dim if kl == "mean" else beta)
