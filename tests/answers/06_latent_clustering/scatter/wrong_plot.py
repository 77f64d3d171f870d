# fails: test_every_row_is_a_point
# says: ax.plot
def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    colors = PALETTES["Tol's, and black"]
    hidden = labels == unknown
    ax.plot(*codes[hidden].T, "o", color="0.75", label="unknown", zorder=1)
    for digit in range(10):
        rows = labels == digit
        ax.plot(*codes[rows].T, "o", color=colors[digit], label=str(digit), zorder=2)
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    ax.legend()
    return ax
