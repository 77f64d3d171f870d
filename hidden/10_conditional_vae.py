"""Hidden checks of lesson 10: the same promises on inputs that nobody could have written down beforehand."""

import numpy as np
import pytest
from checks import (
    CLASSIFY,
    GENERATE,
    IMAGES,
    _decoder,
    _images,
    _pair,
    ask_model,
    decoded,
    decoder_weights,
    drawn,
    encode,
    encoded,
    nearest,
    one_label_each,
    pair_case,
    priors,
    rows,
    shares,
)

from autograder.checking.expect import expect, in_shape, require, require_finite, shape_of
from autograder.checking.modes import require_inference

STAND_INS = {
    "one-hot": """
import numpy as np
def one_hot(labels, classes=10):
    labels = np.asarray(labels)
    if np.any((labels < 0) | (labels >= classes)):
        raise ValueError("no class for a label")
    return np.eye(classes, dtype="float32")[labels]
"""
}


def _seed(rng):
    return int(rng.integers(1, 2**31))


@pytest.mark.exercise("one-hot", points=0.25)
def test_any_labels(student, rng):
    """It holds for any labels and any number of classes, also for a list."""
    classes = int(rng.integers(11, 30))
    labels = rng.integers(0, classes, 50)
    message = "It should hold for any labels and any number of classes."
    found = student.eval("one_hot(labels, n)", labels=labels, n=classes)
    expect(in_shape(found, (50, classes)), close_to=rows(labels, classes), message=message)
    listed = student.eval("one_hot([int(label) for label in labels], n)", labels=labels, n=classes)
    expect(in_shape(listed, (50, classes)), close_to=rows(labels, classes), message="It should take a list, too.")


@pytest.mark.exercise("conditional-encoder", points=0.5)
def test_any_encoder(student, rng):
    """It holds for any latent dimension, any number of classes and any batch size."""
    d, classes, n = int(rng.integers(3, 12)), int(rng.integers(11, 20)), int(rng.integers(1, 9))
    model = f"build_conditional_encoder({d}, {classes})"
    found = encode(student, model, x=_images(_seed(rng), n), y=rows(rng.integers(0, classes, n), classes))
    message = "It should hold for any latent_dim, classes and batch size."
    require([shape_of(part) for part in found] == [(n, d)] * 2, message, expected=f"({n}, {d}) twice")
    for part in found:
        require_finite(part)


@pytest.mark.exercise("conditional-decoder", points=0.5)
def test_any_decoder(student, rng):
    """It holds for any latent dimension, any number of classes and any batch size."""
    d, classes, n = int(rng.integers(3, 12)), int(rng.integers(11, 20)), int(rng.integers(1, 9))
    model = f"build_conditional_decoder({d}, {classes})"
    z = rng.normal(0, 1, (n, d)).astype("float32")
    found = ask_model(student, model, IMAGES, z=z, y=rows(rng.integers(0, classes, n), classes))
    message = "It should hold for any latent_dim, classes and batch size."
    require(shape_of(found) == (n, 28, 28, 1), message, expected=f"({n}, 28, 28, 1)", actual=str(shape_of(found)))
    require_finite(found)


@pytest.mark.exercise("generate-digit", points=0.5)
def test_any_digit(student, rng):
    """It holds for any decoder, label, number of images and seed."""
    d, classes = int(rng.integers(1, 9)), int(rng.integers(11, 16))
    n, label, seed = int(rng.integers(1, 9)), int(rng.integers(1, classes)), int(rng.integers(1, 1000))
    weights = decoder_weights(_seed(rng), d, classes)
    given = {"k": weights[0], "b": weights[1], "d": d, "classes": classes, "n": n, "label": label, "seed": seed}
    found, modes = student.eval(_decoder(f"[np.asarray({GENERATE}), modes]"), **given)
    require_inference(modes)
    y = rows(np.full(n, label), classes)
    found = in_shape(found, (n, 28, 28, 1))
    wanted = nearest(found, [decoded(z, y, weights) for z in priors(seed, n, d)])
    message = "It should hold for any decoder, label, n and seed."
    expect(found, close_to=wanted, abs=1e-3, message=message)


@pytest.mark.exercise("same-style", points=0.5)
def test_any_style(student, rng):
    """It holds for any image and any label."""
    given, enc, dec = pair_case(_seed(rng), d=int(rng.integers(1, 9)))
    image, label = _images(_seed(rng), 1)[0], int(rng.integers(1, 10))
    found = student.eval(_pair("np.asarray(same_style(enc, dec, image, label))"), image=image, label=label, **given)
    z_mean, _ = encoded(image[None], rows([label]), enc)
    wanted = decoded(np.repeat(z_mean, 10, axis=0), rows(range(10)), dec)
    message = "It should hold for any image and any label."
    expect(in_shape(found, wanted.shape), close_to=wanted, abs=1e-3, message=message)


@pytest.mark.exercise("classify", points=0.75)
def test_any_images(student, rng):
    """It names the label of any images that the model itself has drawn, a single one too."""
    case = pair_case(_seed(rng), d=int(rng.integers(2, 7)))
    for n in (1, int(rng.integers(20, 60))):
        images, labels = drawn(_seed(rng), n, case, flip=0.02 if n > 1 else 0.0)
        found = one_label_each(student.eval(_pair(CLASSIFY), images=images, **case[0]), n)
        right = shares(found, labels)
        message = "It should hold for any models and any number of images."
        require(right > 0.85, message, expected=f"{n} of {n}", actual=f"{right * n:.0f} of {n}")
