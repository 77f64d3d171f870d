"""Hidden checks of lesson 04: the same properties for other shapes, dimensions and inputs."""

import math

import numpy as np
import pytest

from autograder.checking.ask import ask_with
from autograder.checking.expect import expect, require


@pytest.mark.exercise("conv-arithmetic", points=0.5)
def test_any_size(student, rng):
    """The output size is right for any image size, kernel, stride and padding."""
    settings, wanted = [], []
    for _ in range(40):
        k, s = (int(rng.integers(1, 8)) for _ in range(2))
        n = int(rng.integers(k, 200))
        settings += [(n, k, s, "same"), (n, k, s, "valid")]
        wanted += [math.ceil(n / s), (n - k) // s + 1]
    found = student.eval("[conv_output_size(*setting) for setting in settings]", settings=settings)
    for setting, size, want in zip(settings, found, wanted, strict=True):
        expect(size, close_to=want, message=f"conv_output_size{setting} should be {want}.")


@pytest.mark.exercise("conv-arithmetic", points=0.5)
def test_any_number_of_parameters(student, rng):
    """The parameter count is right for any number of channels and filters and any kernel size."""
    settings = [tuple(map(int, row)) for row in rng.integers(1, (300, 300, 8), (40, 3))]
    found = student.eval("[conv_params(*setting) for setting in settings]", settings=settings)
    for (c, f, k), count in zip(settings, found, strict=True):
        want = (k * k * c + 1) * f
        expect(count, close_to=want, message=f"conv_params({c}, {f}, {k}) should be {want:,}.")


def _describe(student, expression, shape, message, usual):
    """(parameters of each layer that has some, shapes of the outputs without the batch), run on such inputs."""
    given = {"x": np.zeros((2, *shape)), "u": np.zeros((2, *((2,) if "decoder" in usual else (28, 28, 1))))}
    usual = f"describe_model({usual}, tensor(u))"
    model = ask_with(student, f"describe_model({expression}, tensor(x))", message, usual, **given)
    return [layer["params"] for layer in model["layers"] if layer["params"]], [tuple(s[1:]) for s in model["outputs"]]


def _expect_input(student, expression, shape, message, usual):
    """Fail where a functional model takes other inputs; a subclassed model does not say which it takes."""
    inputs = ask_with(student, f"describe_model({expression})", message, usual)["inputs"]
    require(
        not inputs or tuple(inputs[0][1:]) == shape,
        message,
        expected=str(shape),
        actual=str(tuple(inputs[0][1:])) if inputs else "",
    )


@pytest.mark.exercise("encoder", points=0.5)
def test_any_latent_dimension(student):
    """latent_dim is the width of both heads."""
    message = "With latent_dim=7 each head should return 7 numbers: use the argument, not the number 2."
    _, outputs = _describe(student, "build_encoder(latent_dim=7)", (28, 28, 1), message, "build_encoder()")
    require(
        len(outputs) == 2,
        "The encoder should have two outputs: `keras.Model(images, [z_mean, z_log_var])`.",
        expected="2 outputs",
        actual=f"{len(outputs)} outputs",
    )
    require(
        outputs == [(7,), (7,)],
        message,
        expected="two outputs of 7",
        actual=str([shape[-1] for shape in outputs]),
    )


@pytest.mark.exercise("encoder", points=0.5)
def test_any_image_shape(student):
    """img_shape is the shape of the images."""
    call, shape = "build_encoder(img_shape=(21, 12, 3), latent_dim=3)", (21, 12, 3)
    message = "build_encoder(img_shape=(21, 12, 3)) should take images of that shape: use the argument."
    _expect_input(student, call, shape, message, "build_encoder()")
    found, _ = _describe(student, call, shape, message, "build_encoder()")
    wanted = [896, 18_496, 36_928, 36_928, (11 * 6 * 64 + 1) * 32, 99, 99]
    require(
        found == wanted,
        "For images of 21×12×3 and latent_dim=3 the layer table should follow from the two arguments.",
        expected=" / ".join(f"{n:,}" for n in wanted),
        actual=" / ".join(f"{n:,}" for n in found),
    )


@pytest.mark.exercise("decoder", points=1)
def test_any_feature_shape(student):
    """feature_shape is the shape that the decoder starts from; the images are twice as high and wide."""
    call = "build_decoder(latent_dim=3, feature_shape=(5, 7, 16))"
    message = "With feature_shape=(5, 7, 16) the images should be 10×14: use the argument, not 14×14×64."
    found, outputs = _describe(student, call, (3,), message, "build_decoder()")
    if outputs == [(14, 10, 1)]:
        message = "Height and width are swapped: feature_shape is (height, width, channels), in this order."
    elif [shape[:2] for shape in outputs] == [(10, 14)]:
        message = "An image should have a single channel: the last convolution has one filter."
    require(outputs == [(10, 14, 1)], message, expected="[(10, 14, 1)]", actual=str(outputs))
    wanted = [4 * 560, 9 * 16 * 32 + 32, 289]
    require(
        found == wanted,
        "For latent_dim=3 and feature_shape=(5, 7, 16) the layer table should follow from the two arguments.",
        expected=" / ".join(f"{n:,}" for n in wanted),
        actual=" / ".join(f"{n:,}" for n in found),
    )


@pytest.mark.exercise("decoder", points=0.5)
def test_any_number_of_codes(student):
    """latent_dim is the number of coordinates of a latent vector."""
    message = "build_decoder(latent_dim=9) should take latent vectors of 9 numbers: use the argument, not the number 2."
    _expect_input(student, "build_decoder(latent_dim=9)", (9,), message, "build_decoder()")
    _describe(student, "build_decoder(latent_dim=9)", (9,), message, "build_decoder()")  # others ask for its outputs


# Larger images, three latent dimensions, and more images than predict takes in one batch.
_ASK = """(lambda i, z: (lambda e, d: {
    'set': (e.set_weights(we), d.set_weights(wd), quick(e), quick(d))[:2], 'images': reconstruct(e, d, x), 'input': x,
})(
    keras.Model(i, (lambda x: [keras.layers.Dense(3, name='z_mean')(x), keras.layers.Dense(3, name='z_log_var')(x)])(
        keras.layers.Flatten()(i))),
    keras.Model(z, keras.layers.Reshape((6, 5, 2))(keras.layers.Dense(60)(z))),
))(keras.Input((6, 5, 2)), keras.Input((3,)))"""


def _ask(student, rng):
    given = {
        "x": rng.uniform(0, 1, (45, 6, 5, 2)).astype("float32"),
        "we": [rng.normal(0, 0.3, s).astype("float32") for s in ((60, 3), (3,), (60, 3), (3,))],
        "wd": [rng.normal(0, 1, s).astype("float32") for s in ((3, 60), (60,))],
    }
    return given, student.eval(_ASK, **given)


@pytest.mark.exercise("round-trip", points=0.5)
def test_any_models_and_images(student, rng):
    """It works for other models, other shapes and many images."""
    given, answer = _ask(student, rng)
    z = given["x"].reshape(45, 60) @ given["we"][0] + given["we"][1]
    wanted = (z @ given["wd"][0] + given["wd"][1]).reshape(45, 6, 5, 2)
    expect(
        answer["images"],
        close_to=wanted,
        rel=1e-3,
        abs=1e-3,
        message="The function should work for any encoder, decoder, image size and number of images.",
    )


@pytest.mark.exercise("round-trip", points=0.5)
def test_images_are_not_changed(student, rng):
    """The input images are not changed."""
    given, answer = _ask(student, rng)
    expect(answer["input"], close_to=given["x"], message="The input images were changed: work on a copy.")
