"""Public checks of lesson 08, Fashion-MNIST.

The models in these checks are a few lines long, and the check sets their weights, so that NumPy knows every output.
"""

import re

import numpy as np
import pytest

from autograder.checking.chance import RATE, correlation_tolerance, mean_tolerance, require_normal, std_tolerance
from autograder.checking.errors import first_line
from autograder.checking.expect import expect, expect_other, fail, in_shape, require, require_finite, shape_of
from autograder.checking.modes import require_inference, require_same_in_training
from autograder.checking.once import ask_once
from autograder.checking.student import StudentError

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]
HINTS = {
    "prepare": [
        "Three things change: the type, the range and the shape. Which expression changes which?",
        '`raw[..., np.newaxis]` adds the axis. Convert with `.astype("float32")` before you divide.',
    ],
    "encoder": [
        "Lesson 04 built an encoder with the same kinds of layers. Which numbers differ in the table above?",
        "Write one line for each row of the table. Every layer is created, then called: `layers.Conv2D(…)(x)`. "
        "Which row alone has a stride?",
        "Both heads are called on the output of the Dense layer of 128 units. Their `name=` is in the table, and the "
        "model returns them as a list, `z_mean` first.",
    ],
    "generate": [
        "Which distribution does a VAE sample z from when there is no image?",
        "The last entry of `decoder.input_shape` is the number of columns. `n` is the number of rows.",
        "Sample an array (n, latent_dim) with the seed, and pass all of it to `decoder.predict` at once.",
    ],
    "slerp": [
        "Treat direction and norm separately. What are the directions of the two vectors, and what are their norms?",
        "`np.linspace(0, 1, steps)[:, np.newaxis]` is a column of shares: with it the formula computes all steps at once.",
        "Clip the cosine before `np.arccos`. Return the straight line if the angle is below 0.001. Otherwise multiply "
        "each direction by a norm that changes in equal steps.",
    ],
    "attribute": [
        "From where to where should the vector lead? What do you subtract from what?",
        "`codes[labels == source]` selects the codes of one class. Over which axis do you average?",
    ],
    "vary": [
        "What are the codes for the amounts 0, 1 and 2? Write them down as three sums.",
        "A column (m, 1) times a vector (d,) is an array (m, d). What do you add it to?",
    ],
    "anomaly": [
        "Which two terms does the negative ELBO have, and which of them depends on the sample of z?",
        "`keras.random.normal((draws, n, latent_dim), seed=seed)` is all the noise. `reparameterize` turns the noise of "
        "one draw into one z for each image.",
        "Loop over the draws: decode z, compute the reconstruction loss of each image, add it up. Divide by the number "
        "of draws, and add the KL once.",
    ],
}

# ---- prepare


@pytest.mark.exercise("prepare", points=0.5)
def test_one_channel(student):
    """The images have a channel axis at the end: (n, 28, 28, 1)."""
    images = student.eval("prepare_images(raw)", raw=np.full((5, 28, 28), 7, "uint8"))
    shape = shape_of(images)
    require(
        shape != (5, 28, 28),
        "The channel axis is missing: a convolution expects (n, 28, 28, 1), also for gray images.",
        expected="shape (5, 28, 28, 1)",
        actual=f"shape {shape}",
    )
    require(
        shape != (5, 1, 28, 28),
        "The channel axis is before the pixels: Keras expects it at the end, (n, 28, 28, 1).",
        expected="shape (5, 28, 28, 1)",
        actual=f"shape {shape}",
    )
    expect(images, shape=(5, 28, 28, 1), message="The images should have the shape (n, 28, 28, 1).")


@pytest.mark.exercise("prepare", points=0.5)
def test_from_bytes_to_shares(student):
    """0 stays 0, 255 becomes 1, and each pixel keeps its position."""
    raw = np.random.default_rng(81).integers(0, 200, (4, 28, 28)).astype("uint8")  # no 255 in it
    images = in_shape(student.eval("prepare_images(raw)", raw=raw), (4, 28, 28, 1))
    wanted = (raw / 255.0)[..., None]
    centered = [wanted * 2 - 1, (raw / 127.5 - 1)[..., None], (wanted - wanted.mean()) / wanted.std()]
    expect(
        images,
        close_to=wanted,
        if_instead=[
            (raw[..., None].astype(float), "The pixels still go up to 255: divide by 255."),
            (raw[..., None] / 256.0, "Divide by 255, the largest byte: with 256 the value 255 never becomes 1."),
            (
                raw[..., None] / float(raw.max()),
                "You divided by the largest value in these images: other images would get another scale. Divide by 255.",
            ),
            *[
                (
                    x,
                    "The decoder's sigmoid returns values from 0 to 1, so the images need this range too: divide by 255.",
                )
                for x in centered
            ],
            (1 - wanted, "Black and white are exchanged: 0 should stay 0."),
            (wanted.swapaxes(1, 2), "Rows and columns are exchanged: a reshape or a new axis keeps the order."),
            (
                np.zeros_like(wanted),
                "All values are 0: the bytes were divided as integers. Convert them to float32 first.",
            ),
        ],
        message="Each pixel should become its byte divided by 255, at the same position.",
    )


@pytest.mark.exercise("prepare", points=0.5)
def test_float32(student):
    """The images are float32."""
    images = student.eval("prepare_images(raw)", raw=np.full((2, 28, 28), 7, "uint8"))
    expect(
        images,
        dtype="float32",
        message="The images should be float32, the type that the models compute in. NumPy divides bytes into float64, and "
        "a later cell that combines these images with a model's output would raise an error.",
    )


# ---- encoder

