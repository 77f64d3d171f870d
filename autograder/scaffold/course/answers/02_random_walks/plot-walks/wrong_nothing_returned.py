# fails: test_a_line_for_each_walk
# says: should return the axes
def plot_walks(walks):
    plt.plot(walks.T)
    plt.xlabel("step")
    plt.ylabel("position")
