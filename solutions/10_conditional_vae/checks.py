"""Public checks of lesson 10, the conditional VAE.

Models in these checks have a few weights that the check sets: NumPy then knows every pixel, and a label that is not
used, or used in the wrong place, shows.
"""

import numpy as np
import pytest

from autograder.checking.expect import (
    expect,
    expect_other,
    fail,
    in_shape,
    require,
    require_finite,
    shape_of,
)
from autograder.checking.modes import require_inference
from autograder.checking.once import ask_once
from autograder.checking.promises import require_default

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]
CALLS = {"generate-digit": ["one-hot"], "same-style": ["one-hot"], "classify": ["one-hot"]}
HINTS = {
    "one-hot": [
        "The identity matrix has one row for each class. Which row belongs to label k?",
        "`np.eye(classes)[labels]` picks rows; look at the labels before you do so, and at the dtype after.",
        "A negative label would pick a row from the end, so compare with 0 as well as with `classes`.",
    ],
    "conditional-encoder": [
        "How many inputs does the model have, and of which shapes?",
        "An image has to be flat before a vector can be appended to it: Flatten, then Concatenate.",
        "`keras.Model([images, labels], [z_mean, z_log_var])`, with two Dense heads on the same hidden layer.",
    ],
    "conditional-decoder": [
        "What does the first Dense layer see? Both inputs, side by side.",
        "Concatenate z and the labels, then three hidden layers, then 784 pixels through a sigmoid.",
        "Reshape comes last: (784,) → (28, 28, 1).",
    ],
    "generate-digit": [
        "Which two numbers do you need to know of the decoder before you can call it?",
        "`n` equal labels are `np.full(n, label)`; `one_hot` makes rows of them, as wide as the decoder wants.",
        "`decoder.predict([z, labels], verbose=0)`, once, with z of shape (n, latent_dim).",
    ],
    "same-style": [
        "Which label does the encoder get? And which ten does the decoder get?",
        "One image as a batch is `image[None]`; ten copies of its z_mean are `np.repeat(z_mean, 10, axis=0)`.",
        "The labels of the ten copies are `one_hot(range(10))`, so row k is digit k.",
    ],
    "classify": [
        "What do you compare for one image? Ten numbers, one for each label.",
        "Collect, label by label, an array (n,) of ELBOs; after ten labels you have (10, n).",
        "`np.argmax(bounds, axis=0)` if they are ELBOs; the loss is their negative, and asks for `argmin`.",
    ],
}

# ---- one-hot


def rows(labels, classes=10):
    """What one_hot should give."""
    return np.eye(classes, dtype="float32")[np.asarray(labels)]


@pytest.mark.exercise("one-hot", points=0.75)
def test_one_in_the_column_of_the_class(student):
    """Each row is 1 in the column of its label and 0 elsewhere."""
    labels = np.array([3, 0, 9, 3, 7])
    found = student.eval("one_hot(labels)", labels=labels)
    wanted = rows(labels)
    expect(found, shape=(5, 10), message="There should be one row for each label: shape (n, classes).")
    expect(
        found,
        close_to=wanted,
        if_instead=[
            (wanted[:, ::-1], "The columns run from 9 to 0: class k is column k."),
            (
                np.roll(wanted, 1, axis=1),
                "The columns are shifted by one: class 0 is column 0.",
            ),
            (
                np.roll(wanted, -1, axis=1),
                "The columns are shifted by one: class 0 is column 0.",
            ),
            (1 - wanted, "Ones and zeros changed places: 1 marks the label."),
            (
                wanted * labels[:, None],
                "The entry is the label itself: it should be 1.",
            ),
        ],
        message="Row i should be 1 in column labels[i] and 0 in the others.",
    )


@pytest.mark.exercise("one-hot", points=0.25)
def test_number_of_classes(student):
    """There are as many columns as classes, ten by default."""
    labels = np.array([2, 0, 1])
    found = student.eval("one_hot(labels, classes=4)", labels=labels)
    message = "With classes=4 there should be four columns, also where the labels do not use all of them."
    expect(in_shape(found, (3, 4)), close_to=rows(labels, 4), message=message)
    require_default(student, "one_hot", 1, "classes", 10)


@pytest.mark.exercise("one-hot", points=0.25)
def test_float32(student):
    """The result is float32, which Keras computes with."""
    found = student.eval("str(one_hot(labels).dtype)", labels=np.array([1, 2]))
    text = str(found).replace("<dtype: '", "").rstrip("'>")
    require(
        "float32" in text,
        "The dtype should be float32.",
        expected="float32",
        actual=text,
    )


@pytest.mark.exercise("one-hot", points=0.5)
def test_unknown_labels_are_refused(student):
    """A label without a class, such as 11, is a ValueError."""
    for bad in ([3, 11], [10], [-1, 2]):
        found = student.eval("raised(lambda: one_hot(labels))", labels=np.array(bad))
        stray = next(label for label in bad if not 0 <= label <= 9)
        if found is None:
            fail(
                f"The label {stray} has no class among ten, and was taken without a word: raise a ValueError.",
                expected="ValueError",
                actual="a result",
            )
        kinds = found.get("kinds", [])
        require(
            "ValueError" in kinds,
            f"For the label {stray} the error is `{found.get('type')}`: make it a ValueError.",
            expected="ValueError",
            actual=str(found.get("type")),
        )


# ---- models

OUTPUTS = (
    "(lambda found: None if isinstance(found, dict) else [np.asarray(part) for part in found])"
    "(model([tensor(x), tensor(y)]))"
)
IMAGES = "np.asarray(model([tensor(z), tensor(y)]))"


