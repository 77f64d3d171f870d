def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        _, ax = plt.subplots(layout="constrained")
    for label in sorted(set(labels.tolist())):
        rows = labels == label
        is_unknown = label == unknown
        ax.scatter(
            codes[rows, 0],
            codes[rows, 1],
            color="silver" if is_unknown else PALETTES["viridis"][label],
            zorder=1.5 if is_unknown else 2.5,
            label="unknown" if is_unknown else str(label),
            marker="." if is_unknown else f"${label}$",
        )
    ax.legend()
    ax.set_xlabel("z1"), ax.set_ylabel("z2")
    ax.set_aspect("equal", adjustable="datalim")
    return ax