ENCODER_PARAMS = [320, 18_496, 73_856, 147_584, 3_211_392, 1_032, 1_032]
ENCODER_NAMES = ["Conv2D 32", "Conv2D 64 with stride 2", "Conv2D 128", "Conv2D 128", "Dense 128", "a head", "a head"]
_CONVS = (320, 18_496, 73_856, 147_584)
ENCODER_KNOWN = {
    (
        320,
        18_496,
        36_928,
        36_928,
        401_440,
        264,
        264,
    ): "This is the encoder of lesson 04: here the last two convolutions "
    "have 128 filters and the Dense layer 128 units.",
    (*_CONVS, 12_845_184, 1_032, 1_032): "The stride is missing: the second convolution should halve height and width.",
    (*_CONVS, 802_944, 1_032, 1_032): "Height and width are halved twice: only the second convolution has stride 2.",
    (*_CONVS, 802_848, 264, 264): "The Dense layer should have 128 units: this one has 32.",
    (*_CONVS, 1_048_704, 1_032, 1_032): 'All convolutions need padding="same": without it each one shrinks its input.',
    (*_CONVS, 16_512, 1_032, 1_032): "Use Flatten: pooling over all positions discards where a feature is.",
    (
        *_CONVS,
        3_211_392,
        1_032,
    ): "There is only one head: the mean and the log-variance need a Dense layer each.",
    (*_CONVS, 3_211_392, 1_032, 72): "The second head reads the first: both should read the Dense layer of 128 units.",
    (*_CONVS, 3_211_392, 1_024, 1_024): "The heads have no bias: leave `use_bias` of both Dense layers at its default.",
    (832, 51_264, 204_928, 409_728, 3_211_392, 1_032, 1_032): "The convolutions have kernels of 5×5: take 3×3.",
    (*_CONVS, 200_712, 200_712): "The Dense layer of 128 units between Flatten and the heads is missing.",
}


def _counts(params):
    return " / ".join(f"{n:,}" for n in params)


def _describe_encoder(student):
    """The description of an encoder with two outputs, as it runs on two images."""
    run = "[describe_model(model, tensor(x)), isinstance(model(tensor(x)), dict)]"
    ask = (
        f"(lambda model: {run} if isinstance(model, keras.Model) else [describe_model(model), False])(build_encoder())"
    )
    model, by_name = ask_once(student, ask, x=np.zeros((2, 28, 28, 1)))
    require(
        model["class"] != "NoneType", "The function returned nothing: is a `return` missing?", expected="a keras.Model"
    )
    require(
        "Model" in model["bases"],
        "Return a model, `keras.Model(inputs, outputs)`.",
        expected="a keras.Model",
        actual=f"a {model['class']}",
    )
    require(
        not by_name,
        "The encoder should return its outputs in a list, `[z_mean, z_log_variance]`, not by name.",
        expected="a list",
        actual="a dict",
    )
    require(
        len(model["outputs"]) == 2,
        "The encoder should have two outputs: `keras.Model(images, [z_mean, z_log_variance])`.",
        expected="2 outputs",
        actual=f"{len(model['outputs'])} outputs",
    )
    return model


@pytest.mark.exercise("encoder", points=0.25)
def test_two_heads(student):
    """The encoder has two outputs of hidden_state_size numbers, 8 by default."""
    shapes = [tuple(shape)[1:] for shape in _describe_encoder(student)["outputs"]]
    message = "Each head should return `hidden_state_size` numbers for each image, 8 by default."
    require(shapes == [(8,), (8,)], message, expected="(n, 8) twice", actual=str(shapes))


@pytest.mark.exercise("encoder", points=0.25)
def test_heads_are_named(student):
    """The outputs come from layers named z_mean and z_log_variance, in this order."""
    names = [str(name) for name in _describe_encoder(student)["output_names"]]
    require(
        names != ["z_log_variance", "z_mean"],
        "The outputs are in the wrong order: `z_mean` comes first, then `z_log_variance`.",
        expected="z_mean, z_log_variance",
        actual=", ".join(names),
    )
    require(
        names == ["z_mean", "z_log_variance"],
        'Name the heads "z_mean" and "z_log_variance": `layers.Dense(hidden_state_size, name="z_mean")`.',
        expected="z_mean, z_log_variance",
        actual=", ".join(names),
    )


@pytest.mark.exercise("encoder", points=1)
def test_layer_table(student):
    """The layers have 320 / 18,496 / 73,856 / 147,584 / 3,211,392 / 1,032 / 1,032 parameters."""
    model = _describe_encoder(student)
    layers = [layer for layer in model["layers"] if layer["params"]]
    found = [layer["params"] for layer in layers]
    if rest := model["params"] - sum(found):  # what belongs to no layer of Keras
        found.append(rest)
    if tuple(found) in ENCODER_KNOWN:
        fail(ENCODER_KNOWN[tuple(found)], expected=_counts(ENCODER_PARAMS), actual=_counts(found))
    for i, (want, name) in enumerate(zip(ENCODER_PARAMS, ENCODER_NAMES, strict=True)):
        require(
            i < len(found) and found[i] == want,
            f"Of the layers that have parameters, number {i + 1} should be {name} with {want:,} parameters.",
            expected=_counts(ENCODER_PARAMS),
            actual=_counts(found),
        )
    require(
        len(found) == len(ENCODER_PARAMS),
        "There are more layers with parameters than the table has.",
        expected=_counts(ENCODER_PARAMS),
        actual=_counts(found),
    )
    sizes = [tuple(layer["output_shape"][1:3]) for layer in layers[:4]]
    require(
        sizes == [(28, 28), (14, 14), (14, 14), (14, 14)],
        "The second convolution should halve height and width, with `strides=2`, and no other layer should.",
        expected="28×28, 14×14, 14×14, 14×14",
        actual=", ".join(f"{h}×{w}" for h, w in sizes),
    )


