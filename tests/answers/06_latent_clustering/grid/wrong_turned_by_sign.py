# fails: test_any_grid
# says: reversed by its sign
def latent_grid(n, low=0.05, high=0.95):
    z = stats.norm.ppf(np.linspace(low, high, n))
    x, y = np.meshgrid(z, z[::-1])
    return np.column_stack([x.ravel(), -y[::-1].ravel()])
