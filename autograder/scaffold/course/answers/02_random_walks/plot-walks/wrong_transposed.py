# fails: test_a_line_for_each_walk
# says: transposed
def plot_walks(walks):
    figure, axes = plt.subplots()
    axes.plot(walks)
    axes.set(xlabel="step", ylabel="position")
    return axes