_HEADS = "run_with_each(build_encoder(), settings, tensor(x))"
HIDDEN = ["first convolution", "second convolution", "third convolution", "fourth convolution", "Dense layer"]


def _passing_on(biases, head_bias=0.0, turned=None):
    """Weights with which each layer returns the mean of its input, plus its bias; `turned`: minus the mean."""
    center = np.zeros((3, 3, 1, 1), "float32")
    center[1, 1] = 1.0
    kernels = [0 * center, center / 32, center / 64, center / 128, np.float32(1 / 25_088), np.float32(1 / 128)]
    if turned is not None:
        kernels[turned] = -kernels[turned]
    weights = []
    for kernel, bias in zip(kernels[:5], biases, strict=True):
        weights += [kernel, np.float32(bias)]
    return [*weights, kernels[5], np.float32(head_bias), kernels[5], np.float32(head_bias)]


@pytest.mark.exercise("encoder", points=0.5, after="test_layer_table")  # the weights have to fit
def test_activations(student):
    """ReLU after the convolutions and the Dense layer, no activation on the heads, and no layer such as Dropout."""
    settings = [_passing_on([0, 0, 0, 0, 0], head_bias=-3.0), _passing_on([2, 0, 0, 0, 0])]
    # A layer that returns −2 without ReLU, and a changed sign after it, so that no later ReLU hides this.
    settings += [_passing_on(-2.0 * np.eye(5)[i], turned=i + 1) for i in range(5)]
    _describe_encoder(student)
    below, through, *clipped = student.eval(_HEADS, settings=settings, x=np.zeros((1, 28, 28, 1)))
    for name, head in zip(("z_mean", "z_log_variance"), below, strict=True):
        expect(
            head,
            close_to=np.full((1, 8), -3.0),
            rel=1e-3,
            if_instead=[
                (np.zeros((1, 8)), f"`{name}` can't become negative: it has a ReLU. A head has no activation."),
                (np.full((1, 8), np.tanh(-3.0)), f"`{name}` has an activation, tanh: a head has none."),
                (np.full((1, 8), 1 / (1 + np.exp(3.0))), f"`{name}` has an activation, a sigmoid: a head has none."),
                (
                    np.full((1, 8), np.log1p(np.exp(-3.0))),
                    f"`{name}` has a softplus: a log-variance may be any number, so a head has no activation.",
                ),
            ],
            message=f"`{name}` should be a Dense layer without activation: its values may be any number.",
        )
    message = "ReLU leaves positive numbers unchanged: one of the layers has another activation."
    expect(through[0], close_to=np.full((1, 8), 2.0), rel=1e-3, message=message)
    for name, heads in zip(HIDDEN, clipped, strict=True):
        message = f"The {name} should have a ReLU: its output contains negative values."
        expect(heads[0], close_to=np.zeros((1, 8)), abs=1e-4, message=message)
    require_same_in_training(student, "build_encoder()", np.random.default_rng(80).random((2, 28, 28, 1)))


# ---- generate

# A decoder whose "images" are its codes: the check sees which z was sampled.
_SHOWS_CODES = "functional(keras.Sequential([keras.Input(({d},)), keras.layers.Reshape((1, {d}, 1))]))"
DRAWS = 20_000


def ask_generate(student, ask):
    """The answer to an expression that calls `generate`; codes of a wrong width have their own sentence."""
    try:
        return student.eval(ask)
    except StudentError as error:
        if error.kind in ("ValueError", "InvalidArgumentError") and re.search(r"shape|size|axis", error.message):
            fail(
                "This decoder has another latent dimension than 8, or than the codes you pass: read the width from "
                "`decoder.input_shape`.",
                expected="codes of shape (n, latent_dim) of this decoder",
                actual=f"{error.kind}: {first_line(error.message)}",
            )
        raise


def _draws(student, n, seed, dimensions=8):
    images = ask_generate(student, f"generate(quick({_SHOWS_CODES.format(d=dimensions)}, whole=True), {n}, {seed})")
    expect(
        images,
        shape=(n, 1, dimensions, 1),
        message="`generate` should return the decoder's output for `n` codes, in the decoder's shape.",
    )
    return np.asarray(images, dtype=float).reshape(n, dimensions)


@pytest.mark.exercise("generate", points=0.5)
def test_as_many_as_asked_for(student):
    """n images, in one decoder call."""
    answer = ask_generate(
        student,
        "(lambda log: (lambda decoder: {'images': generate(quick(decoder), 6, 1), 'rows': list(log)})"
        "(functional"
        "(keras.Sequential([keras.Input((8,)), watch_rows(log), keras.layers.Reshape((1, 8, 1))]))))([])",
    )
    expect(
        answer["images"],
        shape=(6, 1, 8, 1),
        message="generate(decoder, n, seed) should return n images, the output of the decoder.",
    )
    require(
        max(answer["rows"], default=2) > 1,
        "The decoder was called for one code after the other: pass all n codes at once.",
        expected="one pass with 6 codes",
        actual=f"passes with {', '.join(map(str, answer['rows']))} codes",
    )


