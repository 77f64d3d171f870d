def plot_latent(codes, labels, unknown=11, ax=None):
    ax = plt.figure(figsize=(6, 6)).gca() if ax is None else ax
    hidden = labels == unknown
    if hidden.any():
        ax.scatter(codes[hidden, 0], codes[hidden, 1], marker="x", c="lightgray", s=6, label="no label", zorder=0)
    for digit in np.unique(labels[~hidden]):
        of_digit, edges = codes[labels == digit], [plots.DIGIT_COLORS[digit]]
        ax.scatter(of_digit[:, 0], of_digit[:, 1], facecolors="none", edgecolors=edges, s=10, label=f"digit {digit}")
    ax.legend(loc="best", ncols=2)
    ax.set_xlabel("z[0]")
    ax.set_ylabel("z[1]")
    ax.axis("equal")
    return ax
