def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        ax = plt.figure().add_subplot()
    hidden = labels == unknown
    ax.scatter(*codes[hidden].T, color="0.75", marker="+", label="unknown")
    for digit, color in enumerate(plots.DIGIT_COLORS):
        ax.scatter(*codes[labels == digit].T, color="none", edgecolor=color, label=str(digit))
    ax.set(aspect="equal", xlabel="$z_1$", ylabel="$z_2$")
    ax.legend()
    return ax