# Not after a loop over the codes: it would call predict thousands of times.
@pytest.mark.exercise("generate", points=1, after="test_as_many_as_asked_for")
def test_drawn_from_the_prior(student):
    """The codes are samples from N(0, I)."""
    z = _draws(student, DRAWS, 11)
    require(
        np.abs(z[1:] - z[:-1]).max() > 0,
        "All codes are the same: sample n different ones.",
        expected="n different codes",
        actual="n times the same",
    )
    mean, spread = float(z.mean()), float(z.std())
    message = "The mean of the codes should be 0: the prior is N(0, I)."
    # Wide enough for correlated coordinates too: they have their own sentence below.
    expect(mean, close_to=0.0, rel=0, abs=mean_tolerance(1.0, DRAWS), message=message)
    between = np.corrcoef(z.T)[np.triu_indices(8, 1)]
    require(
        np.abs(between).max() < correlation_tolerance(DRAWS, RATE / between.size),
        "The coordinates of a code are correlated: sample each dimension independently.",
        expected="no correlation",
        actual=f"correlation {between[np.abs(between).argmax()]:.3f}",
    )
    message = "The codes should have standard deviation 1 in each dimension: the prior is N(0, I)."
    expect(spread, close_to=1.0, rel=std_tolerance(z.size), abs=0, message=message)
    require_normal(z, draw_with="keras.random.normal")


@pytest.mark.exercise("generate", points=0.5)
def test_the_seed_decides(student):
    """The same seed gives the same images, another seed gives others."""
    first, same, other = (_draws(student, 5, seed) for seed in (7, 7, 8))
    message = "Two calls with seed=7 gave different images: pass the seed to the function that samples."
    expect(same, close_to=first, message=message)
    expect_other(
        other,
        first,
        "seed=7 and seed=8 gave the same images: use the argument `seed`.",
        expected="other images for another seed",
        what="the same images",
    )
    require(
        np.abs(first[:, None] - other).max(axis=2).min() > 1e-6,
        "seed=7 and seed=8 have codes in common: sample all n codes at once with the seed, not each with a seed near it.",
        expected="other codes for another seed",
        actual="some of the same codes",
    )
    decoder = "functional(keras.Sequential([keras.Input((8,)), watch_modes(modes), keras.layers.Reshape((1, 8, 1))]))"
    require_inference(student.eval(f"(lambda modes: [generate(quick({decoder}), 2, 7), modes])([])")[1])


# ---- slerp


def _as_array(path):
    expect(path, shape=(None, None), message="The path should be one array with a row for each point: (steps, d).")
    return np.asarray(path, dtype=float)


def _angles(path):
    """The angle from each point of a path to the next, in radians."""
    directions = path / np.linalg.norm(path, axis=1, keepdims=True)
    cosines = np.clip((directions[1:] * directions[:-1]).sum(axis=1), -1, 1)
    return np.arccos(cosines)


def _line(start, end, steps):
    return start + np.linspace(0, 1, steps)[:, None] * (end - start)


def _arc(start, end, steps):
    """Direction along the great circle, norm along a line."""
    share = np.linspace(0, 1, steps)[:, None]
    norms = np.linalg.norm(start), np.linalg.norm(end)
    a, b = start / norms[0], end / norms[1]
    angle = np.arccos(np.clip(a @ b, -1, 1))
    direction = (np.sin((1 - share) * angle) * a + np.sin(share * angle) * b) / np.sin(angle)
    return direction * (norms[0] + share * (norms[1] - norms[0]))


def _raw_arc(start, end, steps):
    """The common formula applied to the vectors as they are, not to their directions."""
    share = np.linspace(0, 1, steps)[:, None]
    angle = np.arccos(start @ end / np.linalg.norm(start) / np.linalg.norm(end))
    return (np.sin((1 - share) * angle) * start + np.sin(share * angle) * end) / np.sin(angle)


@pytest.mark.exercise("slerp", points=0.5)
def test_path_ends_where_it_should(student):
    """The path has `steps` points; it starts at z_start and ends at z_end."""
    start, end = np.array([2.0, 0.0, 1.0]), np.array([0.0, 3.0, 1.0])
    path = student.eval("slerp(a, b, 5)", a=start, b=end)
    shape = shape_of(path)
    require(
        shape not in ((6, 3), (4, 3)),
        "`steps` counts the points, both ends included: `np.linspace(0, 1, steps)` gives exactly these shares.",
        expected="shape (5, 3)",
        actual=f"shape {shape}",
    )
    expect(path, shape=(5, 3), message="The path should be one array with a row for each point: (steps, d).")
    message = "The first point should be z_start itself, in direction and in norm."
    backwards = "The path is reversed: it starts at z_end."
    expect(path[0], close_to=start, rel=1e-3, abs=1e-4, if_instead=[(end, backwards)], message=message)
    message = "The last point should be z_end itself, in direction and in norm."
    expect(path[-1], close_to=end, rel=1e-3, abs=1e-4, message=message)


@pytest.mark.exercise("slerp", points=1)
def test_same_norm_all_along(student):
    """Between two vectors of the same norm the norm is constant, and each step turns by the same angle."""
    start, end = np.array([2.0, 0.0, 0.0, 0.0]), np.array([0.0, -1.2, 1.6, 0.0])
    path = _as_array(student.eval("slerp(a, b, 7)", a=start, b=end))
    wanted = _arc(start, end, len(path))  # another check asks how many there are
    straight = _line(start, end, len(path))
    projected = 2 * straight / np.linalg.norm(straight, axis=1, keepdims=True)
    expect(
        path,
        close_to=wanted,
        rel=1e-3,
        abs=1e-4,
        if_instead=[
            (straight, "This is the straight line: in the middle its norm is smaller than at the ends."),
            (
                projected,
                "The norms are right, but the angles aren't: a straight line projected onto the circle turns faster in "
                "the middle. Turn by the same angle at each step.",
            ),
            (wanted / 2, "The norm is lost: you return directions of length 1."),
        ],
        message="The path should stay on the circle through both ends and turn by the same angle at each step.",
    )
    angles = _angles(path)
    expect(
        angles,
        close_to=np.full(len(angles), angles.mean()),
        rel=1e-2,
        message="Each step should turn by the same angle.",
    )


