def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        ax = plt.subplots()[1]
    hidden = labels == unknown
    ax.scatter(*codes[hidden].T, c="0.75")
    ax.scatter(*codes[~hidden].T, c=[plots.DIGIT_COLORS[digit] for digit in labels[~hidden]])
    for digit in range(10):
        ax.plot([], [], "o", color=plots.DIGIT_COLORS[digit], label=f"digit {digit} ({(labels == digit).sum()})")
    ax.plot([], [], "o", color="0.75", label="no label")
    ax.legend()
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    return ax
