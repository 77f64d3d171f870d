import functools
import operator

implied_log_var = functools.partial(operator.mul, 2.0)
