# fails: test_quantiles_of_the_prior
# says: its inverse
def latent_grid(n, low=0.05, high=0.95):
    z = stats.norm.cdf(np.linspace(low, high, n))
    x, y = np.meshgrid(z, z[::-1])
    return np.column_stack([x.ravel(), y.ravel()])
