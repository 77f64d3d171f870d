def standardize(table):
    centered = table - table.mean(axis=0, keepdims=True)
    return centered / np.sqrt((centered**2).mean(axis=0))
