# fails: test_the_axes_have_labels
# says: Label both axes
# loses: 1
def plot_walks(walks):
    figure, axes = plt.subplots()
    axes.plot(walks.T)
    return axes
