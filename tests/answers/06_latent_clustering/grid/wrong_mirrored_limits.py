# fails: test_any_grid
# says: lower limit
def latent_grid(n, low=0.05, high=0.95):
    z = stats.norm.ppf(np.linspace(1 - high, high, n))
    x, y = np.meshgrid(z, z[::-1])
    return np.column_stack([x.ravel(), y.ravel()])
