# fails: test_every_row_is_a_point
# says: axes of the first
# loses: 0.5
def plot_latent(codes, labels, unknown=11, ax=None):
    ax = ax or plt.gca()
    hidden = labels == unknown
    ax.scatter(*codes[hidden].T, s=5, color="0.75", zorder=1, label="unknown")
    for digit in range(10):
        ax.scatter(*codes[labels == digit].T, s=5, color=plots.DIGIT_COLORS[digit], zorder=2, label=digit)
    ax.legend()
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    return ax
