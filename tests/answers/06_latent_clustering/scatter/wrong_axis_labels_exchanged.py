# fails: test_legend_and_labels
# says: labels of the axes are exchanged
# loses: 0.5
def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    hidden = labels == unknown
    ax.scatter(*codes[hidden].T, s=5, color="0.75", zorder=1, label="unknown")
    for digit in range(10):
        ax.scatter(*codes[labels == digit].T, s=5, color=plots.DIGIT_COLORS[digit], zorder=2, label=digit)
    ax.legend()
    ax.set(xlabel="$z_2$", ylabel="$z_1$", aspect="equal")
    return ax
