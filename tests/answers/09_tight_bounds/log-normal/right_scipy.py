from scipy import stats


def log_normal(z, mean, log_var):
    return stats.norm.logpdf(z, mean, np.exp(np.asarray(log_var) / 2)).sum(axis=-1)
