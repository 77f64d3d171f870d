def latent_grid(n, low=0.05, high=0.95):
    z = stats.norm(0, 1).ppf(np.linspace(low, high, n))
    return np.stack(np.meshgrid(z, np.flip(z)), axis=-1).reshape(-1, 2)
