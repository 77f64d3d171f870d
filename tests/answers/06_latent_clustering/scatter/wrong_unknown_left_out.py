# fails: test_every_row_is_a_point
# says: unknown rows are missing
# loses: 2
def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    colors = PALETTES["Tol's, and black"]
    hidden = labels == unknown
    for digit in range(10):
        rows = labels == digit
        ax.scatter(*codes[rows].T, s=6, color=colors[digit], label=str(digit), zorder=2)
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    ax.legend()
    return ax
