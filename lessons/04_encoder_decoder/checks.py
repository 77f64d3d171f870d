"""Public checks of lesson 04, encoder and decoder.

The outputs of a model are compared with NumPy: the check sets the weights, so it knows every output. This works for
any way to write the same network, and it covers what the layer table does not show: activations and strides.
"""

import itertools
import math

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from autograder.checking.expect import expect, fail, require, require_finite, shape_of
from autograder.checking.modes import require_inference, require_same_in_training
from autograder.checking.once import ask_once

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]
HINTS = {
    "conv-arithmetic": [
        "Write down the positions of the window for 7 pixels, kernel 3 and stride 2. How many are there with each padding?",
        "`math.ceil` rounds up and returns an int. `//` rounds down. Which padding needs which?",
        'For "valid": divide the distance that the window can move, `size - kernel_size`, by the stride with `//`. That '
        "counts the moves. What is one more than the number of moves?",
    ],
    "encoder": [
        "Write one line for each row of the table. What does each layer take as its input?",
        "Start with `keras.Input(img_shape)`. Every layer is created, then called: `layers.Conv2D(…)(x)`. Which argument "
        "sets the stride, and in which row only?",
        "The last two rows both call a `layers.Dense(latent_dim, name=…)` on the output of the Dense layer of 32 units. "
        "The model returns them as a list, in order.",
    ],
    "decoder": [
        "How many values does `feature_shape` hold, and which layer can produce that many from `latent_dim` numbers?",
        "`math.prod` counts the values, `layers.Reshape` arranges them, `layers.Conv2DTranspose` doubles height and width.",
        'Four layers, one line for each row of the table. Both convolutions have padding="same", only one has a stride, '
        "and only the last has a sigmoid.",
    ],
    "round-trip": [
        "The encoder returns two outputs. Which one does the decoder take?",
        "`encoder.predict(images, verbose=0)` returns a list of two arrays. Unpack it.",
        "Two calls, one for each model. Return the result of the second as it is.",
    ],
}

# ---- the networks in NumPy


