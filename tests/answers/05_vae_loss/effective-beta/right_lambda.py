per = {"sum": lambda count: 1, "mean": lambda count: count}
effective_beta = lambda n, d, r, k, weight: float(weight * per[r](n) / per[k](d))  # noqa: E731
