def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        plt.figure()
        ax = plt.gca()
    plt.sca(ax)
    plt.scatter(*codes[labels == unknown].T, color="0.75", label="unknown", zorder=1)
    for digit in range(10):
        if np.any(labels == digit):
            plt.scatter(*codes[labels == digit].T, color=plots.DIGIT_COLORS[digit], label=str(digit), zorder=2)
    plt.xlabel("z1"); plt.ylabel("z2"); plt.axis("equal"); plt.legend()
    return ax
