def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        fig, ax = plt.subplots()
    hidden = labels == unknown
    points = ax.scatter(*codes[~hidden].T, c=labels[~hidden], cmap="viridis", vmin=0, vmax=9, s=5)
    ax.scatter(*codes[hidden].T, c="lightgray", s=5, zorder=0)
    entries = [ax.scatter([], [], color=points.cmap(points.norm(d)), label=f"digit {d}") for d in range(10)]
    entries.append(ax.scatter([], [], color="lightgray", label="? (11)"))
    ax.legend(handles=entries, ncol=2)
    ax.set(xlabel="$z_1$", ylabel="$z_2$")
    ax.axis("equal")
    return ax
