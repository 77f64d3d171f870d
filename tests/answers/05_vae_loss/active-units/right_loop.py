def active_units(z_means, threshold=0.01):
    count = 0
    for values in np.transpose(z_means):
        if np.mean((values - values.mean()) ** 2) > threshold:
            count += 1
    return count
