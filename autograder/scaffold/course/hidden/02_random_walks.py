"""Hidden checks of lesson 02. They may share what the public ones define."""

import numpy as np
import pytest
from checks import STANDARD_ERRORS, STEPS, WALKERS, ask

from autograder.checking.expect import require


@pytest.mark.exercise("walks", points=1)
def test_the_spread_grows_with_the_square_root(student):
    """After t steps the variance is t."""
    last = ask(student)[:, -1]
    # The variance of n nearly normal numbers has a standard error of √(2 / n) of itself.
    off = abs(last.var() / STEPS - 1) / np.sqrt(2 / WALKERS)
    require(off < STANDARD_ERRORS, "The steps of a walker should be independent: the variance after t steps is t.")
