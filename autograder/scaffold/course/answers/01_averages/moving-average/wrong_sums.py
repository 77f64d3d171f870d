# fails: test_the_means_of_neighbors
# says: divide by k
def moving_average(values, k):
    return np.convolve(values, np.ones(k), mode="valid")
