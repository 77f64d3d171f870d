def plot_latent(codes, labels, unknown=11, ax=None):
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if ax is None:
        _, ax = plt.subplots()
    colors = {**dict(enumerate(plots.DIGIT_COLORS)), unknown: (0.75, 0.75, 0.75)}
    order = sorted(range(len(labels)), key=lambda i: labels[i] != unknown)
    ax.scatter(codes[order, 0], codes[order, 1], c=[colors[labels[i]] for i in order], s=5)
    handles = [Patch(color=colors[unknown], label=f"no label ({unknown})")]
    for digit in range(10):
        handles.append(Line2D([], [], marker="o", linestyle="", color=colors[digit], label=f"digit {digit}"))
    ax.legend(handles=handles)
    ax.set(xlabel="first of 2 dimensions", ylabel="second of 2 dimensions")
    ax.axis("scaled")
    return ax
