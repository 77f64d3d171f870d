# fails: test_legend_and_labels
# says: digits are none
def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    hidden = labels == unknown
    ax.scatter(*codes[hidden].T, s=6, color="0.75")
    points = ax.scatter(*codes[~hidden].T, s=6, c=labels[~hidden], vmin=0, vmax=9, cmap="viridis")
    ax.figure.colorbar(points, ax=ax)
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    return ax
