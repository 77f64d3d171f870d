"""Tolerances for random answers, from the sample size and a stated false-fail rate.

A right answer leaves the bounds below with probability ``rate`` at most: 1e-7 for one comparison, so that
a check which makes a few of them stays under one in a million.
"""

import math
from typing import Any

import numpy as np
from scipy import stats

from autograder.checking.expect import require

RATE = 1e-7


def mean_tolerance(std: float, n: int, rate: float = RATE) -> float:
    """How far the mean of ``n`` normal draws of standard deviation ``std`` may lie from its expectation."""
    return float(std * stats.norm.isf(rate / 2) / math.sqrt(n))


def std_tolerance(n: int, rate: float = RATE) -> float:
    """By which share the sample standard deviation of ``n`` normal draws may miss the true one."""
    low, high = stats.chi2.ppf([rate / 2, 1 - rate / 2], n - 1)
    return float(max(1 - math.sqrt(low / (n - 1)), math.sqrt(high / (n - 1)) - 1))


def correlation_tolerance(n: int, rate: float = RATE) -> float:
    """How far the sample correlation of ``n`` independent pairs may lie from 0 (Fisher's z)."""
    return float(math.tanh(stats.norm.isf(rate / 2) / math.sqrt(n - 3)))


def normal_tolerance(n: int, rate: float = RATE) -> float:
    """How far the distribution function of ``n`` normal draws may lie from the true one (Kolmogorov–Smirnov)."""
    return float(stats.kstwo.isf(rate, n))


def require_normal(noise: Any, rate: float = RATE, draw_with: str = "rng.standard_normal") -> None:
    """Fail the check unless ``noise``, of mean 0 and variance 1, has the whole distribution N(0, 1).

    ``draw_with`` is the function that the message suggests.

    200,000 draws tell uniform, triangular, logistic and Laplace noise and the sum of two or three uniform numbers from
    it, but not the sum of twelve.
    """
    values = np.ravel(noise)
    reach = normal_tolerance(values.size, rate)
    off = float(stats.kstest(values, "norm").statistic)
    require(
        off <= reach,
        f"The noise has variance 1 but isn't normal: sample from a normal distribution, such as `{draw_with}`.",
        expected=f"the distribution function of N(0, 1), within {reach:.2g}",
        actual=f"another one: it is up to {off:.2g} away",
    )
