def moving_average(values, k):
    return np.array([np.mean(values[i : i + k]) for i in range(len(values) - k + 1)])
