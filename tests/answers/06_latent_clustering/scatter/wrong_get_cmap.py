# fails: test_every_row_is_a_point
# says: `plt.cm.get_cmap` no longer exists
def plot_latent(codes, labels, unknown=11, ax=None):
    ax = ax or plt.subplots()[1]
    colors = plt.cm.get_cmap("viridis", 10)
    for digit in range(10):
        ax.scatter(*codes[labels == digit].T, color=colors(digit), label=str(digit))
    ax.scatter(*codes[labels == unknown].T, color="0.75", label="unknown", zorder=0)
    ax.set(xlabel="z_1", ylabel="z_2", aspect="equal")
    ax.legend()
    return ax