@pytest.mark.exercise("slerp", points=0.5)
def test_norm_goes_evenly(student):
    """Between vectors of different norms, the angles are still equal, and so are the steps of the norm."""
    start, end = np.array([1.0, 0.0, 0.0]), np.array([0.5, 2.4, 3.2])
    path = _as_array(student.eval("slerp(a, b, 6)", a=start, b=end))
    wanted = _arc(start, end, len(path))
    norms = np.linalg.norm(wanted, axis=1)
    geometric = wanted / norms[:, None] * np.geomspace(norms[0], norms[-1], len(path))[:, None]
    expect(
        path,
        close_to=wanted,
        rel=1e-3,
        abs=1e-4,
        if_instead=[
            (
                _raw_arc(start, end, len(path)),
                "The formula holds for directions: with vectors of different norms the angles differ. Divide both by "
                "their norms first, and multiply by the norm at the end.",
            ),
            (
                wanted / norms[:, None] * norms[0],
                "The whole path has the norm of z_start: it should end at that of z_end.",
            ),
            (geometric, "The norm grows by the same factor at each step: here it should change by the same amount."),
        ],
        message="The direction should change by equal angles and the norm by equal amounts.",
    )


@pytest.mark.exercise("slerp", points=0.5)
def test_parallel_vectors(student):
    """Between parallel vectors the path is the straight line, without NaN."""
    starts = np.random.default_rng(90).normal(0, 1.5, (40, 8))  # rounding puts their cosines below, at and above 1
    for factor in (1.0, 2.5):
        paths = student.eval("[slerp(a, b, 4) for a, b in zip(starts, ends)]", starts=starts, ends=factor * starts)
        message = "Each path should be an array with a row for each of `steps` points: (steps, d)."
        shapes = {shape_of(path) for path in paths}
        fits = len(shapes) == 1 and None not in shapes and next(iter(shapes))[1:] == (8,)
        require(fits, message, expected="shape (4, 8)", actual=", ".join(map(str, shapes)))
        require(
            np.isfinite(np.asarray(paths, dtype=float)).all(),
            "Parallel vectors give NaN: the sine you divide by is 0, or rounding made their cosine larger than 1. "
            "Clip the cosine, and return the straight line if the angle is below 0.001.",
            expected="a straight line",
            actual="values that aren't finite",
        )
        message = "Between parallel vectors the direction is constant: the path should be the straight line."
        wanted = np.array([_line(start, factor * start, len(paths[0])) for start in starts])
        expect(np.asarray(paths, dtype=float), close_to=wanted, rel=1e-3, abs=1e-3, message=message)


# ---- attribute


def _labeled(seed, more=0, dimensions=3, classes=5):
    """Codes and labels, 8 of each class; class 3 has `more` in place of as many of class 0."""
    rng = np.random.default_rng(seed)
    labels = np.tile(np.arange(classes), 8)
    labels[np.flatnonzero(labels == 0)[:more]] = 3
    n = len(labels)
    rng.shuffle(labels)
    return rng.normal(0, 2, (n, dimensions)) + labels[:, None], labels.astype("uint8")


@pytest.mark.exercise("attribute", points=0.5)
def test_one_vector(student):
    """The attribute vector has one number for each latent dimension."""
    codes, labels = _labeled(82)
    vector = student.eval("attribute_vector(codes, labels, 0, 3)", codes=codes, labels=labels)
    require(
        shape_of(vector) != (),
        "The result is a single number: average over the images, `axis=0`, not over the dimensions as well.",
        expected="shape (3,)",
        actual="one number",
    )
    require(
        shape_of(vector) != (8,),
        "You averaged over the dimensions of each code: average over the codes of a class, `axis=0`.",
        expected="shape (3,)",
        actual="shape (8,)",
    )
    expect(vector, shape=(3,), message="The vector should have one number for each latent dimension: shape (d,).")


@pytest.mark.exercise("attribute", points=1)
def test_difference_of_means(student):
    """It leads from the mean code of the source class to the mean code of the target class."""
    codes, labels = _labeled(83, more=2)
    source, target = codes[labels == 0], codes[labels == 3]
    vector = in_shape(student.eval("attribute_vector(codes, labels, 0, 3)", codes=codes, labels=labels), (3,))
    wanted = target.mean(axis=0) - source.mean(axis=0)
    n = min(len(source), len(target))
    expect(
        vector,
        close_to=wanted,
        rel=1e-3,
        abs=1e-4,
        if_instead=[
            (
                -wanted,
                "The vector has the wrong direction: it should lead from `source` to `target`, target minus source.",
            ),
            (
                target.sum(axis=0) - source.sum(axis=0),
                "These are sums: use means, because the classes have different sizes.",
            ),
            (target.mean(axis=0), "This is the mean of the target class alone: subtract that of the source class."),
            (
                target.mean(axis=0) - codes.mean(axis=0),
                "You subtracted the mean of all codes: subtract that of the source class.",
            ),
            (
                np.median(target, axis=0) - np.median(source, axis=0),
                "These are medians: the exercise asks for the difference of the means.",
            ),
            (
                wanted / np.linalg.norm(wanted),
                "You scaled the vector to length 1: amount 1 should lead from one mean to the other.",
            ),
            (
                target[0] - source[0],
                "This is the difference of two single codes: average all codes of each class first.",
            ),
            (
                (target[:n] - source[:n]).mean(axis=0),
                "You averaged only as many codes as the smaller class has: average all codes of each class.",
            ),
        ],
        message="The vector should be the mean code of `target` minus the mean code of `source`.",
    )


