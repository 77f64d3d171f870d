def plot_latent(codes, labels, unknown=11, ax=None):
    if ax is None:
        ax = plt.figure().add_subplot()
    colors = np.array([plt.matplotlib.colors.to_rgba(c) for c in plots.DIGIT_COLORS] + [(0.8, 0.8, 0.8, 1)])
    index = np.where(labels == unknown, 10, labels)
    order = np.argsort(index != 10, kind="stable")  # unknown rows first
    ax.scatter(codes[order, 0], codes[order, 1], s=8, c=colors[index[order]])
    handles = [Line2D([], [], marker="o", linestyle="", color=colors[i], label=str(i)) for i in range(10)]
    handles.append(Line2D([], [], marker="o", linestyle="", color=colors[10], label="no label"))
    ax.legend(handles=handles)
    ax.set_xlabel("first latent dimension")
    ax.set_ylabel("second latent dimension")
    ax.set_aspect("equal")
    return ax
