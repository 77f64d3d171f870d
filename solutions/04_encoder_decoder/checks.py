"""Public checks of lesson 04, encoder and decoder.

What a model computes is compared with NumPy: the check sets the weights, so it knows every output. That holds
for any spelling of the same network, and it sees what the layer table cannot: activations and where a stride is.
"""

import itertools
import math

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from autograder.checking.expect import expect, fail, require, require_finite, shape_of

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]

# ---- the networks in NumPy


def _conv(x, kernel, bias, stride=1):
    """Convolution with padding "same", as TensorFlow pads: the odd row and column go below and to the right."""
    size = kernel.shape[0]
    pads = []
    for n in x.shape[1:3]:
        pad = max((math.ceil(n / stride) - 1) * stride + size - n, 0)
        pads.append((pad // 2, pad - pad // 2))
    x = np.pad(x, [(0, 0), *pads, (0, 0)])
    windows = sliding_window_view(x, (size, size), axis=(1, 2))[:, ::stride, ::stride]  # (n, h, w, c, k, k)
    return np.tensordot(windows, kernel, axes=([3, 4, 5], [2, 0, 1])) + bias


def _conv_transpose(x, kernel, bias, stride=2):
    """Transposed convolution with padding "same": stamps added up, what hangs over below and to the right cut off."""
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
    """Random kernels that keep numbers near 1, and biases that are not 0, in the order of a model's weights."""
    rng = np.random.default_rng(seed)
    weights = []
    for shape, fan in zip(shapes, fans, strict=True):
        units = shape[2] if shape == (3, 3, 32, 64) and fan < 0 else shape[-1]
        weights.append(rng.normal(0, math.sqrt(2 / abs(fan)), shape).astype("float32"))
        weights.append(rng.normal(0, 0.3, units).astype("float32"))
    return weights


def _encoder_weights():
    """With heads that give positive numbers: whether they have an activation is asked elsewhere."""
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


# ---- what stands in a model's description


def _describe(student, expression, shape=(28, 28, 1)):
    """The model as it runs on two inputs of this shape."""
    kind = student.eval(f"describe_model({expression})")
    require(kind["class"] != "NoneType", "Nothing came back: is a `return` missing?", expected="a keras.Model")
    require(
        "Model" in kind["bases"],
        "Return a model, `keras.Model(inputs, outputs)`.",
        expected="a keras.Model",
        actual=f"a {kind['class']}",
    )
    return student.eval(f"describe_model({expression}, tensor(x))", x=np.zeros((2, *shape)))


def _params(model):
    """Parameters of each layer that has some. What belongs to no layer of Keras comes last."""
    found = [layer["params"] for layer in model["layers"] if layer["params"]]
    rest = model["params"] - sum(found)
    return [*found, rest] if rest else found


def _expect_table(found, wanted, names, known):
    """Compare parameter counts layer by layer; ``known`` maps a wrong table to what it says of the mistake."""
    if found != wanted and tuple(found) in known:
        fail(known[tuple(found)], expected=_counts(wanted), actual=_counts(found))
    for i, (want, name) in enumerate(zip(wanted, names, strict=True)):
        require(
            i < len(found) and found[i] == want,
            f"Of the layers that have parameters, number {i + 1} should be {name} with {want:,} parameters.",
            expected=_counts(wanted),
            actual=_counts(found),
        )
    require(
        len(found) == len(wanted),
        "There are more layers with parameters than the table has.",
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
        expect(value, shape=(), message="One number should come back.")
    return np.array(values, dtype=float)


@pytest.mark.exercise("conv-arithmetic", points=1)
def test_size_with_padding_same(student):
    """With padding "same" there is a stop every `stride` pixels: ⌈n/s⌉."""
    settings = [(n, k, s, "same") for n in (7, 14, 28) for k in (2, 3, 5) for s in (1, 2, 3)]
    n, k, s = np.array([setting[:3] for setting in settings]).T
    expect(
        _sizes(student, settings),
        close_to=np.ceil(n / s),
        if_instead=[
            (n // s, "Round up, not down: with 7 pixels and stride 2 there are stops at 0, 2, 4 and 6."),
            (n / s, "The size must be a whole number: round n/s up."),
            (n, 'With padding "same" the size stays the same for stride 1 only: divide by the stride.'),
            (
                (n - k) // s + 1,
                'This is the formula for "valid": with "same" the kernel size does not matter.',
            ),
        ],
        message='With padding "same" the size should be n/s, rounded up, whatever the kernel size.',
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
            ((n - k) // s, "One stop is missing, the first: with n = k the kernel fits once, not 0 times."),
            (np.ceil((n - k) / s) + 1, "Round down: a last step that leads out of the picture is not made."),
            ((n - k) / s + 1, "The size must be a whole number: round down before adding 1."),
            (n - k + 1, "The stride is missing: divide the way that the kernel can move by it."),
            ((n - k + 1) // s, "Divide n − k by the stride, then add 1: the first stop costs no step."),
            (np.ceil(n / s), 'This is the formula for "same": with "valid" the kernel must fit into the picture.'),
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
            (k * k * c * f, "The biases are missing: each filter has one more number."),
            (k * k * c * f + 1, "Each filter has a bias of its own, not the layer one for all."),
            (k * k * (c + 1) * f, "There is one bias for each filter, not one for each place of the kernel."),
            ((k * c + 1) * f, "The kernel is square: it has k·k places, not k."),
            ((k * k + 1) * f, "Each filter reaches through all input channels: the channels are missing."),
            ((k * k + 1) * c * f, "There is one bias for each filter, not one for each pair of channel and filter."),
            ((k * k * f + 1) * c, "Channels and filters changed places: the biases belong to the filters."),
        ],
        message="The number of parameters should be (kernel_size² · in_channels + 1) · filters.",
    )


@pytest.mark.exercise("conv-arithmetic", points=0.5)
def test_whole_numbers(student):
    """Sizes and counts are of type int."""
    kinds = student.eval(
        "[is_instance(x, 'int', 'integer') for x in"
        " (conv_output_size(28, 3, 2, 'same'), conv_output_size(28, 3, 2, 'valid'), conv_params(1, 32, 3))]"
    )
    require(
        all(kinds),
        "Give an `int`: a shape like (14.0, 14.0, 64) is an error in Keras. Use `//`, `math.ceil` or `int`.",
        expected="int",
        actual="another type of number",
    )


# ---- encoder

ENCODER_PARAMS = [320, 18_496, 36_928, 36_928, 401_440, 66, 66]
ENCODER_NAMES = ["Conv2D 32", "Conv2D 64 with stride 2", "Conv2D 64", "Conv2D 64", "Dense 32", "a head", "a head"]
_CONVS = (320, 18_496, 36_928, 36_928)
ENCODER_KNOWN = {
    (*_CONVS, 1_605_664, 66, 66): "The stride is missing: the second convolution should halve the picture.",
    (*_CONVS, 100_384, 66, 66): "The picture is halved twice: only the second convolution has stride 2.",
    (*_CONVS, 131_104, 66, 66): 'All convolutions need padding="same": without it the picture shrinks at each.',
    (*_CONVS, 2_080, 66, 66): "Use Flatten: pooling over all places forgets where something is.",
    (*_CONVS, 401_440, 66): "There is one head: `z_mean` and `z_log_var` each need a Dense layer of their own.",
    (*_CONVS, 401_440, 66, 6): "`z_log_var` reads `z_mean`: both heads should read the Dense layer of 32 units.",
    (*_CONVS, 25_090, 25_090): "The Dense layer of 32 units between Flatten and the heads is missing.",
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
    """The encoder turns pictures into two outputs of latent_dim numbers, z_mean and z_log_var."""
    _encoder(student)
    answer = student.eval("build_encoder()(tensor(x))", x=np.zeros((3, 28, 28, 1)))
    require(
        not isinstance(answer, dict),
        "Hand the outputs to keras.Model as a list: `[z_mean, z_log_var]`.",
        expected="a list of two",
        actual="a dict",
    )
    for head in answer:
        expect(head, shape=(3, 2), message="Each head should give `latent_dim` numbers for each picture.")


@pytest.mark.exercise("encoder", points=0.5)
def test_heads_are_named(student):
    """The outputs come from layers named z_mean and z_log_var, in this order."""
    names = _encoder(student)["output_names"]
    require(
        names != ["z_log_var", "z_mean"],
        "The order of the outputs is turned: `z_mean` comes first, then `z_log_var`.",
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
    """The first convolution keeps 28×28, the second makes 14×14, and there it stays."""
    layers = _describe(student, "build_encoder()")["layers"]
    rows = [28, *(layer["output_shape"][1] for layer in layers if layer["params"] and len(layer["output_shape"]) == 4)]
    given = {"expected": "28 → 28 → 14 → 14 → 14 rows", "actual": " → ".join(map(str, rows)) + " rows"}
    halved = [after <= before / 2 for before, after in itertools.pairwise(rows)]
    require(
        halved[:2] != [False, False],
        "The picture should be halved by the second convolution itself, with `strides=2`, not by pooling or later.",
        **given,
    )
    message = "The stride of 2 belongs to the second convolution, and to no other layer."
    require(halved[:2] == [False, True] and sum(halved) == 1, message, **given)


# What comes out with large weights in both heads, with the opposite ones in the first, and with such in the second.
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
            f"`{name}` is never negative: it has an activation like ReLU. A head has none, its values may be any.",
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
            f"`{name}` should be a plain Dense layer: with negated weights it gives the negated values.",
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
    found = _all_numbers(_outputs(answer))
    if not np.allclose(found, _all_numbers(_encode(images, weights)), rtol=1e-3, atol=1e-3):
        _fail_for_activation(found, images, weights)


def _outputs(answer):
    """What a model gives, as a list; that it should be one is asked elsewhere."""
    return list(answer.values()) if isinstance(answer, dict) else answer


def _all_numbers(outputs):
    """In order of size, whichever head the model computes first, and however it hands them over."""
    return np.sort(np.concatenate([np.ravel(output) for output in outputs]))


def _fail_for_activation(found, images, weights):
    names = ["first convolution", "second convolution", "third convolution", "fourth convolution", "Dense layer of 32"]
    for i, name in enumerate(names):
        activations = [_linear if j == i else _relu for j in range(5)]
        if np.allclose(found, _all_numbers(_encode(images, weights, activations)), rtol=1e-3, atol=1e-3):
            fail(f"The {name} has no activation: without ReLU two layers in a row are worth no more than one.")
    fail(
        "With known weights the model computes something else than the table says: each convolution and the "
        "Dense layer of 32 units should end in ReLU, and nothing else should stand between the layers."
    )


# ---- decoder

DECODER_PARAMS = [37_632, 18_464, 289]
DECODER_NAMES = ["a Dense layer", "Conv2DTranspose 32", "Conv2D 1"]
DECODER_KNOWN = {
    (37_632, 289): "The transposed convolution is missing: it doubles 14×14 to 28×28.",
    (37_632, 18_464): "The last convolution, with one filter, is missing.",
    (37_632, 18_464, 33): "The last convolution should have a kernel of 3×3, not 1×1.",
    (37_632, 36_928, 577): "The transposed convolution should have 32 filters, not 64.",
    (37_632, 577): "The transposed convolution with 32 filters stands before the last convolution with one.",
    (96, 413_952, 18_464, 289): "The decoder starts from z directly: there is no Dense layer of 32 in it.",
}


@pytest.mark.exercise("decoder", points=1)
def test_pictures_come_out(student):
    """Codes (n, 2) become pictures (n, 28, 28, 1) with every pixel between 0 and 1."""
    codes = np.random.default_rng(45).normal(0, 2000, (6, 2))
    images = student.eval("build_decoder()(tensor(z))", z=codes)
    shape = shape_of(images)
    require(
        shape != (6, 14, 14, 1),
        "The pictures are still 14×14: the transposed convolution needs `strides=2`.",
        expected="shape (6, 28, 28, 1)",
        actual=f"shape {shape}",
    )
    expect(
        images,
        shape=(6, 28, 28, 1),
        between=(0.0, 1.0),
        message="Six codes should become pictures of shape (6, 28, 28, 1), every pixel in [0, 1]: end in a sigmoid.",
    )


@pytest.mark.exercise("decoder", points=1)
def test_decoder_layer_table(student):
    """The decoder has 56,385 parameters: 37,632 / 18,464 / 289."""
    model = _describe(student, "build_decoder()", (2,))
    _expect_table(_params(model), DECODER_PARAMS, DECODER_NAMES, DECODER_KNOWN)
    transposed = [layer for layer in model["layers"] if layer["params"]][1]
    require(
        "Conv2DTranspose" in transposed["bases"],
        "UpSampling2D and a Conv2D have as many parameters, but the table asks for a Conv2DTranspose with stride 2.",
        expected="Conv2DTranspose",
        actual=transposed["class"],
    )


@pytest.mark.exercise("decoder", points=1.5, after="test_decoder_layer_table")  # the weights have to fit
def test_decoder_computes_what_the_table_says(student):
    """With known weights the pictures are those of Dense, Reshape, Conv2DTranspose, Conv2D."""
    weights = _decoder_weights()
    z = np.random.default_rng(46).standard_normal((2, 2))
    found = student.eval(_RUN.format("build_decoder()"), weights=weights, x=z)
    require_finite(found)

    def fits(transposed):
        """The Dense layer may have a ReLU or none; the range of the pixels is another check's business."""
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
        "With known weights other pictures come out: Dense (ReLU or none), Reshape, Conv2DTranspose with stride 2, "
        'padding "same" and ReLU, Conv2D with a sigmoid, and nothing else between them.'
    )


# ---- round-trip

# Two small models with a layer in each that notes how many rows pass it.
_MODELS = """(lambda i, z: (
    keras.Model(i, (lambda x: [keras.layers.Dense(2, name='z_mean')(x), keras.layers.Dense(2, name='z_log_var')(x)])(
        keras.layers.Flatten()(watch_rows(coded)(i)))),
    keras.Model(z, keras.layers.Reshape((4, 4, 1))(
        keras.layers.Dense(16, activation='sigmoid')(watch_rows(decoded)(z)))),
))(keras.Input((4, 4, 1)), keras.Input((2,)))"""
_ASK = f"""(lambda coded, decoded: (lambda e, d: {{
    'set': (e.set_weights(we), d.set_weights(wd)),
    'first': reconstruct(e, d, x), 'coded': list(coded), 'decoded': list(decoded), 'second': SECOND,
}})(*{_MODELS}))([], [])"""


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
def test_pictures_go_through_z_mean(student):
    """Each picture comes back as the decoder's picture of its z_mean."""
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
            (mean, "These are the codes: the decoder still has to make pictures of them."),
            (x, "These are the pictures that went in: they went through neither model."),
            (wanted.reshape(6, 16), "The pictures are flattened: keep the shape that the decoder gives."),
            (wanted[..., 0], "The axis of the channel is gone: keep the shape that the decoder gives."),
            (wanted[0], "Only the first picture comes back: keep the axis of the batch."),
            (np.round(wanted), "The pixels are rounded to 0 and 1: give them as the decoder gives them."),
            (_decoded(small, wd), "The pictures are scaled to [0, 1] already: don't divide by 255 again."),
            (wanted * 255, "The pixels should stay between 0 and 1, as the decoder gives them."),
        ],
        message="Each picture should come back as `decoder(z_mean)`, in the order and shape of the pictures.",
    )


@pytest.mark.exercise("round-trip", points=0.5)
def test_no_chance_in_it(student):
    """The same pictures come back the same each time."""
    _, answer = _round_trip(student, 6, second="reconstruct(e, d, x)")
    expect(
        answer["second"],
        close_to=answer["first"],
        message="Two calls gave different pictures: decode `z_mean` itself, not a draw around it.",
    )


@pytest.mark.exercise("round-trip", points=1)
def test_one_pass_of_each_model(student):
    """All pictures go through each model together, once."""
    _, answer = _round_trip(student, 12)
    require_finite(answer["first"])
    for name, passes in (("encoder", answer["coded"]), ("decoder", answer["decoded"])):
        seen = f"{len(passes)} passes, {sum(passes)} pictures"
        require(
            sum(passes) == 12,
            f"Each picture should pass the {name} once: run the model once and keep what it gives.",
            expected="12 pictures",
            actual=seen,
        )
        require(
            len(passes) <= 6,
            f"The {name} is run for each picture by itself: hand it all the pictures at once.",
            expected="1 pass",
            actual=seen,
        )
