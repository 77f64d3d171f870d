"""Public checks of lesson 01. Students get this file with the lesson, and the grader runs it too."""

import numpy as np
import pytest

from autograder.checking.expect import expect

VALUES, WEIGHTS = np.array([1.0, 2.0, 6.0]), np.array([1.0, 1.0, 2.0])
SERIES = np.array([2.0, 4.0, 9.0, 5.0, 1.0])
TABLE = np.array([[170.0, 20_000.0], [180.0, 50_000.0], [175.0, 41_000.0], [160.0, 30_000.0]])


@pytest.mark.exercise("weighted-mean", points=2)
def test_each_value_counts_by_its_weight(student):
    """Each value counts by its weight."""
    expect(
        student.eval("weighted_mean(x, w)", x=VALUES, w=WEIGHTS),
        close_to=(VALUES * WEIGHTS).sum() / WEIGHTS.sum(),
        if_instead=[
            ((VALUES * WEIGHTS).mean(), "You divided by the number of values: divide by the sum of the weights."),
            ((VALUES * WEIGHTS).sum(), "This is the weighted sum: divide it by the sum of the weights."),
            (VALUES.mean(), "The weights play no part yet: multiply each value by its own."),
        ],
        message="The weighted mean is the sum of weight times value, divided by the sum of the weights.",
    )


@pytest.mark.exercise("moving-average", points=2)
def test_the_means_of_neighbors(student):
    """Each number is the mean of k neighbors."""
    means = np.array([SERIES[i : i + 3].mean() for i in range(3)])
    expect(
        student.eval("moving_average(x, 3)", x=SERIES),
        close_to=means,
        if_instead=[
            (3 * means, "These are sums of 3 neighbors: divide by k."),
            (
                np.convolve(SERIES, np.ones(3) / 3, mode="same"),
                "At both ends you averaged over fewer than k numbers: keep the n − k + 1 full windows.",
            ),
            (means[:-1], "The last window is missing: there are n − k + 1 of them."),
        ],
        message="Each number should be the mean of k neighbors, n − k + 1 of them in all.",
    )


@pytest.mark.exercise("standardize", points=2)
def test_each_column_has_a_scale_of_its_own(student):
    """Each column has mean 0 and standard deviation 1."""
    expect(
        student.eval("standardize(x)", x=TABLE),
        close_to=(TABLE - TABLE.mean(axis=0)) / TABLE.std(axis=0),
        if_instead=[
            (
                (TABLE - TABLE.mean()) / TABLE.std(),
                "You used one mean and one standard deviation for the whole table: each column needs its own, axis=0.",
            ),
            (TABLE - TABLE.mean(axis=0), "The columns have mean 0; divide each by its standard deviation, too."),
            (
                (TABLE - TABLE.mean(axis=0)) / TABLE.var(axis=0),
                "You divided by the variance: the standard deviation is its square root.",
            ),
        ],
        message="Subtract each column's mean, and divide by its standard deviation.",
    )
