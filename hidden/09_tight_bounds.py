"""Hidden checks of lesson 09: the same promises on inputs that nobody could have written down beforehand."""

import numpy as np
import pytest
from checks import (
    ask_grid,
    bound,
    ess,
    gaussian,
    grid_case,
    marginal,
    posterior,
    same_rows,
    table,
    terms,
    weights_case,
)
from scipy.special import logsumexp

from autograder.checking.expect import expect, in_shape, require, shape_of

STAND_INS = {
    "log-normal": """
import numpy as np
def log_normal(z, mean, log_var):
    return -0.5 * np.sum(np.log(2 * np.pi) + log_var + (z - mean) ** 2 / np.exp(log_var), axis=-1)
"""
}


def _seed(rng):
    return int(rng.integers(1, 2**31))


@pytest.mark.exercise("log-normal", points=1)
def test_any_gaussian(student, rng):
    """It holds in any number of dimensions, and leaves its input as it is."""
    for d in (1, int(rng.integers(3, 9))):
        z, m, s = rng.normal(0, 2, (3, 4, d)), rng.normal(0, 1, (3, 1, d)), rng.uniform(-5, 3, d)
        ask = "(lambda z, m, s: {'out': log_normal(z, m, s), 'given': [z, m, s]})(z, m, s)"
        answer = student.eval(ask, z=z, m=m, s=s)
        message = "It should hold for any number of dimensions, and for a variance that all images share."
        expect(answer["out"], close_to=gaussian(z, m, s).sum(-1), rel=1e-4, abs=1e-3, message=message)
        same = all(np.array_equal(a, b) for a, b in zip(answer["given"], (z, m, s), strict=True))
        require(same, "What was given was changed: return a new array.")


@pytest.mark.exercise("log-weights", points=1)
def test_any_models(student, rng):
    """It holds for any latent dimension and any k, 1 included."""
    for k, d in ((1, 3), (6, 5)):
        case = weights_case(_seed(rng), n=3, d=d)
        found, samples = table(student, case, k, _seed(rng) % 1000)
        message = "It should hold for any number of latent dimensions and any k."
        require(all(len(z) == k for z in samples), message, expected=f"{k} samples of z for each image")
        wanted = [np.array([1, 1, -1]) @ terms(case, i, z) for i, z in enumerate(samples)]
        require(np.isfinite(found).all() and same_rows(found, wanted), message, expected=wanted[0], actual=found[0])


@pytest.mark.exercise("importance-bound", points=0.5)
def test_grows_with_the_number_of_samples(student, rng):
    """It agrees with NumPy for any K, and on average it grows with K."""
    k = 2 ** int(rng.integers(3, 6))
    w = rng.normal(float(rng.uniform(-900, 100)), 2.5, (6, 4 * k))
    whole = student.eval("importance_weighted_bound(w)", w=w)
    expect(whole, close_to=bound(w), rel=1e-6, abs=1e-3, message="It should hold for any number of samples K.")
    parts = student.eval("importance_weighted_bound(w)", w=w.reshape(-1, k))
    expect(parts, close_to=bound(w.reshape(-1, k)), rel=1e-6, abs=1e-3, message="It should hold for any K.")


@pytest.mark.exercise("quadrature", points=1)
def test_any_grid(student, rng):
    """It holds for any decoder, any image shape and any grid."""
    case = grid_case(_seed(rng), n=int(rng.integers(1, 6)), steep=1.5)
    half_width, points = round(float(rng.uniform(2, 6)), 2), int(rng.integers(20, 50))
    found = ask_grid(student, case, f"log_marginal(decoder, x, {half_width}, {points})")
    message = "It should hold for any decoder and any grid, also an even number of points."
    expect(found, close_to=marginal(case, half_width, points), rel=1e-3, abs=3e-3, message=message)


@pytest.mark.exercise("quadrature", points=0.5)
def test_memory(student, rng):
    """No array of (images × points × pixels) is made."""
    ask = (
        "(lambda t, decoder: (quick(decoder), t.start(), log_marginal(decoder, x, 4.0, 41), "
        "t.get_traced_memory()[1], t.stop())[2:4])"
        "(__import__('tracemalloc'), keras.Sequential([keras.Input((2,)), "
        "keras.layers.Dense(784, activation='sigmoid', kernel_initializer='zeros'), "
        "keras.layers.Reshape((28, 28, 1))]))"
    )
    x = rng.uniform(0, 1, (40, 28, 28, 1)).astype("float32")
    found, peak = student.eval(ask, x=x)
    prior = gaussian(_grid(4.0, 41), 0, 0).sum(1)
    wanted = np.full(40, -784 * np.log(2) + logsumexp(prior) + 2 * np.log(8 / 40))
    expect(found, close_to=wanted, rel=1e-3, abs=1e-2, message="It should hold for 40 images of 784 pixels.")
    megabytes = float(peak) / 1e6
    require(
        megabytes < 100,
        "An array of (images × points × pixels) is made, which for 300 images and 201² points would take 38 GB: "
        "`log_likelihood` gives (images × points).",
        expected="less than 100 MB for 40 images and 1,681 points",
        actual=f"{megabytes:.0f} MB",
    )


def _grid(half_width, points):
    axis = np.linspace(-half_width, half_width, points)
    return np.stack([a.ravel() for a in np.meshgrid(axis, axis)], axis=1)


@pytest.mark.exercise("posterior", points=0.5)
def test_any_posterior(student, rng):
    """It holds for any decoder and grid, and leaves the image as it is."""
    case = grid_case(_seed(rng), n=1, steep=1.5)
    points = int(rng.integers(15, 40))
    ask = f"(lambda image: {{'p': posterior_on_grid(decoder, image, 3.5, {points}), 'image': image}})(x[0])"
    answer = ask_grid(student, case, ask)
    found = in_shape(answer["p"], (points, points))
    message = "It should hold for any decoder and any grid."
    require(shape_of(found) == (points, points), message, expected=f"shape ({points}, {points})")
    expect(found, close_to=posterior(case, 3.5, points), rel=1e-2, abs=1e-5, message=message)
    require(np.array_equal(answer["image"], case["x"][0]), "The image was changed: leave it as it is.")


@pytest.mark.exercise("effective-sample-size", points=0.5)
def test_any_weights(student, rng):
    """It holds for any K, 1 included, and lies between 1 and K."""
    for k in (1, int(rng.integers(20, 200))):
        w = rng.normal(-137, float(rng.uniform(0.5, 6)), (7, k))
        found = student.eval("effective_sample_size(w)", w=w)
        expect(found, close_to=ess(w), rel=1e-3, message="It should hold for any number of samples K.")
        expect(found, between=(1 - 1e-3, k * 1.001), message="It should lie between 1 and K.")