def ask_model(student, model, expression, **given):
    """The value of ``expression`` over ``model``, made once; fails where what is made is no model, but for example a list."""
    made = f"(lambda model: [{expression}] if callable(model) else type(model).__name__)({model})"
    found = student.eval(made, **given)
    require(found != "NoneType", "The function returned nothing: is a `return` missing?", expected="a keras.Model")
    require(
        not isinstance(found, str),
        "Return the model, `keras.Model(inputs, outputs)`, not its outputs alone.",
        expected="a keras.Model",
        actual=f"a {found}",
    )
    return found[0]


def encode(student, model, **given):
    """What an encoder returns for [x, y], as a list of arrays; fails where its outputs have names or are no model's."""
    return in_a_list(ask_model(student, model, OUTPUTS, **given))


def in_a_list(found):
    """The outputs of a model; fails where they have names, that is where ``found`` is None."""
    require(
        found is not None,
        "The model should return its outputs in a list, [z_mean, z_log_var], not by name.",
        expected="a list",
        actual="a dict",
    )
    return found


def _inputs(student, model, wanted, names):
    """Fail the check where a model's inputs aren't the wanted ones; a class of one's own need not tell its inputs."""
    own = "isinstance(model, keras.Model) and not hasattr(model, 'inputs')"
    found = ask_model(student, model, f"None if {own} else [list(t.shape) for t in model.inputs]")
    if found is None:
        return
    shapes = [tuple(shape[1:]) for shape in found]
    if shapes == wanted:
        return
    if shapes == wanted[::-1]:
        fail(f"The inputs are in the other order: {names[0]} first, then {names[1]}.")
    if len(shapes) == 1:
        fail(f"The model has one input: it needs two, {names[0]} and {names[1]}.")
    if len(shapes) == 2 and shapes[1] in ((1,), ()):
        fail("The label goes in as one number: a Dense layer would take 8 for twice a 4. Give it one-hot, (10,).")
    fail(
        f"The inputs should be {names[0]} and {names[1]}.",
        expected=str(wanted),
        actual=str(shapes),
    )


def priors(seed, n, d):
    """Samples of the prior, as NumPy draws them in float64 and in float32."""
    return [np.random.default_rng(seed).standard_normal((n, d), dtype=kind).astype("float32") for kind in ("d", "f")]


def nearest(found, candidates):
    """Of these arrays the one that is nearest to what was found, where it has their shape."""
    if shape_of(found) != candidates[0].shape:
        return candidates[0]
    return min(candidates, key=lambda wanted: np.abs(np.asarray(found, dtype=float) - wanted).max())


def _images(seed, n=4):
    return np.random.default_rng(seed).random((n, 28, 28, 1)).astype("float32")


@pytest.mark.exercise("conditional-encoder", points=1)
def test_encoder_takes_images_and_labels(student):
    """It takes [images, one-hot labels] and returns [z_mean, z_log_var]."""
    names = ("images (28, 28, 1)", "one-hot labels")
    _inputs(student, "build_conditional_encoder()", [(28, 28, 1), (10,)], names)
    given = {"x": _images(101), "y": rows([0, 3, 3, 9])}
    ask = f"[{OUTPUTS}, list(getattr(model, 'output_names', None) or [])]"
    found, names = ask_model(student, "build_conditional_encoder()", ask, **given)
    found = in_a_list(found)
    message = "The model should return two tensors, z_mean and z_log_var, each (batch, latent_dim)."
    require(len(found) == 2, message, expected="2 outputs", actual=f"{len(found)} outputs")
    require(
        names != ["z_log_var", "z_mean"],
        "The outputs are in the other order: z_mean first, then z_log_var.",
        expected="z_mean, z_log_var",
        actual=", ".join(map(str, names)),
    )
    for part in found:
        require(
            shape_of(part) == (4, 2),
            message,
            expected="(4, 2)",
            actual=str(shape_of(part)),
        )
        require_finite(part)


@pytest.mark.exercise("conditional-encoder", points=0.5)
def test_encoder_sizes(student):
    """latent_dim and classes are taken from the arguments."""
    model = "build_conditional_encoder(latent_dim=5, classes=3)"
    _inputs(
        student,
        model,
        [(28, 28, 1), (3,)],
        ("images (28, 28, 1)", "one-hot labels (classes,)"),
    )
    found = encode(student, model, x=_images(102), y=rows([0, 1, 2, 1], 3))
    message = "With latent_dim=5 each output should have five columns."
    require(
        [shape_of(part) for part in found] == [(4, 5), (4, 5)],
        message,
        expected="(4, 5) twice",
    )
    for part in found:
        require_finite(part)
    require_default(student, "build_conditional_encoder", 0, "latent_dim", 2)
    require_default(student, "build_conditional_encoder", 1, "classes", 10)


@pytest.mark.exercise("conditional-encoder", points=0.5)
def test_encoder_uses_both(student):
    """The label changes z, and so does the image."""
    x = _images(103, 3)
    ask = f"[(lambda x, y: {OUTPUTS})(*pair) for pair in ((x, y), (x, other), (x[::-1], y), (x, y))]"
    found = ask_model(student, "build_conditional_encoder()", ask, x=x, y=rows([1, 5, 8]), other=rows([4, 0, 2]))
    base, label, image, again = map(in_a_list, found)
    require_finite([base, label, image, again])
    require(
        shape_of(base[0]) != shape_of(base[1]) or np.abs(base[0] - base[1]).max() > 1e-6,
        "z_mean and z_log_var are the same numbers: each head is a Dense layer of its own.",
    )
    for i, name in enumerate(("z_mean", "z_log_var")):
        message = f"`{name}` is the same whatever the label: concatenate the label before the hidden layers."
        require(np.abs(base[i] - label[i]).max() > 1e-6, message)
        message = f"`{name}` is the same whatever the image."
        require(np.abs(base[i] - image[i]).max() > 1e-6, message)
        message = f"`{name}` is another for the same image and label: return the parameters of q, and no sample of z."
        require(np.abs(base[i] - again[i]).max() < 1e-3, message)
    _require_heads_side_by_side(student)


