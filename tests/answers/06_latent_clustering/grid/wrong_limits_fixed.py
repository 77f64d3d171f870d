# fails: test_any_grid
# says: always 0.05 and 0.95
def latent_grid(n, low=0.05, high=0.95):
    z = stats.norm.ppf(np.linspace(0.05, 0.95, n))
    x, y = np.meshgrid(z, z[::-1])
    return np.column_stack([x.ravel(), y.ravel()])
