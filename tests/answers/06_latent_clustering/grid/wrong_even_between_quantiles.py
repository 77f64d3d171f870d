# fails: test_quantiles_of_the_prior
# says: evenly spaced in z
# loses: 1.5
def latent_grid(n, low=0.05, high=0.95):
    z = np.linspace(stats.norm.ppf(low), stats.norm.ppf(high), n)
    x, y = np.meshgrid(z, z[::-1])
    return np.column_stack([x.ravel(), y.ravel()])