def _require_heads_side_by_side(student):
    """Fail the check where one output is a linear function of the other, as where a head reads a head."""
    x = np.random.default_rng(109).integers(0, 2, (10, 28, 28, 1)).astype("float32")
    found = encode(student, "build_conditional_encoder(latent_dim=1)", x=x, y=rows(range(10)))
    if [shape_of(part) for part in found] != [(10, 1)] * 2:
        return  # another check asks for the sizes
    mean, log_var = (np.ravel(part) - np.mean(part) for part in np.asarray(found, dtype=float))
    across = np.sqrt((mean @ mean) * (log_var @ log_var))
    require(
        across < 1e-8 or abs(mean @ log_var) / across < 1 - 1e-6,
        "One head is computed from the other: both should read the last hidden layer.",
        expected="z_mean and z_log_var side by side",
        actual="one is a linear function of the other",
    )


def require_nonlinear(first, second, between, model, ends):
    """Fail where the output for the mean of two inputs is the mean of the outputs: the model is linear in them."""
    if np.abs(first - second).max() < 1e-6:
        return  # the other check asks whether the input matters
    bend = np.abs(first + second - 2 * between).max() / np.abs(np.stack([first, second, between])).max()
    require(
        bend > 1e-3,
        f"The {model} is linear: Dense layers in a row without an activation are no better than one layer. Put hidden "
        f"layers with an activation, such as ReLU, before the {ends}, and pass each layer's output on to the next.",
        expected="not a straight line between two inputs",
        actual="a straight line",
    )


@pytest.mark.exercise("conditional-encoder", points=0.5)
def test_encoder_is_not_linear(student):
    """Hidden layers with an activation come before the two heads."""
    half = np.random.default_rng(107).integers(0, 2, (28, 28, 1)).astype("float32")
    given = {"x": np.stack([3 * half, 3 * (1 - half), 1.5 * np.ones_like(half)]), "y": rows([3, 3, 3])}
    found = encode(student, "build_conditional_encoder()", **given)
    if not all((shape_of(part) or ())[:1] == (3,) for part in found):
        return  # another check asks for two outputs
    heads = np.concatenate([np.asarray(part, dtype=float).reshape(3, -1) for part in found], axis=1)
    require_finite(heads)
    require_nonlinear(*heads, "encoder", "heads")


@pytest.mark.exercise("conditional-encoder", points=0.5)
def test_heads_are_free(student):
    """Both heads take any real number: neither has an activation."""
    model = "build_conditional_encoder(latent_dim=256)"
    found = ask_model(student, model, f"[{OUTPUTS}, {OUTPUTS}]", x=_images(104, 8) * 40, y=rows(range(8)))
    found, again = map(in_a_list, found)
    require(len(found) == 2, "The model should return two tensors, z_mean and z_log_var.")
    for name, part, second in zip(("z_mean", "z_log_var"), found, again, strict=True):
        if not np.array_equal(np.nan_to_num(part), np.nan_to_num(second)):
            continue  # another check tells of a sample of z
        require_finite(part)
        message = f"`{name}` is never negative: leave out the activation of its Dense layer."
        require(
            part.min() < 0,
            message,
            expected="some below 0",
            actual=f"smallest {part.min():.3g}",
        )
        message = f"`{name}` is never positive: leave out the activation of its Dense layer."
        require(
            part.max() > 0,
            message,
            expected="some above 0",
            actual=f"largest {part.max():.3g}",
        )
        # Weights are as often positive as negative. So are the outputs, and of the same size: of 256, within a half.
        ratio = part[part > 0].mean() / -part[part < 0].mean()
        message = (
            f"`{name}` is small where it is negative, as after a leaky ReLU: leave out the activation of its layer."
        )
        require(
            ratio < 2, message, expected="values of the same size on both sides", actual=f"{ratio:.1f} times smaller"
        )
        beyond = np.abs(part).max()
        message = f"`{name}` stays between −1 and 1: leave out the activation of its Dense layer."
        require(
            beyond > 1,
            message,
            expected="some beyond ±1",
            actual=f"largest size {beyond:.3g}",
        )


@pytest.mark.exercise("conditional-decoder", points=1)
def test_decoder_takes_z_and_labels(student):
    """It takes [z, one-hot labels] and returns images with pixels between 0 and 1."""
    _inputs(
        student,
        "build_conditional_decoder()",
        [(2,), (10,)],
        ("z (latent_dim,)", "one-hot labels"),
    )
    z = np.random.default_rng(105).normal(0, 30, (6, 2)).astype("float32")
    found = ask_model(student, "build_conditional_decoder()", IMAGES, z=z, y=rows([0, 1, 2, 3, 8, 9]))
    message = "Each image should have the shape (28, 28, 1)."
    require(
        shape_of(found) == (6, 28, 28, 1),
        message,
        expected="(6, 28, 28, 1)",
        actual=str(shape_of(found)),
    )
    require_finite(found)
    low, high = float(found.min()), float(found.max())
    message = "A pixel is a probability, between 0 and 1: end with a sigmoid."
    require(
        low >= 0 and high <= 1,
        message,
        expected="0 to 1",
        actual=f"{low:.3g} to {high:.3g}",
    )
    totals = [found.sum(axis=axis) for axis in ((1, 2, 3), 1, 2)]
    require(
        all(np.abs(total - 1).max() > 1e-3 for total in totals),
        "The pixels of an image sum to 1: that is a softmax. Each pixel is a probability of its own, so use a sigmoid.",
    )


