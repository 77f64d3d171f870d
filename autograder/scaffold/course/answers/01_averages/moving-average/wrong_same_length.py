# fails: test_the_means_of_neighbors
# says: n − k + 1 full windows
def moving_average(values, k):
    return np.convolve(values, np.ones(k) / k, mode="same")
