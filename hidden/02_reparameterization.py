"""Hidden checks of lesson 02: the same promises on inputs that nobody could have written down beforehand."""

import numpy as np
import pytest

from autograder.checking.chance import correlation_tolerance, mean_tolerance, std_tolerance
from autograder.checking.expect import expect, require, shape_of

STAND_INS = {
    "std": """
from keras import ops


def std_from_log_var(z_log_var):
    return ops.exp(0.5 * z_log_var)
""",
    "reparameterize": """
from keras import ops


def reparameterize(z_mean, z_log_var, epsilon):
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon
""",
}

DRAWS = 20_000


@pytest.mark.exercise("std", points=1)
def test_std_for_any_shape(student):
    """It holds for any shape and for very small and large variances."""
    for seed, shape in enumerate([(11,), (2, 3, 4), (1, 1)]):
        log_var = np.random.default_rng(seed).uniform(-12, 8, shape)
        sigma = student.eval("std_from_log_var(tensor(x))", x=log_var)
        expect(
            sigma,
            close_to=np.exp(0.5 * log_var),
            rel=1e-3,
            message="It should hold for any shape and any log-variance.",
        )


@pytest.mark.exercise("reparameterize", points=1)
def test_other_values(student, rng):
    """It holds for other values and more dimensions."""
    m, s, e = rng.normal(0, 5, (9, 8)), rng.uniform(-6, 3, (9, 8)), rng.standard_normal((9, 8))
    z = student.eval("reparameterize(tensor(m), tensor(s), tensor(e))", m=m, s=s, e=e)
    wanted = m + np.exp(0.5 * s) * e
    expect(z, close_to=wanted, rel=1e-3, abs=1e-3, message="It should hold for any means, variances and noise.")


@pytest.mark.exercise("sampling", points=0.5)
def test_noise_is_independent(student):
    """Each row and each dimension has noise of its own."""
    zeros = np.zeros((DRAWS, 2))
    z = student.eval("Sampling()([tensor(m), tensor(s)])", m=zeros, s=zeros)
    expect(z, shape=(DRAWS, 2), message="The samples should have the shape of z_mean.")
    require(
        np.ptp(z, axis=0).min() > 1e-6, "All samples are the same: no noise arrives, or the same noise for each row."
    )
    between = float(np.corrcoef(z[:, 0], z[:, 1])[0, 1])
    require(
        abs(between) < correlation_tolerance(DRAWS),
        "The dimensions share their noise: sample as many numbers as z_mean has.",
        expected="no correlation",
        actual=f"correlation {between:.3f}",
    )


@pytest.mark.exercise("gradients", points=1)
def test_gradients_of_other_values(student, rng):
    """Both gradients hold for other values and dimensions."""
    m, s, e = rng.normal(0, 5, (3, 6)), rng.uniform(-4, 2, (3, 6)), rng.standard_normal((3, 6))
    result = student.eval("reparameterization_gradients(tensor(m), tensor(s), tensor(e))", m=m, s=s, e=e)
    require(
        (isinstance(result, tuple | list) and len(result) == 2) or (shape_of(result) or ())[:-2] == (2,),
        "Two gradients were expected: (dz_dmean, dz_dlog_var).",
    )
    require(
        all(part is not None for part in result),
        "A gradient is None: compute z inside the `with` of the tape, from tensors that it watches.",
    )
    message = "The gradients should be those of z_mean + exp(½·z_log_var)·epsilon for any values."
    expect(result[0], close_to=np.ones((3, 6)), message=message)
    expect(result[1], close_to=0.5 * np.exp(0.5 * s) * e, rel=1e-3, abs=1e-4, message=message)


@pytest.mark.exercise("published-bug", points=1)
def test_implied_for_any_value(student, rng):
    """It is what the published sampler's samples show, for any value and shape."""
    log_var = rng.uniform(-5, 5, (4, 3))
    implied = student.eval("implied_log_var(tensor(x))", x=log_var)
    expect(implied, close_to=2 * log_var, message="It should hold for any value and shape of z_log_var.")


@pytest.mark.exercise("sampling", points=0.5)
def test_moments_of_each_column(student, rng):
    """Mean and spread follow z_mean and z_log_var entry by entry."""
    m, s = rng.normal(0, 3, 4), rng.uniform(-3, 2, 4)
    rows = {"m": np.tile(m, (DRAWS, 1)), "s": np.tile(s, (DRAWS, 1))}
    z = student.eval("Sampling(seed=5)([tensor(m), tensor(s)])", **rows)
    expect(z, shape=(DRAWS, 4), message="The samples should have the shape of z_mean.")
    for i in range(4):
        sigma = float(np.exp(0.5 * s[i]))
        reach = mean_tolerance(sigma, DRAWS)
        message = "Each column should have its own mean and spread."
        expect(z[:, i].mean(), close_to=m[i], rel=0, abs=reach, message=message)
        expect(z[:, i].std(), close_to=sigma, rel=std_tolerance(DRAWS), abs=0, message=message)
