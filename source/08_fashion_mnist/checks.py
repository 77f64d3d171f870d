"""Public checks of lesson 08, Fashion-MNIST.

The models in these checks are a few lines long and have weights that the check sets, so that NumPy knows every
output beforehand.
"""

import re

import numpy as np
import pytest

from autograder.checking.chance import RATE, correlation_tolerance, mean_tolerance, require_normal, std_tolerance
from autograder.checking.errors import first_line
from autograder.checking.expect import expect, expect_other, fail, in_shape, require, require_finite, shape_of
from autograder.checking.student import StudentError

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]

# ---- prepare


@pytest.mark.exercise("prepare", points=0.5)
def test_one_channel(student):
    """The pictures get a channel axis at the end: (n, 28, 28, 1)."""
    images = student.eval("prepare_images(raw)", raw=np.full((5, 28, 28), 7, "uint8"))
    shape = shape_of(images)
    require(
        shape != (5, 28, 28),
        "The channel axis is missing: a convolution expects (n, 28, 28, 1), also for gray pictures.",
        expected="shape (5, 28, 28, 1)",
        actual=f"shape {shape}",
    )
    require(
        shape != (5, 1, 28, 28),
        "The channel axis stands in front of the pixels: Keras wants it at the end, (n, 28, 28, 1).",
        expected="shape (5, 28, 28, 1)",
        actual=f"shape {shape}",
    )
    expect(images, shape=(5, 28, 28, 1), message="The pictures should have the shape (n, 28, 28, 1).")


@pytest.mark.exercise("prepare", points=0.5)
def test_from_bytes_to_shares(student):
    """0 stays 0, 255 becomes 1, and each pixel keeps its place."""
    raw = np.random.default_rng(81).integers(0, 200, (4, 28, 28)).astype("uint8")  # no 255 in it
    images = in_shape(student.eval("prepare_images(raw)", raw=raw), (4, 28, 28, 1))
    wanted = (raw / 255.0)[..., None]
    centered = [wanted * 2 - 1, (raw / 127.5 - 1)[..., None], (wanted - wanted.mean()) / wanted.std()]
    expect(
        images,
        close_to=wanted,
        if_instead=[
            (raw[..., None].astype(float), "The pixels still go up to 255: divide by 255."),
            (raw[..., None] / 256.0, "Divide by 255, the largest byte: with 256 white never becomes 1."),
            (
                raw[..., None] / float(raw.max()),
                "You divided by the brightest pixel that happens to be there: other pictures get another scale. "
                "Divide by 255.",
            ),
            *[
                (x, "The decoder's sigmoid gives 0 to 1, so the pictures must lie there too: divide by 255.")
                for x in centered
            ],
            (1 - wanted, "Black and white are exchanged: 0 stays 0."),
            (wanted.swapaxes(1, 2), "Rows and columns are exchanged: a reshape or a new axis keeps the order."),
            (np.zeros_like(wanted), "All is 0: bytes were divided as whole numbers. Turn them into float32 first."),
        ],
        message="Each pixel should become its byte divided by 255, in the same place.",
    )


@pytest.mark.exercise("prepare", points=0.5)
def test_float32(student):
    """The pictures are float32."""
    images = student.eval("prepare_images(raw)", raw=np.full((2, 28, 28), 7, "uint8"))
    expect(
        images,
        dtype="float32",
        message="The pictures should be float32: NumPy divides bytes into float64, twice the memory for nothing.",
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
    (*_CONVS, 12_845_184, 1_032, 1_032): "The stride is missing: the second convolution should halve the picture.",
    (*_CONVS, 802_944, 1_032, 1_032): "The picture is halved twice: only the second convolution has stride 2.",
    (*_CONVS, 802_848, 264, 264): "The Dense layer should have 128 units: this one has 32.",
    (*_CONVS, 1_048_704, 1_032, 1_032): 'All convolutions need padding="same": without it the picture shrinks at each.',
    (*_CONVS, 16_512, 1_032, 1_032): "Use Flatten: pooling over all places forgets where something is.",
    (
        *_CONVS,
        3_211_392,
        1_032,
    ): "There is one head: the mean and the log-variance each need a Dense layer of their own.",
    (*_CONVS, 3_211_392, 1_032, 72): "The second head reads the first: both should read the Dense layer of 128 units.",
    (*_CONVS, 200_712, 200_712): "The Dense layer of 128 units between Flatten and the heads is missing.",
}


def _counts(params):
    return " / ".join(f"{n:,}" for n in params)


