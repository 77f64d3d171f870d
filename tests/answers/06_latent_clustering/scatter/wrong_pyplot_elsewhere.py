# fails: test_on_given_axes
# says: all rows should be drawn on it
def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    plt.scatter(*codes[labels == unknown].T, color="0.75", label="unknown", zorder=1)
    for digit in range(10):
        plt.scatter(*codes[labels == digit].T, color=plots.DIGIT_COLORS[digit], label=str(digit), zorder=2)
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    ax.legend()
    return ax
