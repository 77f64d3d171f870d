# fails: test_legend_and_labels
# says: nobody knows what 11 means
# loses: 0.5
def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        _, ax = plt.subplots()
    colors = {unknown: "0.75", **dict(enumerate(plots.DIGIT_COLORS))}
    for label, color in colors.items():
        ax.scatter(*codes[labels == label].T, s=5, color=color, label=f"digit {label}")
    ax.legend()
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    return ax