def _describe_encoder(student):
    """The description of an encoder with two outputs, as it runs on two images."""
    kind = student.eval("describe_model(build_encoder())")
    require(kind["class"] != "NoneType", "Nothing came back: is a `return` missing?", expected="a keras.Model")
    require(
        "Model" in kind["bases"],
        "Return a model, `keras.Model(inputs, outputs)`.",
        expected="a keras.Model",
        actual=f"a {kind['class']}",
    )
    model = student.eval("describe_model(build_encoder(), tensor(x))", x=np.zeros((2, 28, 28, 1)))
    require(
        len(model["outputs"]) == 2,
        "The encoder should have two outputs: `keras.Model(images, [z_mean, z_log_variance])`.",
        expected="2 outputs",
        actual=f"{len(model['outputs'])} outputs",
    )
    return model


@pytest.mark.exercise("encoder", points=0.25)
def test_two_heads(student):
    """The encoder has two outputs of hidden_state_size numbers, 8 if nothing is said."""
    shapes = [tuple(shape)[1:] for shape in _describe_encoder(student)["outputs"]]
    message = "Each head should give `hidden_state_size` numbers for each picture, 8 if nothing else is said."
    require(shapes == [(8,), (8,)], message, expected="(n, 8) twice", actual=str(shapes))


@pytest.mark.exercise("encoder", points=0.25)
def test_heads_are_named(student):
    """The outputs come from layers named z_mean and z_log_variance, in this order."""
    names = [str(name) for name in _describe_encoder(student)["output_names"]]
    require(
        names != ["z_log_variance", "z_mean"],
        "The order of the outputs is turned: `z_mean` comes first, then `z_log_variance`.",
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
        "The second convolution should halve the picture, with `strides=2`, and no other layer.",
        expected="28×28, 14×14, 14×14, 14×14",
        actual=", ".join(f"{h}×{w}" for h, w in sizes),
    )


_HEADS = "(lambda model: [run_with(model, weights, tensor(x)) for weights in settings])(build_encoder())"
HIDDEN = ["first convolution", "second convolution", "third convolution", "fourth convolution", "Dense layer"]


def _passing_on(biases, head_bias=0.0, turned=None):
    """Weights with which each layer gives the mean of what it gets, plus its bias; `turned`: minus the mean."""
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
    """ReLU behind the convolutions and the Dense layer, nothing behind the heads."""
    settings = [_passing_on([0, 0, 0, 0, 0], head_bias=-3.0), _passing_on([2, 0, 0, 0, 0])]
    # A layer that gives −2 if it has no ReLU, and a turned sign behind it, so that no later ReLU hides this.
    settings += [_passing_on(-2.0 * np.eye(5)[i], turned=i + 1) for i in range(5)]
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
                    f"`{name}` has a softplus: a log-variance may be any number.",
                ),
            ],
            message=f"`{name}` should be a Dense layer without activation: its values may be any.",
        )
    message = "ReLU lets positive numbers pass as they are: one of the layers has another activation."
    expect(through[0], close_to=np.full((1, 8), 2.0), rel=1e-3, message=message)
    for name, heads in zip(HIDDEN, clipped, strict=True):
        message = f"The {name} should have a ReLU behind it: negative values went through."
        expect(heads[0], close_to=np.zeros((1, 8)), abs=1e-4, message=message)


# ---- generate

# A decoder whose "pictures" are its codes: what it draws can be seen.
_SHOWS_CODES = "keras.Sequential([keras.Input(({d},)), keras.layers.Reshape((1, {d}, 1))])"
DRAWS = 20_000


def ask_generate(student, ask):
    """The answer to an expression that calls `generate`; codes that don't fit the decoder have their own sentence."""
    try:
        return student.eval(ask)
    except StudentError as error:
        if error.kind in ("ValueError", "InvalidArgumentError") and re.search(r"shape|size|axis", error.message):
            fail(
                "The codes don't fit the decoder: read their width from `decoder.input_shape`.",
                expected="codes as wide as the decoder takes them",
                actual=f"{error.kind}: {first_line(error.message)}",
            )
        raise


def _draws(student, n, seed, dimensions=8):
    images = ask_generate(student, f"generate({_SHOWS_CODES.format(d=dimensions)}, {n}, {seed})")
    expect(
        images,
        shape=(n, 1, dimensions, 1),
        message="`generate` should return what the decoder makes of `n` codes, in the decoder's own shape.",
    )
    return np.asarray(images, dtype=float).reshape(n, dimensions)