def _conv(x, kernel, bias, stride=1):
    """Convolution with padding "same", as TensorFlow pads: an odd row or column is added at the bottom or right."""
    size = kernel.shape[0]
    pads = []
    for n in x.shape[1:3]:
        pad = max((math.ceil(n / stride) - 1) * stride + size - n, 0)
        pads.append((pad // 2, pad - pad // 2))
    x = np.pad(x, [(0, 0), *pads, (0, 0)])
    windows = sliding_window_view(x, (size, size), axis=(1, 2))[:, ::stride, ::stride]  # (n, h, w, c, k, k)
    return np.tensordot(windows, kernel, axes=([3, 4, 5], [2, 0, 1])) + bias


def _conv_transpose(x, kernel, bias, stride=2):
    """Transposed convolution with padding "same": copies of the kernel added up, cropped at the bottom and right."""
    n, height, width, _ = x.shape
    size = kernel.shape[0]
    large = np.zeros((n, (height - 1) * stride + size, (width - 1) * stride + size, kernel.shape[2]))
    for i in range(size):
        for j in range(size):
            large[:, i : i + height * stride : stride, j : j + width * stride : stride] += x @ kernel[i, j].T
    return large[:, : height * stride, : width * stride] + bias


def _relu(x):
    return np.maximum(x, 0.0)


def _linear(x):
    return x


def _sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


ENCODER_SHAPES = [(3, 3, 1, 32), (3, 3, 32, 64), (3, 3, 64, 64), (3, 3, 64, 64), (12544, 32), (32, 2), (32, 2)]
DECODER_SHAPES = [(2, 12544), (3, 3, 32, 64), (3, 3, 32, 1)]


def _weights(seed, shapes, fans):
    """Random kernels that keep activations near 1, and nonzero biases, in the order of a model's weights."""
    rng = np.random.default_rng(seed)
    weights = []
    for shape, fan in zip(shapes, fans, strict=True):
        units = shape[2] if shape == (3, 3, 32, 64) and fan < 0 else shape[-1]
        weights.append(rng.normal(0, math.sqrt(2 / abs(fan)), shape).astype("float32"))
        weights.append(rng.normal(0, 0.3, units).astype("float32"))
    return weights


def _encoder_weights():
    """With heads whose outputs are positive: another check asks whether they have an activation."""
    weights = _weights(41, ENCODER_SHAPES, [9, 288, 576, 576, 12544, 2, 2])
    return [*weights[:10], *map(np.abs, weights[10:])]


def _decoder_weights():
    return _weights(42, DECODER_SHAPES, [2, -144, 288])  # a transposed kernel has its filters third


def _encode(images, weights, activations=(_relu,) * 5):
    """(first head, second head) of the encoder with the activations of its five hidden layers."""
    x = images
    for i, (stride, activation) in enumerate(zip((1, 2, 1, 1), activations[:4], strict=True)):
        x = activation(_conv(x, weights[2 * i], weights[2 * i + 1], stride))
    x = activations[4](x.reshape(len(x), -1) @ weights[8] + weights[9])
    return x @ weights[10] + weights[11], x @ weights[12] + weights[13]


def _decode(z, weights, dense=_relu, transposed=_relu, last=_sigmoid):
    x = dense(z @ weights[0] + weights[1]).reshape(len(z), 14, 14, 64)
    x = transposed(_conv_transpose(x, weights[2], weights[3]))
    return last(_conv(x, weights[4], weights[5]))


# ---- the description of a model


def _describe(student, expression, shape=(28, 28, 1)):
    """The model as it runs on two inputs of this shape."""
    kind = ask_once(student, f"describe_model({expression})")
    require(
        kind["class"] != "NoneType", "The function returned nothing: is a `return` missing?", expected="a keras.Model"
    )
    require(
        "Model" in kind["bases"],
        "Return a model, `keras.Model(inputs, outputs)`.",
        expected="a keras.Model",
        actual=f"a {kind['class']}",
    )
    return ask_once(student, f"describe_model({expression}, tensor(x))", x=np.zeros((2, *shape)))


def _params(model):
    """Parameters of each layer that has some. Weights outside of any Keras layer come last."""
    found = [layer["params"] for layer in model["layers"] if layer["params"]]
    rest = model["params"] - sum(found)
    return [*found, rest] if rest else found


def _expect_table(found, wanted, names, known):
    """Compare parameter counts layer by layer; ``known`` maps a wrong table to the message that names the mistake."""
    if found != wanted and tuple(found) in known:
        fail(known[tuple(found)], expected=_counts(wanted), actual=_counts(found))
    for i, (want, name) in enumerate(zip(wanted, names, strict=True)):
        require(
            i < len(found) and found[i] == want,
            f"Layer {i + 1} of those with parameters should be {name}, with {want:,} parameters.",
            expected=_counts(wanted),
            actual=_counts(found),
        )
    require(
        len(found) == len(wanted),
        "The model has more layers with parameters than the table.",
        expected=_counts(wanted),
        actual=_counts(found),
    )


def _counts(params):
    return " / ".join(f"{n:,}" for n in params)


# ---- conv-arithmetic


def _sizes(student, settings):
    values = student.eval("[conv_output_size(*setting) for setting in settings]", settings=settings)
    return _numbers(values)


def _numbers(values):
    for value in values:
        expect(value, shape=(), message="The function should return a single number.")
    return np.array(values, dtype=float)


@pytest.mark.exercise("conv-arithmetic", points=1)
def test_size_with_padding_same(student):
    """With padding "same" the output has ⌈n/s⌉ pixels."""
    settings = [(n, k, s, "same") for n in (7, 14, 28) for k in (2, 3, 5) for s in (1, 2, 3)]
    n, k, s = np.array([setting[:3] for setting in settings]).T
    expect(
        _sizes(student, settings),
        close_to=np.ceil(n / s),
        if_instead=[
            (n // s, "Round up, not down: 7 pixels with stride 2 have 4 window positions, 0, 2, 4 and 6."),
            (n / s, "The size must be a whole number: round n/s up."),
            (n, 'Padding "same" keeps the size for stride 1 only: divide by the stride.'),
            (
                (n - k) // s + 1,
                'This is the formula for "valid": with "same" the kernel size does not matter.',
            ),
        ],
        message='With padding "same" the size should be n/s, rounded up. It does not depend on the kernel size.',
    )


@pytest.mark.exercise("conv-arithmetic", points=1.5)
def test_size_with_padding_valid(student):
    """With padding "valid" the kernel stays inside: ⌊(n−k)/s⌋ + 1."""
    settings = [(n, k, s, "valid") for n in (7, 14, 28) for k in (2, 3, 5) for s in (1, 2, 3)]
    n, k, s = np.array([setting[:3] for setting in settings]).T
    expect(
        _sizes(student, settings),
        close_to=(n - k) // s + 1,
        if_instead=[
            ((n - k) // s, "The first position is missing: with n = k the kernel fits once, not 0 times."),
            (np.ceil((n - k) / s) + 1, "Round down: the window does not take a last step that leaves the image."),
            ((n - k) / s + 1, "The size must be a whole number: round down before adding 1."),
            (n - k + 1, "The stride is missing: divide the distance that the kernel can move, n − k, by it."),
            ((n - k + 1) // s, "Divide n − k by the stride first, then add 1 for the first position."),
            (np.ceil(n / s), 'This is the formula for "same": with "valid" the kernel must fit inside the image.'),
        ],
        message='With padding "valid" the size should be (n − k)/s, rounded down, plus 1.',
    )


@pytest.mark.exercise("conv-arithmetic", points=1)
def test_number_of_parameters(student):
    """A convolution has (k·k·c + 1)·f parameters."""
    settings = [(c, f, k) for c in (1, 3, 64) for f in (1, 32) for k in (1, 3, 4)]
    c, f, k = np.array(settings).T
    values = student.eval("[conv_params(*setting) for setting in settings]", settings=settings)
    expect(
        _numbers(values),
        close_to=(k * k * c + 1) * f,
        if_instead=[
            (k * k * c * f, "The biases are missing: each filter has one."),
            (k * k * c * f + 1, "Each filter has a bias of its own; there is not one bias for the whole layer."),
            (k * k * (c + 1) * f, "There is one bias for each filter, not one for each position in the kernel."),
            ((k * c + 1) * f, "The kernel is square: it has k·k weights for each channel, not k."),
            ((k * k + 1) * f, "The input channels are missing: each filter extends through all of them."),
            ((k * k + 1) * c * f, "There is one bias for each filter, not one for each pair of channel and filter."),
            ((k * k * f + 1) * c, "Channels and filters are swapped: the biases belong to the filters."),
        ],
        message="The number of parameters should be (kernel_size² · in_channels + 1) · filters.",
    )


@pytest.mark.exercise("conv-arithmetic", points=0.5)
def test_whole_numbers(student):
    """Sizes and counts are whole numbers, of type int."""
    kinds = student.eval(
        "[is_instance(x, 'int', 'integer') for x in"
        " (conv_output_size(28, 3, 2, 'same'), conv_output_size(28, 3, 2, 'valid'), conv_params(1, 32, 3))]"
    )
    require(
        all(kinds),
        "Return an `int`: Keras rejects a shape like (14.0, 14.0, 64). Use `//`, `math.ceil` or `int`.",
        expected="int",
        actual="another type of number",
    )


# ---- encoder

ENCODER_PARAMS = [320, 18_496, 36_928, 36_928, 401_440, 66, 66]
ENCODER_NAMES = ["Conv2D 32", "Conv2D 64 with stride 2", "Conv2D 64", "Conv2D 64", "Dense 32", "a head", "a head"]
_CONVS = (320, 18_496, 36_928, 36_928)
ENCODER_KNOWN = {
    (*_CONVS, 1_605_664, 66, 66): "The stride is missing: the second convolution should halve the image.",
    (*_CONVS, 100_384, 66, 66): "The image is halved twice: only the second convolution has stride 2.",
    (*_CONVS, 131_104, 66, 66): 'All convolutions need padding="same": without it each one makes the image smaller.',
    (*_CONVS, 2_080, 66, 66): "Use Flatten: pooling over all positions discards where a feature is.",
    (*_CONVS, 401_440, 66): "There is only one head: `z_mean` and `z_log_var` each need a Dense layer of their own.",
    (
        *_CONVS,
        401_440,
        66,
        6,
    ): "`z_log_var` takes `z_mean` as its input: both heads should take the output of the Dense layer of 32 units.",
    (*_CONVS, 25_090, 25_090): "The Dense layer of 32 units, between Flatten and the heads, is missing.",
    (
        320,
        18_496,
        36_928,
        401_440,
        66,
        66,
    ): "A convolution is missing: there are four, the last two both with 64 filters.",
}


def _encoder(student):
    """The description of an encoder with two outputs."""
    model = _describe(student, "build_encoder()")
    require(
        len(model["outputs"]) == 2,
        "The encoder should have two outputs: `keras.Model(images, [z_mean, z_log_var])`.",
        expected="2 outputs",
        actual=f"{len(model['outputs'])} outputs",
    )
    return model


@pytest.mark.exercise("encoder", points=0.5)
def test_two_outputs(student):
    """The encoder maps images to two outputs of latent_dim numbers, z_mean and z_log_var, in training as well."""
    _encoder(student)
    answer = student.eval("build_encoder()(tensor(x))", x=np.zeros((3, 28, 28, 1)))
    require(
        not isinstance(answer, dict),
        "Pass the outputs to keras.Model as a list: `[z_mean, z_log_var]`.",
        expected="a list of two",
        actual="a dict",
    )
    for head in answer:
        expect(head, shape=(3, 2), message="Each head should return `latent_dim` numbers for each image.")
    require_same_in_training(student, "build_encoder()", np.ones((2, 28, 28, 1)))


@pytest.mark.exercise("encoder", points=0.5)
def test_heads_are_named(student):
    """The outputs come from layers named z_mean and z_log_var, in this order."""
    names = _encoder(student)["output_names"]
    require(
        names != ["z_log_var", "z_mean"],
        "The outputs are in reverse order: `z_mean` comes first, then `z_log_var`.",
        expected="z_mean, z_log_var",
        actual="z_log_var, z_mean",
    )
    require(
        names == ["z_mean", "z_log_var"],
        'Name the heads: `layers.Dense(latent_dim, name="z_mean")`, and "z_log_var" likewise.',
        expected="z_mean, z_log_var",
        actual=", ".join(map(str, names)),
    )


@pytest.mark.exercise("encoder", points=1)
def test_encoder_layer_table(student):
    """The layers have 320 / 18,496 / 36,928 / 36,928 / 401,440 / 66 / 66 parameters."""
    _expect_table(_params(_describe(student, "build_encoder()")), ENCODER_PARAMS, ENCODER_NAMES, ENCODER_KNOWN)


@pytest.mark.exercise("encoder", points=1)
def test_only_the_second_convolution_halves(student):
    """The first convolution keeps 28×28, the second halves it to 14×14, and the others keep 14×14."""
    layers = _describe(student, "build_encoder()")["layers"]
    rows = [28, *(layer["output_shape"][1] for layer in layers if layer["params"] and len(layer["output_shape"]) == 4)]
    given = {"expected": "28 → 28 → 14 → 14 → 14 rows", "actual": " → ".join(map(str, rows)) + " rows"}
    halved = [after <= before / 2 for before, after in itertools.pairwise(rows)]
    require(
        halved[:2] != [False, False],
        "The second convolution itself should halve the image, with `strides=2`: not pooling, and not a later layer.",
        **given,
    )
    message = "Only the second convolution should have a stride of 2."
    require(halved[:2] == [False, True] and sum(halved) == 1, message, **given)


# The outputs with large weights in both heads, with the negated ones in the first, and with the negated ones in the second.
_TURNED_HEADS = """(lambda model: (lambda heads: [
    ([w.assign(sign * np.random.default_rng(43 + len(w.shape)).normal(0, 100, w.shape))
      for head, sign in zip(heads, signs) for w in head.trainable_weights], model(tensor(x)))[1]
    for signs in ((1, 1), (-1, 1), (1, -1))
])(layers_with_weights(model, tensor(x))[-2:]))(build_encoder())"""


@pytest.mark.exercise("encoder", points=1)
def test_heads_have_no_activation(student):
    """z_mean and z_log_var may take any value: the heads have no activation."""
    _encoder(student)
    images = np.random.default_rng(43).uniform(0, 1, (4, 28, 28, 1))
    runs = [_outputs(answer) for answer in student.eval(_TURNED_HEADS, x=images)]
    as_set, *turned = runs
    require_finite(runs)
    for i, name in enumerate(("z_mean", "z_log_var")):
        found = np.stack([run[i] for run in runs])
        bounds = f"from {found.min():.3g} to {found.max():.3g}"
        require(
            found.min() < -1e-3,
            f"`{name}` is never negative: it has an activation like ReLU. A head has none: its values may be any numbers.",
            expected="negative and positive values",
            actual=bounds,
        )
        require(
            np.abs(found).max() > 1.001,
            f"`{name}` never leaves the range from −1 to 1: it has an activation like tanh. A head has none.",
            expected="values of any size",
            actual=bounds,
        )
        require(
            any(np.allclose(run[i], -as_set[i], rtol=1e-3, atol=1e-2) for run in turned),
            f"`{name}` should be a Dense layer without activation: negated weights should negate its values.",
            expected="the negated values",
            actual="other values",
        )


_RUN = "run_with({}, weights, tensor(x))"


@pytest.mark.exercise("encoder", points=1, after="test_encoder_layer_table")  # the weights have to fit
def test_hidden_layers_end_in_relu(student):
    """All four convolutions and the Dense layer of 32 units end in ReLU."""
    weights = _encoder_weights()
    images = np.random.default_rng(44).uniform(0, 1, (1, 28, 28, 1)).astype("float32")
    answer = student.eval(_RUN.format("build_encoder()"), weights=weights, x=images)
    require_finite(answer)
    heads = _outputs(answer)
    message = "The encoder should have two outputs: `keras.Model(images, [z_mean, z_log_var])`."
    require(len(heads) == 2, message, expected="2 outputs", actual=f"{len(heads)} outputs")
    found = _all_numbers(heads)
    if not np.allclose(found, _all_numbers(_encode(images, weights)), rtol=1e-3, atol=1e-3):
        _fail_for_activation(found, images, weights)


def _outputs(answer):
    """The outputs of a model as a list; another check asks whether they are one."""
    return list(answer.values()) if isinstance(answer, dict) else answer


def _all_numbers(outputs):
    """All values in order of size, whichever head comes first and however the model returns them."""
    return np.sort(np.concatenate([np.ravel(output) for output in outputs]))


def _fail_for_activation(found, images, weights):
    names = ["first convolution", "second convolution", "third convolution", "fourth convolution", "Dense layer of 32"]
    for i, name in enumerate(names):
        activations = [_linear if j == i else _relu for j in range(5)]
        if np.allclose(found, _all_numbers(_encode(images, weights, activations)), rtol=1e-3, atol=1e-3):
            fail(f"The {name} has no activation: without ReLU, two layers in a row are as good as one linear layer.")
    fail(
        "With known weights the outputs differ from those of the table: each convolution and the Dense layer of 32 "
        'units should end in ReLU, each convolution should have padding="same", and nothing else stands between them.'
    )


# ---- decoder

DECODER_PARAMS = [37_632, 18_464, 289]
DECODER_NAMES = ["a Dense layer", "Conv2DTranspose 32", "Conv2D 1"]
DECODER_KNOWN = {
    (37_632, 289): "The transposed convolution is missing: it doubles 14×14 to 28×28.",
    (37_632, 18_464): "The last convolution, with one filter, is missing.",
    (37_632, 18_464, 33): "The last convolution should have a kernel of 3×3, not 1×1.",
    (37_632, 36_928, 577): "The transposed convolution should have 32 filters, not 64.",
    (37_632, 577): "The transposed convolution with 32 filters, before the last convolution, is missing.",
    (96, 413_952, 18_464, 289): "The decoder has no Dense layer of 32 units: its first Dense layer takes z itself.",
}


@pytest.mark.exercise("decoder", points=1)
def test_codes_become_images(student):
    """The decoder maps latent vectors (n, 2) to images (n, 28, 28, 1), pixels between 0 and 1, in training as well."""
    codes = np.random.default_rng(45).normal(0, 2000, (6, 2))
    images = student.eval("build_decoder()(tensor(z))", z=codes)
    shape = shape_of(images)
    require(
        shape != (6, 14, 14, 1),
        "The images are still 14×14: the transposed convolution needs `strides=2`.",
        expected="shape (6, 28, 28, 1)",
        actual=f"shape {shape}",
    )
    expect(
        images,
        shape=(6, 28, 28, 1),
        between=(0.0, 1.0),
        message="Six latent vectors should become images of shape (6, 28, 28, 1), every pixel in [0, 1]: end in a sigmoid.",
    )
    require_same_in_training(student, "build_decoder()", np.ones((2, 2)))


@pytest.mark.exercise("decoder", points=1)
def test_decoder_layer_table(student):
    """The decoder has 56,385 parameters: 37,632 / 18,464 / 289."""
    model = _describe(student, "build_decoder()", (2,))
    _expect_table(_params(model), DECODER_PARAMS, DECODER_NAMES, DECODER_KNOWN)
    _, transposed, last = [layer for layer in model["layers"] if layer["params"]]
    require(
        "Conv2DTranspose" not in last["bases"],
        "The last layer should be a Conv2D. A transposed one has as many parameters, but the table asks for a Conv2D.",
        expected="Conv2D",
        actual=last["class"],
    )
    require(
        "Conv2DTranspose" in transposed["bases"],
        "UpSampling2D and a Conv2D have as many parameters, but the table asks for a Conv2DTranspose with stride 2.",
        expected="Conv2DTranspose",
        actual=transposed["class"],
    )


@pytest.mark.exercise("decoder", points=1.5, after="test_decoder_layer_table")  # the weights have to fit
def test_decoder_computes_what_the_table_says(student):
    """With known weights the images are those of Dense, Reshape, Conv2DTranspose and Conv2D."""
    weights = _decoder_weights()
    z = np.random.default_rng(46).standard_normal((2, 2))
    found = student.eval(_RUN.format("build_decoder()"), weights=weights, x=z)
    require_finite(found)

    def fits(transposed):
        """The Dense layer may have a ReLU or none; another check asks for the range of the pixels."""
        return any(
            np.allclose(found, _decode(z, weights, dense, transposed, last), rtol=1e-3, atol=1e-3)
            for dense in (_relu, _linear)
            for last in (_sigmoid, _linear, _relu, np.tanh)
        )

    size = shape_of(found)[1:3]
    require(
        size == (28, 28),
        'The transposed convolution should double 14×14 to 28×28: `strides=2`, padding "same".',
        expected="28×28",
        actual="×".join(map(str, size)),
    )
    if fits(_relu):
        return
    if fits(_linear):
        fail("The transposed convolution has no activation: give it a ReLU.")
    fail(
        "With known weights the images differ from those of the table: Dense (ReLU or none), Reshape, Conv2DTranspose "
        'with stride 2, padding "same" and ReLU, Conv2D with padding "same" and a sigmoid, and nothing between them.'
    )


# ---- round-trip

# Two small models, each with layers that record how many rows pass through it and whether in training.
_MODELS = """(lambda i, z: (
    keras.Model(i, (lambda x: [keras.layers.Dense(2, name='z_mean')(x), keras.layers.Dense(2, name='z_log_var')(x)])(
        keras.layers.Flatten()(watch_modes(modes)(watch_rows(coded)(i))))),
    keras.Model(z, keras.layers.Reshape((4, 4, 1))(
        keras.layers.Dense(16, activation='sigmoid')(watch_modes(modes)(watch_rows(decoded)(z))))),
))(keras.Input((4, 4, 1)), keras.Input((2,)))"""
_ASK = f"""(lambda coded, decoded, modes: (lambda e, d: {{
    'set': (e.set_weights(we), d.set_weights(wd), quick(e), quick(d))[:2],
    'first': reconstruct(e, d, x), 'coded': list(coded), 'decoded': list(decoded), 'second': SECOND, 'modes': modes,
}})(*{_MODELS}))([], [], [])"""


def _round_trip(student, n, second="None", seed=47):
    rng = np.random.default_rng(seed)
    given = {
        "x": rng.uniform(0, 1, (n, 4, 4, 1)).astype("float32"),
        "we": [rng.normal(0, 1, s).astype("float32") for s in ((16, 2), (2,), (16, 2), (2,))],
        "wd": [rng.normal(0, 1, s).astype("float32") for s in ((2, 16), (16,))],
    }
    return given, student.eval(_ASK.replace("SECOND", second), **given)


def _decoded(z, wd):
    return _sigmoid(z @ wd[0] + wd[1]).reshape(len(z), 4, 4, 1)


@pytest.mark.exercise("round-trip", points=1.5)
def test_images_are_decoded_from_z_mean(student):
    """The reconstruction of each image is the decoder's output for its z_mean."""
    given, answer = _round_trip(student, 6)
    x, we, wd = given["x"], given["we"], given["wd"]
    flat = x.reshape(6, 16)
    mean, log_var = flat @ we[0] + we[1], flat @ we[2] + we[3]
    small = (flat / 255) @ we[0] + we[1]
    wanted = _decoded(mean, wd)
    expect(
        answer["first"],
        close_to=wanted,
        rel=1e-3,
        abs=1e-4,
        if_instead=[
            (_decoded(log_var, wd), "This decodes `z_log_var`: the first output of the encoder is `z_mean`."),
            (mean, "These are the latent codes: decode them, too."),
            (x, "These are the input images: run them through both models."),
            (wanted.reshape(6, 16), "The images are flattened: keep the shape that the decoder returns."),
            (wanted[..., 0], "The channel axis is missing: keep the shape that the decoder returns."),
            (wanted[0], "This is the first reconstruction only: keep the batch axis."),
            (np.round(wanted), "The pixels are rounded to 0 and 1: return them as the decoder does."),
            (_decoded(small, wd), "The images are already scaled to [0, 1]: don't divide by 255 again."),
            (wanted * 255, "The pixels should stay between 0 and 1, as the decoder returns them."),
        ],
        message="The result should be `decoder(z_mean)` of each image, in the order and shape of the images.",
    )


@pytest.mark.exercise("round-trip", points=0.5)
def test_deterministic(student):
    """The same images have the same reconstructions in every call."""
    _, answer = _round_trip(student, 6, second="reconstruct(e, d, x)")
    expect(
        answer["second"],
        close_to=answer["first"],
        message="Two calls returned different images: decode `z_mean` itself, not a sample of z.",
    )
    require_inference(answer["modes"])


@pytest.mark.exercise("round-trip", points=1)
def test_one_pass_of_each_model(student):
    """All images pass through each model together, once."""
    _, answer = _round_trip(student, 12)
    require_finite(answer["first"])
    for name, passes in (("encoder", answer["coded"]), ("decoder", answer["decoded"])):
        seen = f"{len(passes)} passes, {sum(passes)} images"
        require(
            sum(passes) == 12,
            f"Each image should pass through the {name} once: run the model once and keep its output.",
            expected="12 images",
            actual=seen,
        )
        require(
            len(passes) <= 6,
            f"The {name} runs for each image separately: pass it all images at once.",
            expected="1 pass",
            actual=seen,
        )
