def plot_latent(codes, labels, unknown=11, ax=None):
    ax = ax or plt.subplots()[1]
    okabe_ito = ["#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#661100", "#332288"]
    ax.scatter(codes[:, 0], codes[:, 1], c="black", alpha=0.2, s=4, label="unlabeled")
    for digit, color in enumerate(okabe_ito):
        rows = (labels == digit) & (labels != unknown)
        ax.scatter(codes[rows, 0], codes[rows, 1], color=color, s=4, label=digit)
    ax.legend(title="digit")
    ax.set(xlabel="z_mean[0]", ylabel="z_mean[1]", aspect=1)
    return ax
