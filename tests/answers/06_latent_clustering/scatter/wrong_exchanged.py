# fails: test_every_row_is_a_point
# says: exchanged
# loses: 1.5
def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    colors = PALETTES["Tol's, and black"]
    hidden = labels == unknown
    ax.scatter(*codes[hidden].T[::-1], s=6, color="0.75", label="unknown", zorder=1)
    for digit in range(10):
        rows = labels == digit
        ax.scatter(*codes[rows].T[::-1], s=6, color=colors[digit], label=str(digit), zorder=2)
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    ax.legend()
    return ax
