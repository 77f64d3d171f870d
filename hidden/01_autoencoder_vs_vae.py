"""Hidden checks of lesson 01: the same promises on inputs that nobody could have written down beforehand."""

import numpy as np
import pytest

from autograder.checking.ask import ask_with
from autograder.checking.expect import expect, in_shape, require, require_finite

IMAGE = (28, 28, 1)


@pytest.mark.exercise("autoencoder", points=0.5)
def test_any_latent_dim(student, rng):
    """All three models work for any latent_dim."""
    images = rng.random((3, *IMAGE)).astype("float32")
    for d in (1, 3, 16):
        codes, decoded, both = ask_with(
            student,
            f"(lambda e, d, a: [e(tensor(x)), d(e(tensor(x))), a(tensor(x))])(*build_autoencoder(latent_dim={d}))",
            f"With latent_dim={d}, the models don't fit together: use the argument everywhere, not the number 2.",
            "(lambda e, d, a: [d(e(tensor(x))), a(tensor(x))])(*build_autoencoder())",
            x=images,
        )
        expect(codes, shape=(3, d), message="A code should have latent_dim numbers, for any latent_dim.")
        for result in (decoded, both):
            expect(result, shape=(3, *IMAGE), message="Decoder and autoencoder should work for any latent_dim.")


@pytest.mark.exercise("autoencoder", points=0.5)
def test_each_call_builds_new_models(student, rng):
    """Two calls build models that share no weights."""
    nudge = "{0}.set_weights([w * 1.5 + 0.01 if w.dtype.kind == 'f' else w for w in {0}.get_weights()])"
    look = "two[0](tensor(x)), two[1](tensor(z)), one[0](tensor(x)), one[1](tensor(z))"
    code, image, *_, code_after, image_after, _, _ = student.eval(
        f"(lambda one, two: [{look}, {nudge.format('one[0]')}, {nudge.format('one[1]')}, {look}])"
        "(build_autoencoder(), build_autoencoder())",
        x=rng.random((3, *IMAGE)),
        z=rng.normal(size=(3, 2)),
    )
    require_finite([code, image])
    require(
        np.array_equal(code, code_after) and np.array_equal(image, image_after),
        "Two calls of `build_autoencoder` share layers: make all layers inside the function.",
        expected="a second set of models that does not change with the first",
        actual="weights in common",
    )


@pytest.mark.exercise("reconstruction-error", points=1)
def test_images_of_any_shape(student, rng):
    """It works for flat and for color images, and is 0 for a perfect reconstruction."""
    for shape in ((5, 784), (3, 32, 32, 3), (1, 28, 28, 1)):
        images, back = rng.random((2, *shape)).astype("float32")
        back[0] = images[0]
        errors = student.eval("reconstruction_error(x, r)", x=images, r=back)
        wanted = np.square(images.astype(float) - back).reshape(len(images), -1).mean(axis=1)
        message = "It should work for images of any shape: average over all axes but the first."
        expect(in_shape(errors, wanted.shape), close_to=wanted, rel=1e-3, message=message)


@pytest.mark.exercise("interpolate", points=1)
def test_other_interpolations(student, rng):
    """It works for other codes, lengths and numbers of points, and leaves its inputs unchanged."""
    for d, steps in ((1, 2), (2, 3), (20, 30), (2, 50)):  # 49 · (1 / 49) is not 1
        start, end = rng.normal(0, 3, (2, d))
        points, start_after, end_after = student.eval(f"[interpolate(a, b, {steps}), a, b]", a=start, b=end)
        expect(
            points,
            close_to=start + np.linspace(0, 1, steps)[:, None] * (end - start),
            rel=1e-4,
            abs=1e-5,
            message="It should work for codes of any length and for any number of points.",
        )
        require(
            np.array_equal(start, start_after) and np.array_equal(end, end_after),
            "The codes that were passed in have changed: work on a copy, not in place.",
            expected="z_start and z_end as before",
            actual="other numbers",
        )


@pytest.mark.exercise("holes", points=1)
def test_codes_of_any_length(student, rng):
    """It works for codes of any length, and for very small and very large radii."""
    for d in (1, 3, 8):
        codes, samples = rng.normal(0, 2, (200, d)), rng.normal(0, 3, (150, d))
        nearest = np.linalg.norm(samples[:, None] - codes[None], axis=2).min(axis=1)
        middle = np.sort(nearest)[[74, 75]].mean()  # between two distances, so that no rounding decides
        for radius, share in ((middle, 0.5), (1e-9, 1.0), (1e3, 0.0)):
            found = student.eval("hole_fraction(codes, samples, r)", codes=codes, samples=samples, r=float(radius))
            message = "It should work for codes of any length and for any radius."
            expect(found, close_to=share, message=message)