@pytest.mark.exercise("conditional-decoder", points=0.5)
def test_decoder_sizes(student):
    """latent_dim and classes are taken from the arguments."""
    model = "build_conditional_decoder(latent_dim=5, classes=3)"
    _inputs(student, model, [(5,), (3,)], ("z (latent_dim,)", "one-hot labels (classes,)"))
    found = ask_model(student, model, IMAGES, z=np.ones((2, 5), "float32"), y=rows([0, 2], 3))
    message = "With latent_dim=5 and classes=3 it should decode a z of 5 numbers with a label of 3."
    require((shape_of(found) or ())[:1] == (2,), message, expected="2 images", actual=f"shape {shape_of(found)}")
    require_default(student, "build_conditional_decoder", 0, "latent_dim", 2)
    require_default(student, "build_conditional_decoder", 1, "classes", 10)


@pytest.mark.exercise("conditional-decoder", points=0.5)
def test_decoder_uses_both(student):
    """The label changes the image, and so does z."""
    z = np.random.default_rng(106).normal(0, 1, (3, 2)).astype("float32")
    ask = f"[(lambda z, y: {IMAGES})(*pair) for pair in ((z, y), (z, other), (z[::-1], y), (z, y))]"
    found = ask_model(student, "build_conditional_decoder()", ask, z=z, y=rows([1, 5, 8]), other=rows([4, 0, 2]))
    base, label, code, again = found
    require_finite([base, label, code, again])
    message = "The image is the same whatever the label: the decoder must be told which digit to draw."
    require(np.abs(base - label).max() > 1e-6, message)
    message = "The image is the same whatever z is."
    require(np.abs(base[[0, 2]] - code[[0, 2]]).max() > 1e-6, message)
    message = "The image is another for the same z and label: leave noise, such as Dropout, out where nobody trains."
    require(np.abs(base - again).max() < 1e-3, message)
    _require_smooth_pixels(student, z)


def _require_smooth_pixels(student, z):
    """Fail the check where pixels are clipped, or where none can be below ½ as after a ReLU in front of the sigmoid."""
    ask = (
        f"(lambda first, far, last: [first, far, ([w.assign(-w) for w in last.trainable_weights], {IMAGES})[1]])("
        f"{IMAGES}, np.asarray(model([tensor(30 * z), tensor(y)])), "
        "(layers_with_weights(model, [tensor(z), tensor(y)]) or [model])[-1])"
    )
    first, far, turned = ask_model(student, "build_conditional_decoder()", ask, z=z, y=rows([1, 5, 8]))
    require_finite([first, far, turned])
    require(
        first.min() < 0.5 or turned.min() < 0.5,  # with the weights of the last layer turned, p becomes 1 − p
        "No pixel is ever below ½: there is another activation, such as a ReLU, before the sigmoid.",
        expected="some below 0.5",
        actual=f"smallest {float(first.min()):.3g}",
    )
    zeros, nearly = int((far == 0).sum()), int(((far > 0) & (far < 1e-3)).sum())
    require(
        zeros < 20 or nearly > 0.02 * zeros,
        "Pixels are cut off at 0, where a clipped function has no gradient: end with a sigmoid.",
        expected="pixels that come ever closer to 0",
        actual=f"{zeros} pixels exactly 0",
    )


@pytest.mark.exercise("conditional-decoder", points=0.5)
def test_decoder_is_not_linear(student):
    """Hidden layers with an activation come before the pixels."""
    first, second = np.random.default_rng(108).normal(0, 1, (2, 2)).astype("float32")
    given = {"z": np.stack([first, second, (first + second) / 2]), "y": rows([3, 3, 3])}
    found = ask_model(student, "build_conditional_decoder()", IMAGES, **given)
    if (shape_of(found) or ())[:1] != (3,):
        return  # another check asks for its shape
    require_finite(found)
    pixels = np.clip(np.asarray(found, dtype=float).reshape(3, -1), 1e-6, 1 - 1e-6)
    require_nonlinear(*np.log(pixels / (1 - pixels)), "decoder", "layer of the pixels")


# ---- models that the check knows

SCENE = """(lambda: (
    (lambda z, y: (
        (lambda pixels: keras.Model([z, y], keras.layers.Reshape((28, 28, 1))(pixels)))(
            keras.layers.Dense(784, activation='sigmoid')(keras.layers.Concatenate()([watch_modes(modes)(z), y]))
        )
    ))(keras.Input((d,)), keras.Input((classes,)))
))()"""


def decoder_weights(seed, d=3, classes=10):
    """Weights (d + classes, 784) and biases of a decoder with one layer: each digit lights pixels of its own."""
    rng = np.random.default_rng(seed)
    kernel = rng.normal(0, 0.7, (d + classes, 784)).astype("float32")
    kernel[d:] = rng.permuted(np.where(np.arange(784) < 78, 5.0, -2.0) * np.ones((classes, 1)), axis=1)
    return kernel, np.zeros(784, "float32")


def decoded(z, y, weights):
    """What that decoder makes of z and one-hot labels."""
    kernel, bias = weights
    return (1 / (1 + np.exp(-(np.concatenate([z, y], axis=1) @ kernel + bias)))).reshape(-1, 28, 28, 1)


