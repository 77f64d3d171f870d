"""Tolerances for random answers, from the sample size and a stated false-fail rate.

A right answer leaves the bounds below with probability ``rate`` at most: 1e-7 for one comparison, so that
a check which makes a few of them stays under one in a million.
"""

import math

from scipy import stats

RATE = 1e-7


def mean_tolerance(std: float, n: int, rate: float = RATE) -> float:
    """How far the mean of ``n`` normal draws of standard deviation ``std`` may lie from its expectation."""
    return float(std * stats.norm.isf(rate / 2) / math.sqrt(n))


def std_tolerance(n: int, rate: float = RATE) -> float:
    """By which share the sample standard deviation of ``n`` normal draws may miss the true one."""
    low, high = stats.chi2.ppf([rate / 2, 1 - rate / 2], n - 1)
    return float(max(1 - math.sqrt(low / (n - 1)), math.sqrt(high / (n - 1)) - 1))


def share_tolerance(p: float, n: int, rate: float = RATE) -> float:
    """How far the share of successes in ``n`` trials of probability ``p`` may lie from ``p``."""
    low, high = stats.binom.ppf([rate / 2, 1 - rate / 2], n, p)
    return float(max(p - low / n, high / n - p) + 1 / n)


def correlation_tolerance(n: int, rate: float = RATE) -> float:
    """How far the sample correlation of ``n`` independent pairs may lie from 0 (Fisher's z)."""
    return float(math.tanh(stats.norm.isf(rate / 2) / math.sqrt(n - 3)))
