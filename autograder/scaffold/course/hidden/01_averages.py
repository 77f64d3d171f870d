"""Hidden checks of lesson 01: the same promises for values that nobody could write down beforehand."""

import numpy as np
import pytest

from autograder.checking.expect import expect


@pytest.mark.exercise("weighted-mean", points=1)
def test_other_weights(student, rng):
    """It holds for any weights."""
    x, w = rng.normal(size=50), rng.uniform(0.1, 5.0, size=50)
    mean = student.eval("weighted_mean(x, w)", x=x, w=w)
    expect(mean, close_to=np.average(x, weights=w), message="It should hold for any weights.")


@pytest.mark.exercise("moving-average", points=1.5)
def test_other_widths(student, rng):
    """It holds for any width, 1 and n among them."""
    x = rng.normal(size=12)
    for k in (1, 4, 12):
        expected = np.array([x[i : i + k].mean() for i in range(12 - k + 1)])
        means = student.eval("moving_average(x, k)", x=x, k=k)
        expect(means, close_to=expected, message=f"It should hold for a width of {k}.")


@pytest.mark.exercise("standardize", points=1.5)
def test_other_tables(student, rng):
    """It holds for other tables."""
    x = rng.normal(5.0, 3.0, size=(30, 4))
    expected = (x - x.mean(axis=0)) / x.std(axis=0)
    expect(student.eval("standardize(x)", x=x), close_to=expected, message="It should hold for a table of any size.")