def _decoder(expression="model"):
    """An expression: ``expression`` over a decoder called ``model`` with the weights k and b, and over ``modes``."""
    return f"(lambda modes: (lambda model: (model.set_weights([k, b]), {expression})[1])(quick({SCENE})))([])"


GENERATE = "generate_digit(model, label, n, seed)"


@pytest.mark.exercise("generate-digit", points=1)
def test_images_of_the_digit(student):
    """The images are those that the decoder makes of samples of the prior and the label."""
    n, label, seed = 7, 4, 11
    weights = decoder_weights(107)
    found = student.eval(
        _decoder(f"np.asarray({GENERATE})"),
        k=weights[0],
        b=weights[1],
        d=3,
        classes=10,
        n=n,
        label=label,
        seed=seed,
    )
    require(
        shape_of(found) == (n, 28, 28, 1),
        "There should be n images of the decoder's shape.",
        expected="(7, 28, 28, 1)",
        actual=str(shape_of(found)),
    )
    require_finite(found)
    y = rows(np.full(n, label))
    z = priors(seed, n, 3)[0]
    wanted = nearest(found, [decoded(one, y, weights) for one in priors(seed, n, 3)])
    other = [
        (
            decoded(z, rows(np.full(n, k)), weights),
            f"These are images of another label: {k}.",
        )
        for k in (3, 5)
    ]
    expect(
        found,
        close_to=wanted,
        abs=1e-3,
        if_instead=[
            (
                decoded(np.repeat(z[:1], n, axis=0), y, weights),
                "All images are the same: sample one latent vector for each of them.",
            ),
            (
                decoded(np.zeros_like(z), y, weights),
                "z is 0: sample it from the prior.",
            ),
            (
                decoded(z, np.zeros_like(y), weights),
                "The decoder got a row of zeros for the label.",
            ),
            (
                decoded(z, np.full_like(y, label), weights),
                "The label is not one-hot: use `one_hot`.",
            ),
            (
                decoded(
                    np.random.default_rng(seed).random((n, 3)).astype("float32"),
                    y,
                    weights,
                ),
                "z is uniform: the prior is a standard normal.",
            ),
            *other,
        ],
        message="The images should be `decoder([z, one-hot labels])`, z from `default_rng(seed).standard_normal(…)`.",
    )


@pytest.mark.exercise("generate-digit", points=0.5)
def test_sizes_are_read_from_the_decoder(student):
    """The latent dimension and the number of classes are the decoder's own."""
    weights = decoder_weights(108, d=6, classes=4)
    given = {
        "k": weights[0],
        "b": weights[1],
        "d": 6,
        "classes": 4,
        "n": 5,
        "label": 2,
        "seed": 1,
    }
    found = student.eval(_decoder(f"raised(lambda: {GENERATE})"), **given)
    if found is not None:
        weights = decoder_weights(108)
        usual = {"k": weights[0], "b": weights[1], "d": 3, "classes": 10, "n": 5, "label": 2, "seed": 1}
        student.eval(_decoder(GENERATE), **usual)  # raises what stops it for every decoder
        fail(
            "It stops for a decoder with six latent dimensions and four classes: read both from `decoder.inputs`.",
            expected="images",
            actual=f"{found.get('type')}: {str(found.get('message'))[:150]}",
        )
    images = student.eval(_decoder(f"np.asarray({GENERATE})"), **given)
    expect(
        images,
        close_to=nearest(images, [decoded(z, rows(np.full(5, 2), 4), weights) for z in priors(1, 5, 6)]),
        abs=1e-3,
        message="With six latent dimensions and four classes the images are others than expected.",
    )


@pytest.mark.exercise("generate-digit", points=1)
def test_one_call_and_the_seed(student):
    """One call of the decoder; the same seed gives the same images, another seed others."""
    weights = decoder_weights(109)
    ask = (
        "(lambda counted, again, other: {'calls': counted['calls'], 'first': np.asarray(counted['result']), "
        "'again': np.asarray(again), 'other': np.asarray(other)})("
        "call_count(type(model), '__call__', lambda: generate_digit(model, 1, 6, 5)), "
        "generate_digit(model, 1, 6, 5), generate_digit(model, 1, 6, 6))"
    )
    found = student.eval(_decoder(ask), k=weights[0], b=weights[1], d=3, classes=10)
    require(
        found["calls"] <= 3,
        "The decoder is called image by image: hand it all n at once.",
        expected="one call",
        actual=f"{found['calls']} calls",
    )
    expect(
        found["again"],
        close_to=found["first"],
        abs=1e-6,
        message="The same seed should give the same images.",
    )
    expect_other(found["other"], found["first"], message="Another seed should give other images.")


# ---- same-style

ENCODER = """(lambda: (
    (lambda x, y: (
        (lambda h: keras.Model([x, y], [keras.layers.Dense(d)(h), keras.layers.Dense(d)(h)]))(
            keras.layers.Concatenate()([keras.layers.Flatten()(x), y])
        )
    ))(keras.Input((28, 28, 1)), keras.Input((classes,)))
))()"""


def encoder_weights(seed, d=3, classes=10):
    """[kernel, bias, kernel, bias] of an encoder with one layer for each head."""
    rng = np.random.default_rng(seed)
    found = []
    for scale in (1.0, 0.3):
        kernel = rng.normal(0, scale / 28, (784 + classes, d)).astype("float32")
        kernel[784:] = rng.normal(0, scale, (classes, d))
        found += [kernel, np.full(d, 0.0 if scale == 1.0 else -1.0, "float32")]
    return found


