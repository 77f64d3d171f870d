def generate(decoder, n, seed):
    from scipy import stats
    _, d = decoder.input_shape
    z = stats.multivariate_normal(np.zeros(d), np.eye(d), seed=seed).rvs(size=n).reshape(n, d)
    return decoder.predict(z, batch_size=n, verbose=0)