# ---- vary

# A linear decoder, so that NumPy can compute its output; it notes the rows of each pass in `log`.
_VARY = (
    "(lambda log, modes: (lambda decoder: (decoder.set_weights([kernel]), quick(decoder),"
    " {{'images': vary(decoder, {arguments}), 'rows': list(log), 'modes': modes}})[2])"
    "(functional"
    "(keras.Sequential([keras.Input((kernel.shape[0],)), watch_rows(log), "
    "watch_modes(modes),"
    " keras.layers.Dense(kernel.shape[1], use_bias=False), keras.layers.Reshape((2, 2, 1))]))))([], [])"
)


def _vary_inputs(seed, dimensions=3):
    rng = np.random.default_rng(seed)
    return {
        "kernel": rng.normal(0, 1, (dimensions, 4)).astype("float32"),
        "code": rng.normal(0, 1, dimensions).astype("float32"),
        "direction": rng.normal(0, 2, dimensions).astype("float32"),
    }


def _decoded(given, codes):
    return (np.asarray(codes) @ given["kernel"]).reshape(-1, 2, 2, 1)


@pytest.mark.exercise("vary", points=0.5)
def test_one_image_for_each_amount(student):
    """There is one image for each amount, in the decoder's shape."""
    given = _vary_inputs(84)
    images = student.eval(_VARY.format(arguments="code, direction, [-1.0, 0.0, 0.5, 1.0, 2.0]"), **given)["images"]
    expect(images, shape=(5, 2, 2, 1), message="There should be one image for each amount: shape (len(amounts), …).")


@pytest.mark.exercise("vary", points=0.5)
def test_code_plus_amount_times_direction(student):
    """The image for an amount is decoder(code + amount·direction); amount 0 is the original."""
    given = _vary_inputs(85)
    code, direction = given["code"], given["direction"]
    amounts = np.array([-1.0, 0.0, 0.5, 2.0])
    images = student.eval(_VARY.format(arguments="code, direction, [-1.0, 0.0, 0.5, 2.0]"), **given)["images"]
    images = in_shape(images, (4, 2, 2, 1))
    steps = amounts[:, None] * direction
    unit = direction / np.linalg.norm(direction)
    expect(
        images,
        close_to=_decoded(given, code + steps),
        rel=1e-3,
        abs=1e-3,
        if_instead=[
            (_decoded(given, steps), "The code is missing: start from it, code + amount·direction."),
            (_decoded(given, code - steps), "The direction is subtracted: code + amount·direction."),
            (
                _decoded(given, code + amounts[:, None] * unit),
                "The direction was scaled to length 1: amount 1 should be one whole direction.",
            ),
            (
                _decoded(given, code + np.cumsum(steps, axis=0)),
                "The steps accumulate: each amount starts from the original code, not from the previous one.",
            ),
            (
                _decoded(given, code + amounts[:, None]),
                "The amount was added to every dimension: multiply it by the direction.",
            ),
            (
                _decoded(given, (1 - amounts[:, None]) * code + steps),
                "You interpolate between the code and the direction, as if it were a code: add amount·direction to the code.",
            ),
            (_decoded(given, code * (1 + steps)), "Add amount·direction to the code, don't multiply."),
        ],
        message="The image for an amount should be the decoder's output for code + amount·direction.",
    )


@pytest.mark.exercise("vary", points=0.5)
def test_one_predict_call(student):
    """All amounts are decoded in one call."""
    given = _vary_inputs(86)
    answer = student.eval(_VARY.format(arguments="code, direction, [-1.0, 0.0, 1.0, 2.0]"), **given)
    require_finite(answer["images"])
    rows = answer["rows"]
    require(rows, "The decoder wasn't called: return its output for the codes.", expected="one pass with 4 codes")
    require(
        rows == [4],
        "The decoder ran more than once: put the codes of all amounts into one array and decode them together.",
        expected="one pass with 4 codes",
        actual=f"passes with {', '.join(map(str, rows))} codes",
    )
    require_inference(answer["modes"])


# ---- anomaly

# An encoder and a decoder of one Dense layer each, with weights that the check sets; `log` has the rows decoded.
SCORE = """(lambda i, z, log, modes: (lambda encoder, decoder: (encoder.set_weights(we), decoder.set_weights(wd),
    quick(encoder), quick(decoder), {expression})[4])(
    keras.Model(i, (lambda x: [keras.layers.Dense(we[1].size, name='z_mean')(x),
                               keras.layers.Dense(we[3].size, name='z_log_variance')(x)])(
        keras.layers.Flatten()(watch_modes(modes)(i)))),
    keras.Model(z, keras.layers.Reshape((28, 28, 1))(
        keras.layers.Dense(784, activation='sigmoid')(watch_rows(log)(watch_modes(modes)(z))))),
))(keras.Input((28, 28, 1)), keras.Input((we[1].size,)), [], [])"""


def score_inputs(rng, n=6, dimensions=3, log_var=-0.5, scale=0.8):
    """Images and weights; `log_var` is about the log-variance of every image in every dimension."""
    shapes = [(784, dimensions), (dimensions,), (784, dimensions), (dimensions,)]
    scales = [0.08, 0.5, 0.01, 0.3]
    encoder = [rng.normal(0, s, shape).astype("float32") for s, shape in zip(scales, shapes, strict=True)]
    encoder[3] += np.float32(log_var)
    return {
        "x": (rng.uniform(0, 1, (n, 28, 28, 1)) * rng.uniform(0.1, 1, (n, 1, 1, 1))).astype("float32"),
        "we": encoder,
        "wd": [rng.normal(0, s, shape).astype("float32") for s, shape in ((scale, (dimensions, 784)), (1.0, (784,)))],
    }


