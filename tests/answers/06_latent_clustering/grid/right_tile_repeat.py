def latent_grid(n, low=0.05, high=0.95):
    z = stats.norm.ppf(np.linspace(low, high, n)).astype("float32")
    return np.c_[np.tile(z, n), np.repeat(z[::-1], n)]