def encoded(x, y, weights):
    """z_mean and z_log_var of that encoder."""
    h = np.concatenate([x.reshape(len(x), -1), y], axis=1)
    return h @ weights[0] + weights[1], h @ weights[2] + weights[3]


def _models(expression):
    """``expression`` over an encoder ``enc`` and a decoder ``dec``, as they are made."""
    return f"(lambda modes: (lambda enc, dec: {expression})(quick({ENCODER}), quick({SCENE})))([])"


def _pair(expression):
    """``expression`` over an encoder ``enc`` and a decoder ``dec`` with weights that the check knows."""
    return _models(f"(enc.set_weights([e0, e1, e2, e3]), dec.set_weights([k, b]), {expression})[2]")


def pair_case(seed, d=3):
    """Weights as a question takes them, and as NumPy does."""
    enc, dec = encoder_weights(seed, d), decoder_weights(seed + 1, d)
    return (
        {
            **{f"e{i}": w for i, w in enumerate(enc)},
            "k": dec[0],
            "b": dec[1],
            "d": d,
            "classes": 10,
        },
        enc,
        dec,
    )


@pytest.mark.exercise("same-style", points=1.5)
def test_ten_digits_in_one_style(student):
    """Row k is digit k, decoded from the posterior mean of the image with its own label."""
    given, enc, dec = pair_case(110)
    image, label = _images(111, 1)[0], 6
    found = student.eval(
        _pair("np.asarray(same_style(enc, dec, image, label))"),
        image=image,
        label=label,
        **given,
    )
    message = "There should be ten images, one for each digit."
    require(
        shape_of(found) == (10, 28, 28, 1),
        message,
        expected="(10, 28, 28, 1)",
        actual=str(shape_of(found)),
    )
    require_finite(found)
    ten = rows(range(10))

    def style(z):
        return decoded(np.repeat(z, 10, axis=0), ten, dec)

    z_mean, z_log_var = encoded(image[None], rows([label]), enc)
    wanted = style(z_mean)
    each = encoded(np.repeat(image[None], 10, axis=0), ten, enc)[0]
    expect(
        found,
        close_to=wanted,
        abs=1e-3,
        if_instead=[
            (wanted[::-1], "The digits run from 9 to 0: row k is digit k."),
            (
                np.roll(wanted, 1, axis=0),
                "The digits are shifted by one: row 0 is digit 0.",
            ),
            (
                decoded(each, ten, dec),
                "The image was encoded with all ten labels: encode it with its own alone.",
            ),
            (
                style(encoded(image[None], rows([0]), enc)[0]),
                "The image was encoded with label 0: use its own.",
            ),
            (
                style(encoded(image[None], np.zeros((1, 10), "float32"), enc)[0]),
                "The encoder got a row of zeros for the label: give it the image's own, one-hot.",
            ),
            (
                style(z_log_var),
                "This decodes z_log_var: the style is the posterior mean, the first output.",
            ),
            (
                np.repeat(wanted[[label]], 10, axis=0),
                "All ten are the image's own digit: change the label row by row.",
            ),
        ],
        message="Row k should be the decoder's image of z_mean and the label k.",
    )


@pytest.mark.exercise("same-style", points=0.5)
def test_own_digit_is_the_reconstruction(student):
    """The row of the image's own label is its reconstruction, the same in every call."""
    given, enc, dec = pair_case(112)
    image, label = _images(113, 1)[0], 2
    ask = "[np.asarray(same_style(enc, dec, image, label)) for _ in range(2)]"
    first, second = student.eval(_pair(ask), image=image, label=label, **given)
    message = "There should be ten images, one for each digit."
    require(shape_of(first) == (10, 28, 28, 1), message, actual=str(shape_of(first)))
    expect(
        second,
        close_to=first,
        abs=1e-6,
        message="Two calls give two results: decode z_mean, not a sample of z.",
    )
    own = decoded(encoded(image[None], rows([label]), enc)[0], rows([label]), dec)[0]
    expect(
        in_shape(first, (10, 28, 28, 1))[label],
        close_to=own,
        abs=1e-3,
        message="Row `label` should be the image's reconstruction.",
    )


@pytest.mark.exercise("same-style", points=0.5)
def test_other_latent_dimensions(student):
    """It works for other latent dimensions."""
    given, enc, dec = pair_case(114, d=7)
    image, label = _images(115, 1)[0], 9
    found = student.eval(
        _pair("np.asarray(same_style(enc, dec, image, label))"),
        image=image,
        label=label,
        **given,
    )
    z_mean, _ = encoded(image[None], rows([label]), enc)
    wanted = decoded(np.repeat(z_mean, 10, axis=0), rows(range(10)), dec)
    expect(
        in_shape(found, (10, 28, 28, 1)),
        close_to=wanted,
        abs=1e-3,
        message="With seven latent dimensions the images are others than expected.",
    )


# ---- classify


def drawn(seed, n, case, flip=0.02):
    """(images, labels): black and white images, each drawn by the decoder for its label, a few pixels flipped."""
    _, enc, dec = case
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n) % 10)
    d = enc[0].shape[1]
    images = decoded(np.zeros((n, d), "float32"), rows(labels), dec)
    images = (images > 0.5).astype("float32")
    noise = rng.random(images.shape) < flip
    return np.where(noise, 1 - images, images).astype("float32"), labels


def shares(found, labels):
    """How many labels are right, if these are labels."""
    return float(np.mean(np.asarray(found).reshape(-1)[: len(labels)] == labels))


