# fails: test_same_colors_in_every_figure
# says: by the digit, not by its rank
def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    colors = PALETTES["Tol's, and black"]
    hidden = labels == unknown
    ax.scatter(*codes[hidden].T, s=6, color="0.75", label="unknown", zorder=1)
    for rank, digit in enumerate(np.unique(labels[~hidden])):
        rows = labels == digit
        ax.scatter(*codes[rows].T, s=6, color=colors[rank], label=str(digit), zorder=2)
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    ax.legend()
    return ax