def posterior(given):
    """Pixels (n, 784), mean and log-variance (n, d) of each image, and the KL of each dimension, as NumPy has them."""
    pixels = given["x"].reshape(len(given["x"]), 784).astype(float)
    mean = pixels @ given["we"][0] + given["we"][1]
    log_var = pixels @ given["we"][2] + given["we"][3]
    return pixels, mean, log_var, 0.5 * (np.exp(log_var) + mean**2 - 1 - log_var)


def cross_entropy(given, pixels, z):
    """Binary cross-entropy of each image and pixel, in nats, for latent vectors (…, n, d)."""
    logits = z @ given["wd"][0] + given["wd"][1]
    return np.logaddexp(0, logits) - pixels * logits


SAMPLES = 400


def sampled(given, width=lambda log_var: np.exp(0.5 * log_var)):
    """Mean and standard deviation, over samples of z, of the reconstruction loss of each image."""
    pixels, mean, log_var, _ = posterior(given)
    rng = np.random.default_rng(4)
    losses = np.array(
        [
            cross_entropy(given, pixels, mean + width(log_var) * rng.standard_normal(mean.shape)).sum(axis=1)
            for _ in range(SAMPLES)
        ]
    )
    return losses.mean(axis=0), losses.std(axis=0)


@pytest.mark.exercise("anomaly", points=0.25)
def test_a_score_for_each_image(student):
    """Each image has a score of its own."""
    given = score_inputs(np.random.default_rng(87))
    scores = student.eval(SCORE.format(expression="anomaly_scores(encoder, decoder, x)"), **given)
    require(
        shape_of(scores) != (),
        "Each image needs a score of its own: you averaged or summed over all of them.",
        expected="shape (6,)",
        actual="one number",
    )
    require(
        shape_of(scores) != (8, 6),
        "There is a score for each sample of z: average over the samples, so that each image has one.",
        expected="shape (6,)",
        actual="shape (8, 6)",
    )
    expect(scores, shape=(6,), message="There should be one score for each image: shape (n,).")


@pytest.mark.exercise("anomaly", points=0.75)
def test_negative_elbo(student):
    """The score is reconstruction + KL, in nats."""
    # A posterior so narrow that every sample of z is z_mean: then NumPy knows the score.
    given = score_inputs(np.random.default_rng(88), log_var=-24.0)
    pixels, mean, _, per_dimension = posterior(given)
    per_pixel = cross_entropy(given, pixels, mean)
    error = pixels - 1 / (1 + np.exp(-(mean @ given["wd"][0] + given["wd"][1])))
    reconstruction, kl = per_pixel.sum(axis=1), per_dimension.sum(axis=1)
    squared = (error**2).sum(axis=1)
    expect(
        in_shape(student.eval(SCORE.format(expression="anomaly_scores(encoder, decoder, x)"), **given), (6,)),
        close_to=reconstruction + kl,
        rel=2e-4,
        abs=1e-2,
        if_instead=[
            (reconstruction, "The KL is missing: the score is reconstruction + KL."),
            (kl, "The reconstruction is missing: the score is reconstruction + KL."),
            (-reconstruction - kl, "The sign is wrong: the score is the *negative* ELBO, large for unusual images."),
            (reconstruction - kl, "The KL is subtracted: both terms are costs, so add them."),
            (
                reconstruction / 784 + kl,
                "The reconstruction is a mean over pixels: sum it, or the KL counts 784 times too much.",
            ),
            (reconstruction / 784 + per_dimension.mean(axis=1), "Sum over pixels and over dimensions, don't average."),
            (reconstruction + per_dimension.mean(axis=1), "The KL is a mean over the dimensions: sum it."),
            (reconstruction + 2 * kl, "The KL is twice as large as it should be: the factor ½ is missing."),
            (reconstruction + kl / 8, "The KL is divided by the number of samples: add it once, undivided."),
            (reconstruction + 8 * kl, "The KL is added once for each sample of z: add it only once."),
            (8 * (reconstruction + kl), "The scores of the samples are summed: average over them."),
            (8 * reconstruction + kl, "The reconstruction is summed over the samples of z: average over them."),
            (reconstruction.mean() + kl, "The reconstruction was averaged over the images: each has its own."),
            (reconstruction + kl.mean(), "The KL was averaged over the images: each has its own."),
            (squared + kl, "This is the squared error: the course's reconstruction is binary cross-entropy."),
            (squared, "This is the squared error alone: the score is cross-entropy + KL."),
            (squared / 784, "This is the mean squared error: the score is summed cross-entropy + KL."),
        ],
        message="The score should be the binary cross-entropy, summed over the pixels, plus the KL, of each image.",
    )