@pytest.mark.exercise("generate", points=0.5)
def test_as_many_as_asked_for(student):
    """n pictures, in one pass."""
    answer = ask_generate(
        student,
        "(lambda log: (lambda decoder: {'images': generate(decoder, 6, 1), 'rows': list(log)})"
        "(keras.Sequential([keras.Input((8,)), watch_rows(log), keras.layers.Reshape((1, 8, 1))])))([])",
    )
    expect(answer["images"], shape=(6, 1, 8, 1), message="generate(decoder, n, seed) should return n pictures.")
    require(
        max(answer["rows"], default=2) > 1,
        "The decoder was called for one code after the other: hand it all n codes at once.",
        expected="one pass with 6 codes",
        actual=f"passes with {', '.join(map(str, answer['rows']))} codes",
    )


# Not after a loop over the codes: it would call predict thousands of times.
@pytest.mark.exercise("generate", points=1, after="test_as_many_as_asked_for")
def test_drawn_from_the_prior(student):
    """The codes are draws from N(0, I)."""
    z = _draws(student, DRAWS, 11)
    require(
        np.abs(z[1:] - z[:-1]).max() > 0,
        "All codes are the same: draw n of them.",
        expected="n different codes",
        actual="n times the same",
    )
    mean, spread = float(z.mean()), float(z.std())
    message = "The mean of the codes should be 0: the prior is N(0, I)."
    # Wide enough for linked coordinates too: those whose coordinates are linked have their own sentence below.
    expect(mean, close_to=0.0, rel=0, abs=mean_tolerance(1.0, DRAWS), message=message)
    between = np.corrcoef(z.T)[np.triu_indices(8, 1)]
    require(
        np.abs(between).max() < correlation_tolerance(DRAWS, RATE / between.size),
        "The coordinates of a code are linked: each dimension has a draw of its own.",
        expected="no correlation",
        actual=f"correlation {between[np.abs(between).argmax()]:.3f}",
    )
    message = "The codes should spread with standard deviation 1 in each dimension: the prior is N(0, I)."
    expect(spread, close_to=1.0, rel=std_tolerance(z.size), abs=0, message=message)
    require_normal(z, draw_with="keras.random.normal")


@pytest.mark.exercise("generate", points=0.5)
def test_the_seed_decides(student):
    """The same seed gives the same pictures, another seed others."""
    first, same, other = (_draws(student, 5, seed) for seed in (7, 7, 8))
    message = "Two calls with seed=7 gave different pictures: hand the seed on to where the noise is drawn."
    expect(same, close_to=first, message=message)
    expect_other(
        other,
        first,
        "seed=7 and seed=8 gave the same pictures: use the seed that is given.",
        expected="other pictures for another seed",
        what="the same pictures",
    )


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
    """The path has `steps` points; it begins at z_start and ends at z_end."""
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
    backwards = "The path runs backwards: it begins at z_end."
    expect(path[0], close_to=start, rel=1e-3, abs=1e-4, if_instead=[(end, backwards)], message=message)
    message = "The last point should be z_end itself, in direction and in norm."
    expect(path[-1], close_to=end, rel=1e-3, abs=1e-4, message=message)


@pytest.mark.exercise("slerp", points=1)
def test_same_norm_all_along(student):
    """Between two vectors of the same norm the norm stays what it is, and each step turns by the same angle."""
    start, end = np.array([2.0, 0.0, 0.0, 0.0]), np.array([0.0, -1.2, 1.6, 0.0])
    path = _as_array(student.eval("slerp(a, b, 7)", a=start, b=end))
    wanted = _arc(start, end, len(path))  # how many there are is another check's business
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
                "The norms are right, but the steps aren't: a straight line pushed out to the circle turns faster in "
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
    """Between vectors of different norms the angle is still even, and so are the steps of the norm."""
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
                "The formula belongs to directions: with vectors of different norms it turns unevenly. Divide both by "
                "their norms first, and put the norm back at the end.",
            ),
            (
                wanted / norms[:, None] * norms[0],
                "The whole path has the norm of z_start: it should end at that of z_end.",
            ),
            (geometric, "The norm grows by the same factor at each step: here it should change by the same amount."),
        ],
        message="Direction and norm go separately: the direction by equal angles, the norm by equal amounts.",
    )


