def plot_walks(walks):
    plt.figure()
    for walk in walks:
        plt.plot(walk)
    plt.xlabel("step")
    plt.ylabel("position")
    return plt.gca()