def one_label_each(found, n):
    """What was found, as (n,); fails where it has another shape."""
    found = in_shape(found, (n,))
    require(shape_of(found) == (n,), "There should be one label for each image.", actual=str(shape_of(found)))
    return found


CLASSIFY = "np.asarray(classify_by_bound(enc, dec, images))"
# The share that must be right: with an unlikely ε, another label has the highest bound for one image in a thousand.
MOST = 0.93
CASE = pair_case(116)
DRAWN, DRAWN_LABELS = drawn(117, 90, CASE)


def named(student):
    """{"first": {"result": labels, "calls": of the decoder}, "second": labels} of two calls, for DRAWN and 64 other images."""
    first = f"call_count(type(dec), 'predict', lambda: {CLASSIFY})"
    ask = _pair(f"{{'first': {first}, 'second': {CLASSIFY}}}")
    return ask_once(student, ask, images=np.concatenate([DRAWN, _images(122, 64)]), **CASE[0])


@pytest.mark.exercise("classify", points=1.5)
def test_the_label_with_the_highest_bound(student):
    """Each image gets the label under which its ELBO is highest."""
    n, labels = len(DRAWN) + 64, DRAWN_LABELS[:37]
    found = named(student)["first"]["result"]
    if shape_of(found) == (n, 10):
        fail(
            "There are ten numbers for each image: choose the label of the highest.",
            expected=f"({n},)",
            actual=f"({n}, 10)",
        )
    if shape_of(found) == () or shape_of(found) == (1,):
        fail("There is one label for all images: compare the ten bounds image by image, without a mean over the batch.")
    found = one_label_each(found, n)
    require_finite(found)
    found = np.asarray(found)[: len(labels)]
    if len(np.unique(found)) == 1:
        fail("Every image has the same label: compare the ten bounds image by image, without a mean over the batch.")
    right = shares(found, labels)
    worst = "The label with the lowest bound is chosen: the ELBO wants the largest, the loss the smallest."
    if right == 0 and shares(9 - found, labels) > 0.9:
        fail("The labels run from 9 to 0: the first of the ten bounds is that of label 0.")
    if shares(found - 1, labels) > 0.9 or shares(found + 1, labels) > 0.9:
        fail("The labels are shifted by one: the first of the ten bounds is that of label 0.")
    require(right > 0, worst, expected="the right label", actual="never the right one")
    message = "Some images get another label than the one under which their ELBO is highest."
    require(right > MOST, message, expected="37 of 37", actual=f"{right * 37:.0f} of 37")


WIDE = 196  # latent dimensions of the models of told_apart, with four pixels for each
ONES = np.ones((24, 28, 28, 1), "float32")


def told_apart(mean, log_var, pixels, by_z=0.0, by_image=0.0, images=ONES):
    """A case of ``chosen``: what an encoder and a decoder give for each label, and the images.

    mean, log_var: (10, d), of each label; both are 0 in the other dimensions. pixels: (10, 784), the logits of each
    label. by_z: what a unit of z adds to the logits of two pixels, and takes from two others; each dimension has pixels
    of its own. by_image: added to the mean for each unit of the mean pixel.
    """
    d = mean.shape[1]
    padded, by_pixel = np.zeros((2, 10, WIDE), "float32"), np.zeros(WIDE, "float32")
    padded[:, :, :d], by_pixel[:d] = (mean, log_var), by_image / 784
    return [*padded, by_pixel, np.float32(pixels), np.float32(by_z), images]


CHOSEN = f"""[
    (
        enc.set_weights([
            np.concatenate([np.tile(by_pixel, (784, 1)), mean]), np.zeros(d),
            np.concatenate([np.zeros((784, d)), log_var]), np.zeros(d),
        ]),
        dec.set_weights([np.concatenate([by_z * signs, pixels]), np.zeros(784)]),
        {CLASSIFY},
    )[2]
    for signs in [np.kron(np.eye(d), [1, 1, -1, -1])]
    for mean, log_var, by_pixel, pixels, by_z, images in cases
]"""


def chosen(student, cases):
    """The labels that are chosen for the images of each of ``cases``, see told_apart; fails where there are others."""
    found = ask_once(student, _models(CHOSEN), cases=cases, d=WIDE, classes=10)
    found = [one_label_each(labels, len(images)) for labels, (*_, images) in zip(found, cases, strict=True)]
    require_finite(found)
    return [np.asarray(labels) for labels in found]


def _why_not(student, found, mean, pixels):
    """The mistake by which another label than 2 was chosen; other labels, and other images of them, tell which it is."""

    def chosen_now():
        return set(chosen(student, [told_apart(mean, 0 * mean, pixels)])[0].tolist())

    pixels[8] = -4.0
    if found == {8}:
        found = chosen_now()
        if found == {2}:
            return "The KL counts too much: the ELBO is minus the sum of the reconstruction loss and the KL, each of them once."
    if found == {1}:
        pixels[1, :300] = -14.0  # sure and wrong about 300 pixels, label 1 is worse by its squared error too
        if chosen_now() == {2}:
            return "The reconstruction loss is no cross-entropy, in which a pixel that is sure and wrong costs most."
        return "Image and reconstruction are swapped in the reconstruction loss: the image comes first."
    if found == {6}:
        return "The reconstruction loss counts too little beside the KL: it is a sum over the pixels, not their mean."
    return (
        "A label with a higher reconstruction loss was chosen, although the KL saves far less: the ELBO has both terms."
    )


def kl_alone():
    """Every label draws the same image. The KL is 29 for label 3, 9 for label 1, 48 for the others."""
    mean, log_var = np.full((10, 4), 4.9), np.zeros((10, 4))
    mean[3], mean[1], log_var[1] = -3.8, 0.0, 2.0
    return told_apart(mean, log_var, np.full((10, 784), 2.0))