@pytest.mark.exercise("slerp", points=0.5)
def test_parallel_vectors(student):
    """Where the direction doesn't turn, the path is the straight line, without NaN."""
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
            "There the path is straight.",
            expected="a straight line",
            actual="values that aren't finite",
        )
        message = "Between parallel vectors nothing turns: the path should be the straight line."
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
    """The attribute vector has as many numbers as a code."""
    codes, labels = _labeled(82)
    vector = student.eval("attribute_vector(codes, labels, 0, 3)", codes=codes, labels=labels)
    require(
        shape_of(vector) != (),
        "A single number came back: average over the pictures, `axis=0`, not over the dimensions as well.",
        expected="shape (3,)",
        actual="one number",
    )
    require(
        shape_of(vector) != (8,),
        "You averaged over the dimensions of each picture: average over the pictures of a class, `axis=0`.",
        expected="shape (3,)",
        actual="shape (8,)",
    )
    expect(vector, shape=(3,), message="The vector should have one number for each latent dimension: shape (d,).")


@pytest.mark.exercise("attribute", points=1)
def test_difference_of_means(student):
    """It leads from the mean of the source class to the mean of the target class."""
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
                "The vector points the wrong way: it should lead from `source` to `target`, target minus source.",
            ),
            (
                target.sum(axis=0) - source.sum(axis=0),
                "These are sums: classes of different size need means to be compared.",
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
            (wanted / np.linalg.norm(wanted), "The length is lost: amount 1 should lead from one mean to the other."),
            (
                target[0] - source[0],
                "This is the difference of two single pictures: average all of each class first.",
            ),
            (
                (target[:n] - source[:n]).mean(axis=0),
                "Only as many pictures as the smaller class has were averaged: take all of each class.",
            ),
        ],
        message="The vector should be the mean code of `target` minus the mean code of `source`.",
    )


# ---- vary

# A decoder that is linear, so that what it was given can be computed back; it notes the rows of each pass in `log`.
_VARY = (
    "(lambda log: (lambda decoder: (decoder.set_weights([kernel]),"
    " {{'images': vary(decoder, {arguments}), 'rows': list(log), 'code': code, 'direction': direction}})[1])"
    "(keras.Sequential([keras.Input((kernel.shape[0],)), watch_rows(log),"
    " keras.layers.Dense(kernel.shape[1], use_bias=False), keras.layers.Reshape((2, 2, 1))])))([])"
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
def test_one_picture_for_each_amount(student):
    """There is a picture for each amount, in the decoder's shape."""
    given = _vary_inputs(84)
    images = student.eval(_VARY.format(arguments="code, direction, [-1.0, 0.0, 0.5, 1.0, 2.0]"), **given)["images"]
    expect(images, shape=(5, 2, 2, 1), message="There should be one picture for each amount: shape (len(amounts), …).")


@pytest.mark.exercise("vary", points=0.5)
def test_code_plus_amount_times_direction(student):
    """The picture of an amount is decoder(code + amount·direction); amount 0 is the original."""
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
                "The steps add up: each amount starts from the original code, not from the picture before.",
            ),
            (
                _decoded(given, code + amounts[:, None]),
                "The amount was added to every dimension: multiply it with the direction.",
            ),
            (
                _decoded(given, (1 - amounts[:, None]) * code + steps),
                "You move from the code to the direction, as if it were a place: add amount·direction to the code.",
            ),
            (_decoded(given, code * (1 + steps)), "Add amount·direction to the code, don't multiply."),
        ],
        message="The picture of an amount should be the decoder's picture of code + amount·direction.",
    )


@pytest.mark.exercise("vary", points=0.5)
def test_one_predict_call(student):
    """All amounts go through the decoder in one call."""
    given = _vary_inputs(86)
    answer = student.eval(_VARY.format(arguments="code, direction, [-1.0, 0.0, 1.0, 2.0]"), **given)
    require_finite(answer["images"])
    rows = answer["rows"]
    require(
        rows == [4],
        "The decoder ran more than once: put the codes of all amounts into one array and decode them together.",
        expected="one pass with 4 codes",
        actual=f"passes with {', '.join(map(str, rows))} codes",
    )


# ---- anomaly

# An encoder and a decoder of one Dense layer each, with weights that the check sets.
_SCORE = """(lambda i, z: (lambda encoder, decoder: (encoder.set_weights(we), decoder.set_weights(wd),
    {expression})[2])(
    keras.Model(i, (lambda x: [keras.layers.Dense(we[1].size, name='z_mean')(x),
                               keras.layers.Dense(we[3].size, name='z_log_variance')(x)])(keras.layers.Flatten()(i))),
    keras.Model(z, keras.layers.Reshape((28, 28, 1))(keras.layers.Dense(784, activation='sigmoid')(z))),
))(keras.Input((28, 28, 1)), keras.Input((we[1].size,)))"""
_ONCE = _SCORE.format(expression="anomaly_scores(encoder, decoder, x)")


