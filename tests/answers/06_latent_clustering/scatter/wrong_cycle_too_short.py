# fails: test_a_color_for_each_digit
# says: same color
def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    colors = PALETTES["Tol's, and black"]
    hidden = labels == unknown
    ax.scatter(*codes[hidden].T, s=6, color="0.75", label="unknown", zorder=1)
    for digit in range(10):
        rows = labels == digit
        ax.scatter(*codes[rows].T, s=6, color=f"C{digit}", label=str(digit), zorder=2)
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    ax.legend()
    return ax
