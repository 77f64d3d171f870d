def moving_average(values, k):
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return (sums[k:] - sums[:-k]) / k
