# fails: test_the_means_of_neighbors
# says: last window is missing
def moving_average(values, k):
    return np.array([np.mean(values[i : i + k]) for i in range(len(values) - k)])
