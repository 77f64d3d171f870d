def latent_grid(n, low=0.05, high=0.95):
    z = [float(stats.norm.ppf(low + (high - low) * i / (n - 1))) for i in range(n)]
    return np.array([[x, y] for y in reversed(z) for x in z])
