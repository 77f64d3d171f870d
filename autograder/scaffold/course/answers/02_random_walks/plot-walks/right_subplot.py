def plot_walks(walks):
    ax = plt.figure().add_subplot()
    ax.plot(walks.T, alpha=0.5)
    ax.set_xlabel("t")
    ax.set_ylabel("x(t)")
    return ax