def both_parts():
    """(mean, pixels), for told_apart, of labels among which 2 has the highest bound.

    The KL is 10 for label 2, and 0 for the others. Label 2 gives every pixel the probability ½, label 6 a lower one,
    label 1 is sure of all, and wrong about 60 of them. The reconstruction loss of label 8 is 15 higher than label 2's.
    """
    pixels, mean = np.full((10, 784), -4.0), np.zeros((10, 4))
    pixels[2], pixels[6], pixels[8], pixels[1], mean[2] = 0.0, -0.5, -0.0379, 8.0, np.sqrt(5)
    pixels[1, :60] = -14.0
    return mean, pixels


def image_by_image():
    """The mean of one dimension is 0 for label 3 where all pixels are 0, and for label 1 where they are 1."""
    mean = np.full((10, 1), 3.0)
    mean[3], mean[1] = 0.0, -6.0
    images = ONES[:4].copy()
    images[:2] = 0
    return told_apart(mean, 0 * mean, np.zeros((10, 784)), by_image=6.0, images=images)


def much_noise():
    """Labels 4 and 5 have the highest bound, each for the images whose noise is nearer to its mean.

    Noise moves each z away from 0, and away from 0 the image is worse. For label 1, that costs more than the smaller
    KL saves: with less noise, or none, label 1 has the higher bound.
    """
    mean, log_var = np.zeros((10, WIDE)), np.full((10, WIDE), 4.0)
    mean[4], mean[5] = 0.02, -0.02
    log_var[4] = log_var[5] = -4.0
    log_var[1] = -1.0
    return told_apart(mean, log_var, np.zeros((10, 784)), 4.4)


def nearly_alike():
    """All labels are alike but for a hair in favor of label 7: with the same noise for all it always wins."""
    nothing, pixels = np.zeros((10, WIDE)), np.zeros((10, 784))
    pixels[7] = 0.02
    return told_apart(nothing, nothing, pixels, 1.0)


def compared(student):
    """The labels that are chosen in each of these cases."""
    mean, pixels = both_parts()
    cases = [kl_alone(), told_apart(mean, 0 * mean, pixels), image_by_image(), much_noise(), nearly_alike()]
    return chosen(student, cases)


@pytest.mark.exercise("classify", points=0.5)
def test_both_parts_of_the_bound_count(student):
    """The KL and the reconstruction loss are compared, with z taken from the posterior of each label."""
    by_kl, by_both, by_image, by_noise, _ = compared(student)
    message = (
        "All labels reconstruct these images equally well, and one with a larger KL was chosen: the ELBO has both terms, "
        "and the KL is that of the label in question."
    )
    if set(by_kl.tolist()) == {3}:
        message = (
            "The KL takes first the mean and then the logarithm of the variance: kl_divergence(z_mean, z_log_var)."
        )
    require(set(by_kl.tolist()) == {1}, message, expected="label 1", actual=by_kl)
    found = set(by_both.tolist())
    if found != {2}:
        fail(_why_not(student, found, *both_parts()), expected="label 2", actual=sorted(found))
    message = (
        "The KL of an image counts for others too: add to each image's loss its own KL, without a mean over the batch."
    )
    require(by_image.tolist() == [3, 3, 1, 1], message, expected=[3, 3, 1, 1], actual=by_image)
    message = "z has the wrong noise: it should be z_mean + exp(½·z_log_var)·ε, with ε from N(0, I)."
    require(np.mean(np.isin(by_noise, [4, 5])) > 0.5, message, expected="labels 4 and 5", actual=np.unique(by_noise))
    message = "All images have the same noise: draw ε with a row for each image, of shape (n, latent_dim)."
    both = {4, 5} <= set(by_noise.tolist())
    require(both, message, expected="label 4 for some images, 5 for others", actual=np.unique(by_noise))


@pytest.mark.exercise("classify", points=0.25)
def test_many_images_at_once(student):
    """Many images need ten passes through the models, and not a loop over images; each gets one integer."""
    found = named(student)["first"]
    require(
        found["calls"] <= 70,
        "The decoder is called image by image: give it all images of a label at once.",
        expected="ten passes",
        actual=f"{found['calls']} calls of predict",
    )
    n, labels = len(DRAWN) + 64, found["result"]
    right = shares(one_label_each(labels, n), DRAWN_LABELS)
    require(
        right > MOST,
        "With 90 images some labels are wrong.",
        expected="90 of 90",
        actual=f"{right * 90:.0f} of 90",
    )
    message = "There should be one label for each image in a plain row, of shape (n,)."
    require(shape_of(labels) == (n,), message, expected=f"shape ({n},)", actual=f"shape {shape_of(labels)}")
    kind = str(np.asarray(labels).dtype)
    require("int" in kind, "Labels are integers: return what `np.argmax` gives.", expected="integers", actual=kind)


@pytest.mark.exercise("classify", points=0.5)
def test_the_same_answer_twice(student):
    """Two calls give the same labels: the noise is drawn with a fixed seed, and is the same for all ten labels."""
    both = named(student)
    first, second = both["first"]["result"], both["second"]
    require_finite(first)
    message = "Two calls give different labels: draw ε with `np.random.default_rng(0)` inside the function."
    require(np.array_equal(first, second), message)
    *_, found = compared(student)
    message = "The labels are compared with different noise: draw ε once and use it for all ten."
    require(set(found.tolist()) == {7}, message, expected="label 7", actual=np.unique(found))