@pytest.mark.exercise("anomaly", points=0.5)
def test_averaged_over_samples(student):
    """The reconstruction is averaged over `draws` samples of z, not computed through z_mean."""
    draws = 16
    given = score_inputs(
        np.random.default_rng(90), dimensions=32, log_var=2.5, scale=0.2
    )  # far from z_mean, and σ ≠ σ²
    pixels, mean, log_var, per_dimension = posterior(given)
    kl = per_dimension.sum(axis=1)
    wanted, spread = sampled(given)
    expression = f"{{'scores': anomaly_scores(encoder, decoder, x, draws={draws}), 'rows': list(log)}}"
    answer = student.eval(SCORE.format(expression=expression), **given)
    found = in_shape(answer["scores"], (6,))
    message = "There should be one score for each image: shape (n,)."
    require(shape_of(found) == (6,), message, expected="shape (6,)", actual=f"shape {shape_of(found)}")
    require_finite(found)
    reconstruction = np.asarray(found, dtype=float) - kl
    at_mean = cross_entropy(given, pixels, mean).sum(axis=1)
    require(
        not np.allclose(reconstruction, at_mean, rtol=1e-3),
        "The reconstruction is computed through `z_mean`, which is no estimate of the ELBO: decode samples of z.",
        expected=f"the mean over {draws} samples of z",
        actual="the value at z_mean",
    )
    rows = sum(answer["rows"])
    require(
        rows >= draws * 6,
        f"With draws={draws} the decoder should decode {draws} samples of z for each image: use the argument `draws`, "
        "and average losses, not images or latent vectors.",
        expected=f"{draws * 6} latent vectors decoded",
        actual=f"{rows} latent vectors decoded",
    )
    expression = "[anomaly_scores(encoder, decoder, x), list(log), anomaly_scores(encoder, decoder, x, draws=1)]"
    _, rows, one = student.eval(SCORE.format(expression=expression), **given)
    rows = sum(rows)
    require(
        rows == 8 * 6,
        "Without an argument there should be 8 samples of z: `draws=8` in the first line.",
        expected=f"{8 * 6} latent vectors decoded",
        actual=f"{rows} latent vectors decoded",
    )
    require(
        shape_of(one) != shape_of(found) or not np.allclose(one, found, rtol=1e-5),
        f"With draws=1 and with draws={draws} the scores are the same: each of the samples needs noise of its own, and "
        "a function that is called with the same integer as seed returns the same numbers each time.",
        expected="other noise for each sample",
        actual="the same noise",
    )
    _require_noise_for_each_dimension(student)
    off = np.abs(reconstruction - wanted)
    if (off > _tolerance(spread, draws)).any():
        decoded = 1 / (
            1 + np.exp(-((mean + _noise(mean, draws) * np.exp(0.5 * log_var)) @ given["wd"][0] + given["wd"][1]))
        )
        average = decoded.mean(axis=0)
        of_average = -(pixels * np.log(average) + (1 - pixels) * np.log1p(-average)).sum(axis=1)
        for (other, its_spread), sentence in (
            (sampled(given, np.exp), "The noise is multiplied by the variance: multiply it by σ, exp(½·z_log_var)."),
            (sampled(given, np.ones_like), "The noise is added as it is: multiply it by σ, exp(½·z_log_var)."),
            ((of_average, spread / 2), "You averaged the decoded images, then computed one loss: average the losses."),
        ):
            if (np.abs(reconstruction - other) <= _tolerance(its_spread, draws)).all():
                fail(sentence, expected=wanted + kl, actual=found)
    require(
        (off <= _tolerance(spread, draws)).all(),
        "The reconstruction should be the mean over samples of z from q(z|x), N(z_mean, exp(z_log_var)).",
        expected=wanted + kl,
        actual=found,
    )


def _require_noise_for_each_dimension(student):
    """Two dimensions whose noise the decoder subtracts: if it is the same in both, every z looks like z_mean."""
    given = score_inputs(np.random.default_rng(91), n=3, dimensions=2, log_var=1.0)
    for weights in (given["we"][2], given["we"][3]):  # the same log-variance in both dimensions
        weights[..., 1] = weights[..., 0]
    given["wd"][0][1] = -given["wd"][0][0]
    pixels, mean, _, kl = posterior(given)
    at_mean = cross_entropy(given, pixels, mean).sum(axis=1) + kl.sum(axis=1)
    found = in_shape(student.eval(SCORE.format(expression="anomaly_scores(encoder, decoder, x)"), **given), (3,))
    require(
        shape_of(found) != (3,) or not np.allclose(found, at_mean, rtol=1e-4),
        "The noise of a sample is the same in every dimension: sample `draws` arrays of the shape of `z_mean`.",
        expected="noise of its own in each dimension",
        actual="one number for all dimensions",
    )


def _tolerance(spread, draws):
    """Six standard errors, of the mean over the draws and of the check's own: exceeded once in 10⁸ times."""
    return 6 * spread * np.sqrt(1 / draws + 1 / SAMPLES)


def _noise(mean, draws):
    return np.random.default_rng(5).standard_normal((draws, *mean.shape))


@pytest.mark.exercise("anomaly", points=0.5)
def test_the_seed_fixes_the_samples(student):
    """The same seed gives the same scores, seed=0 by default; another seed gives others."""
    given = score_inputs(np.random.default_rng(89))
    calls = ", ".join(f"anomaly_scores(encoder, decoder, x{more})" for more in ("", "", ", seed=0", ", seed=1"))
    (first, second, zero, other), modes = student.eval(SCORE.format(expression=f"[({calls}), modes]"), **given)
    require_inference(modes)
    message = "Two calls gave the same images different scores: pass `seed` to the function that samples the noise."
    expect(second, close_to=first, message=message)
    message = (
        "Without an argument the seed should be 0: `def anomaly_scores(encoder, decoder, images, draws=8, seed=0)`."
    )
    expect(zero, close_to=first, message=message)
    expect_other(
        other,
        first,
        "seed=0 and seed=1 gave the same scores: sample z with the seed, and don't decode `z_mean`.",
        expected="other scores for another seed",
        what="the same scores",
    )