def _score_inputs(seed, n=6, dimensions=3):
    rng = np.random.default_rng(seed)
    shapes = [(784, dimensions), (dimensions,), (784, dimensions), (dimensions,)]
    scales = [0.08, 0.5, 0.05, 0.5]
    return {
        "x": (rng.uniform(0, 1, (n, 28, 28, 1)) * rng.uniform(0.1, 1, (n, 1, 1, 1))).astype("float32"),
        "we": [rng.normal(0, s, shape).astype("float32") for s, shape in zip(scales, shapes, strict=True)],
        "wd": [rng.normal(0, s, shape).astype("float32") for s, shape in ((0.8, (dimensions, 784)), (1.0, (784,)))],
    }


def _terms(given):
    """Reconstruction (n, 784 pixels) and KL (n, d) of each picture, in nats, as NumPy computes them."""
    pixels = given["x"].reshape(len(given["x"]), 784).astype(float)
    mean = pixels @ given["we"][0] + given["we"][1]
    log_var = pixels @ given["we"][2] + given["we"][3]
    logits = mean @ given["wd"][0] + given["wd"][1]
    cross_entropy = np.logaddexp(0, logits) - pixels * logits
    return cross_entropy, 0.5 * (np.exp(log_var) + mean**2 - 1 - log_var), pixels - 1 / (1 + np.exp(-logits))


@pytest.mark.exercise("anomaly", points=0.5)
def test_a_score_for_each_picture(student):
    """Each picture gets a number of its own."""
    given = _score_inputs(87)
    scores = student.eval(_ONCE, **given)
    require(
        shape_of(scores) != (),
        "Each picture needs a score of its own: you averaged or summed over all of them.",
        expected="shape (6,)",
        actual="one number",
    )
    expect(scores, shape=(6,), message="There should be one score for each picture: shape (n,).")


@pytest.mark.exercise("anomaly", points=1)
def test_negative_elbo(student):
    """The score is reconstruction + KL, in nats."""
    given = _score_inputs(88)
    per_pixel, per_dimension, error = _terms(given)
    reconstruction, kl = per_pixel.sum(axis=1), per_dimension.sum(axis=1)
    squared = (error**2).sum(axis=1)
    expect(
        in_shape(student.eval(_ONCE, **given), (6,)),
        close_to=reconstruction + kl,
        rel=2e-4,
        abs=1e-2,
        if_instead=[
            (reconstruction, "The KL is missing: the score is reconstruction + KL."),
            (kl, "The reconstruction is missing: the score is reconstruction + KL."),
            (-reconstruction - kl, "The sign is turned: the score is the *negative* ELBO, large for unusual pictures."),
            (reconstruction - kl, "The KL is subtracted: both terms are costs and add up."),
            (
                reconstruction / 784 + kl,
                "The reconstruction is a mean over pixels: sum it, or the KL counts 784 times too much.",
            ),
            (reconstruction / 784 + per_dimension.mean(axis=1), "Sum over pixels and over dimensions, don't average."),
            (reconstruction + per_dimension.mean(axis=1), "The KL is a mean over the dimensions: sum it."),
            (reconstruction + 2 * kl, "The KL is twice as large as it should be: the factor ½ is missing."),
            (reconstruction.mean() + kl, "The reconstruction was averaged over the pictures: each has its own."),
            (reconstruction + kl.mean(), "The KL was averaged over the pictures: each has its own."),
            (squared + kl, "This is the squared error: the course's reconstruction is binary cross-entropy."),
            (squared, "This is the squared error alone: the score is cross-entropy + KL."),
            (squared / 784, "This is the mean squared error: the score is summed cross-entropy + KL."),
        ],
        message="The score should be the binary cross-entropy, summed over the pixels, plus the KL, of each picture.",
    )


@pytest.mark.exercise("anomaly", points=0.5)
def test_no_noise_in_the_score(student):
    """The same picture gets the same score each time."""
    given = _score_inputs(89)
    twice = _SCORE.format(expression="(anomaly_scores(encoder, decoder, x), anomaly_scores(encoder, decoder, x))")
    first, second = student.eval(twice, **given)
    expect(
        second,
        close_to=first,
        message="Two calls scored the same pictures differently: decode `z_mean` itself, not a draw around it.",
    )
