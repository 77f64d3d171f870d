def latent_grid(n, low=0.05, high=0.95):
    z = stats.norm.isf(1 - np.linspace(low, high, n))
    return ops.convert_to_tensor([(z[j], z[-1 - i]) for i in range(n) for j in range(n)])
