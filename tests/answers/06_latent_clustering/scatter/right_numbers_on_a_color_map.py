def plot_latent(codes, labels, unknown=11, ax=None):
    from matplotlib.colors import ListedColormap

    if ax is None:
        ax = plt.subplots()[1]
    colors = {"cmap": ListedColormap(plots.DIGIT_COLORS), "vmin": -0.5, "vmax": 9.5}
    ax.scatter(*codes[labels == unknown].T, c="0.75", label=f"{unknown} = unknown")
    for digit in range(10):
        rows = labels == digit
        ax.scatter(*codes[rows].T, c=np.full(rows.sum(), digit), label=digit, **colors)
    ax.legend(markerscale=2)
    ax.set(xlabel="latent dimension 1 of 2", ylabel="latent dimension 2 of 2", aspect="equal")
    return ax
