def weighted_mean(values, weights):
    return np.average(values, weights=weights)
