# fails: test_legend_and_labels
# says: color of the unknown rows as 0
# loses: 0.5
def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    hidden = labels == unknown
    ax.scatter(*codes[hidden].T, s=5, color="0.75", zorder=1)
    for digit in range(10):
        ax.scatter(*codes[labels == digit].T, s=5, color=plots.DIGIT_COLORS[digit], zorder=2)
    ax.legend([str(digit) for digit in range(10)] + ["unknown"])
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    return ax
