"""Public checks of lesson 07, the VAE as a class. Expected values come from NumPy and the formulas of the lesson.

The checks of the steps and of the figure give the class an encoder and a decoder of their own, with weights set to
known numbers. So every loss has a known value, and no other exercise has a say in it. The checks of training bring
steps of their own, too.
"""

import numpy as np
import pytest

from autograder.checking.ask import ask_with
from autograder.checking.chance import mean_tolerance, require_normal, std_tolerance
from autograder.checking.errors import first_line
from autograder.checking.expect import expect, fail, in_shape, require, require_finite, shape_of
from autograder.checking.modes import require_inference, require_same_in_training
from autograder.checking.once import ask_once
from autograder.checking.promises import require_default
from autograder.checking.student import StudentError

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]
HINTS = {
    "class-encoder": [
        "How many Dense layers does the docstring list, and which of them read the hidden layer?",
        "`keras.Input((self.n_pixels,))`, a Dense layer, then two Dense layers that both take its output. Their number "
        "of units is `self.latent_dim`.",
        "The third output is `Sampling()` called on a list of the two heads. End with "
        "`return keras.Model(inputs, [three outputs])`.",
    ],
    "class-decoder": [
        "What is the shape of its input, and how many numbers should come out?",
        "`keras.Input((self.latent_dim,))`, one hidden layer with ReLU, then a layer of `self.n_pixels` units.",
        "Which activation maps any number to one between 0 and 1?",
    ],
    "class-loss": [
        "Over which axis do you sum to get one number for each image, and which function averages over nothing?",
        "In `image_losses` sum `ops.binary_crossentropy(images, decoded)` and the KL of each dimension over the last "
        "axis. Leave the axis of the images alone.",
        "In `train_step` the mean belongs to the loss under the tape: `ops.mean(…) + sum(self.losses)`. `report` gets "
        "the two vectors. `test_step` is `report` without the tape.",
    ],
    "class-train": [
        "Which attribute says whether a model has been built, and what happens to its weights when you build it twice?",
        "`if not self.built:` comes before `self.build(…)`. Then call Keras' own `compile` by the name of its class, "
        "with `self`, the optimizer, `*args` and `**kwargs`.",
        "`train` returns what `self.fit(x_train, …)` returns, with `validation_data`, `epochs` and `batch_size`.",
    ],
    "class-plot": [
        "Which of the encoder's three outputs is the same at every call?",
        "`ops.convert_to_numpy(self.decoder(z_mean))` is an array (n, n_pixels); each row becomes an image with "
        "`.reshape(side, side)`.",
        "With `squeeze=False`, `axes[0]` is the upper row of axes and `axes[1]` the lower one, also for n = 1.",
    ],
}

DRAWS = 75_000
LOSSES = ("loss", "reconstruction_loss", "kl_loss")
ENCODER = "VariationalAutoencoder(input_shape=({n},), latent_dim={d}, intermediate_dim={h}).build_encoder()"
DECODER = "VariationalAutoencoder(input_shape=({n},), latent_dim={d}, intermediate_dim={h}).build_decoder()"
OTHER_SIZES = (
    "With other sizes than 784, 2 and 512 the layers don't fit each other: take all of them from `self.n_pixels`, "
    "`self.latent_dim` and `self.intermediate_dim`."
)
WEIGHTS = "[w for layer in layers_with_weights({}) for w in layer.trainable_weights]"  # in the order of computing
GLOROT = "keras.layers.Dense({}, activation={!r}, kernel_initializer=keras.initializers.GlorotUniform({}))({})"


def require_methods(student, *names, required="True"):
    """Fail, naming the decorator, where the class has no method of these names, or an older one than the notebook.

    An older one: both are functions of the notebook, with the name of the method, and they differ. One that is missing
    matters where ``required`` is true.
    """
    required, methods = ask_once(
        student,
        f"({required}, [(lambda own, there: {{'missing': there is None or there is getattr(keras.Model, name, None), "
        "'own': type(own).__name__ == 'function' and own.__code__.co_varnames[:1] == ('self',), "
        "'older': own is not there and own is not getattr(there, '__wrapped__', None) "
        "and getattr(there, '__qualname__', '') == getattr(own, '__qualname__', None) == name "
        "and getattr(there, '__globals__', 0) is getattr(own, '__globals__', 1)})"
        f"(globals().get(name), getattr(VariationalAutoencoder, name, None)) for name in {names!r}])",
    )
    for name, found in zip(names, methods, strict=True):
        missing = required and found["missing"]
        require(
            not (found["own"] and (missing or found["older"])),
            f"`{name}` is a function of its own, and the class doesn't have it: write "
            f"`@method_of(VariationalAutoencoder)` in the line above `def {name}`.",
            expected=f"a method `{name}`",
            actual="a function outside the class",
        )
        require(
            not missing,
            f"VariationalAutoencoder has no method `{name}` of yours: define it under "
            "`@method_of(VariationalAutoencoder)`, and run its cell.",
            expected=f"a method `{name}`",
            actual="none",
        )


def sigmoid(x):
    """The logistic function in NumPy."""
    return 1 / (1 + np.exp(-x))


def cross_entropy(x, p):
    """Binary cross-entropy of each pixel."""
    return -(x * np.log(p) + (1 - x) * np.log(1 - p))


# ---- class-encoder


def encoder_params(n, d, h):
    """Trainable parameters of the encoder the lesson asks for."""
    return n * h + h + 2 * (h * d + d)


def outputs_of(student, model, images, what=""):
    """A list of what the encoder returns, after ``what`` was done to it as ``e``."""
    require_methods(student, "build_encoder")
    usual = ENCODER.format(n=784, d=2, h=512)
    require_model(ask_with(student, f"describe_model({model})", OTHER_SIZES, usual), "build_encoder")
    ask = f"(lambda e: (e(tensor(x)), {what or None}, e(tensor(x)))[-1])({model})"
    outputs = ask_with(student, ask, OTHER_SIZES, f"{usual}(np.zeros((1, 784), 'float32'))", x=images)
    require(
        not isinstance(outputs, dict),
        "The encoder should return its outputs in a list, [z_mean, z_log_var, z], not by name.",
        expected="a list",
        actual="a dict",
    )
    require_finite(outputs)
    return list(outputs) if isinstance(outputs, tuple | list) else [outputs]


def require_model(found, method):
    """Fail where what a method returned, described, is nothing, or tensors in place of a model."""
    require(
        found["class"] != "NoneType",
        f"{method} should return the model it makes: is `return` missing?",
        expected="a model",
        actual="None",
    )
    require(
        found["class"] not in ("list", "tuple", "dict", "KerasTensor"),
        f"{method} should return a model, `keras.Model(inputs, outputs)`, not its outputs alone.",
        expected="a model",
        actual=f"a {found['class']}",
    )


def require_three(outputs):
    """Fail unless there are three outputs."""
    require(
        len(outputs) == 3,
        "The encoder needs three outputs, [z_mean, z_log_var, z].",
        expected="3 outputs",
        actual=f"{len(outputs)} output{'s' * (len(outputs) != 1)}",
    )


def with_biases(student, n, d, h, images):
    """The encoder's outputs when all its kernels are 0, z_mean's bias is 0.7 and z_log_var's is -2, or the reverse.

    Which of the two heads was made first is left open, and so is whether one Dense layer of 2·d units serves both.
    """
    zero = "[w.assign(np.zeros(w.shape)) for w in weights]"
    heads = f"[w for w in weights if len(w.shape) == 1][-1 if weights[-1].shape[0] == {2 * d} else -2:]"
    heads = f"({heads} if any(w.shape in (({d},), ({2 * d},)) for w in weights) else [])"  # heads may have no bias
    assign = (
        "(lambda heads: [w.assign(np.repeat([0.7, -2.0], w.shape[0] // 2) if len(heads) == 1 else "
        f"np.full(w.shape, bias)) for w, bias in zip(heads, (0.7, -2.0))])({heads})"
    )
    what = f"(lambda weights: ({zero}, {assign}))({WEIGHTS.format('e, tensor(x)')})"
    return outputs_of(student, ENCODER.format(n=n, d=d, h=h), images, what)


@pytest.mark.exercise("class-encoder", points=1)
def test_three_outputs(student):
    """build_encoder() returns a model with three outputs (n, latent_dim), also for latent_dim 3."""
    for n, d, h in [(784, 2, 512), (12, 3, 7)]:
        outputs = outputs_of(student, ENCODER.format(n=n, d=d, h=h), np.zeros((4, n), "float32"))
        require_three(outputs)
        for output in outputs:
            message = "Each output should hold latent_dim numbers for each image: take the size from self.latent_dim."
            expect(output, shape=(4, d), message=message)


@pytest.mark.exercise("class-encoder", points=0.5)
def test_encoder_parameters(student):
    """The default encoder has 403,972 parameters: a hidden layer and two heads."""
    require_methods(student, "build_encoder")
    found = params_of(student, ENCODER.format(n=784, d=2, h=512), 784)
    expect(
        found,
        equals=encoder_params(784, 2, 512),
        if_instead={
            784 * 512
            + 512
            + 512 * 2
            + 2: "One head is missing: z_mean and z_log_var each need a Dense layer of their own.",
            784 * 512 + 512 + 512 * 2 + 2 + 2 * 2 + 2: "One head reads the other: both belong on the hidden layer.",
            2 * (784 * 512 + 512 + 512 * 2 + 2): "Each head has a hidden layer of its own: both should share one.",
            2 * (784 * 2 + 2): "The hidden layer is not used: the heads belong on top of it.",
            encoder_params(784, 2, 512)
            + 512 * 512
            + 512: "There should be one hidden layer of intermediate_dim units, not two.",
        },
        message="The layers should be one Dense layer of intermediate_dim units and two heads of latent_dim units.",
    )
    require_same_in_training(student, ENCODER.format(n=784, d=2, h=512), np.full((2, 784), 3.0), may_penalize=True)


def params_of(student, model, width):
    """How many parameters ``model`` trains, once it has seen inputs of this width."""
    usual = f"{model.partition('(')[0]}().{model.rpartition('.')[2]}"
    ask = f"describe_model({model}, tensor(x))"
    found = ask_with(student, ask, OTHER_SIZES, usual, x=np.zeros((2, width)))
    require_model(found, model.rpartition(".")[2].rstrip("()"))
    return found["trainable_params"]


@pytest.mark.exercise("class-encoder", points=0.5)
def test_heads_give_any_number(student):
    """The heads have no activation: a bias of −2 becomes an output of −2."""
    outputs = with_biases(student, 6, 2, 5, np.zeros((2, 6)))
    found = sorted(float(out[0, 0]) for out in outputs if np.ptp(out, axis=0).max() < 1e-6)  # in any order
    if len(found) == 3:  # z too, for want of noise: that costs its own points
        found = min((found[:2], found[1:], found[::2]), key=lambda pair: np.abs(np.subtract(pair, [-2.0, 0.7])).max())
    expect(
        found,
        close_to=[-2.0, 0.7],
        if_instead=[
            ([0.0, 0.0], "The heads have no bias: leave `use_bias` of both Dense layers at its default."),
            ([-2.0, -2.0], "z_mean and z_log_var are the same numbers: each head is a Dense layer of its own."),
            ([0.0, 0.7], "A head turns negative numbers into 0: heads have no activation."),
            (
                np.tanh([-2.0, 0.7]),
                "The heads have a tanh: they must be able to output any number, without activation.",
            ),
            (np.log1p(np.exp([-2.0, 0.7])), "The heads have a softplus: z_log_var is a logarithm and may be negative."),
        ],
        message="z_mean and z_log_var should be the plain output of a Dense layer, without activation.",
    )


@pytest.mark.exercise("class-encoder", points=1)
def test_third_output_is_a_draw(student):
    """The third output is sampled from N(z_mean, exp(z_log_var)), and the order is z_mean, z_log_var, z."""
    outputs = with_biases(student, 6, 2, 5, np.zeros((DRAWS, 6)))
    require_three(outputs)
    mean, log_var, z = (np.reshape(output, (DRAWS, -1)) for output in outputs)
    require(
        np.ptp(mean) < 1e-3 and np.ptp(log_var) < 1e-3,
        "For one and the same image z_mean or z_log_var varies: the sample belongs last, [z_mean, z_log_var, z].",
        expected="the same z_mean and z_log_var for the same image",
        actual=f"z_mean varies by {np.ptp(mean):.3g}, z_log_var by {np.ptp(log_var):.3g}",
    )
    m, s = float(mean[0, 0]), float(log_var[0, 0])
    sigma = np.exp(s / 2)
    require(
        z.std(axis=0).max() > 1e-3,
        "The third output contains no noise: put a Sampling layer on the two heads.",
        actual="no noise",
    )
    require(
        abs(m - s) < 0.1 or abs(z.mean() - s) > 0.1,
        "The samples lie around the second output: z_mean and z_log_var are swapped.",
        expected=f"a mean of {m:.3g}, the first output",
        actual=f"{z.mean():.3g}",
    )
    message = "The mean of the samples should be z_mean, the first output."
    expect(z.mean(), close_to=m, rel=0, abs=mean_tolerance(max(sigma, np.exp(s)), z.size), message=message)
    expect(
        z.std(),
        close_to=sigma,
        rel=std_tolerance(z.size),
        if_instead=[
            (np.exp(s), "The noise is multiplied by the variance: multiply by exp(½·z_log_var), or use Sampling.")
        ],
        message="The standard deviation of the samples should be exp(½·z_log_var), with the second output as z_log_var.",
    )
    require_normal((z - m) / sigma, draw_with="keras.random.normal")


# ---- class-decoder


def decoder_params(n, d, h):
    """Trainable parameters of the decoder the lesson asks for."""
    return d * h + h + h * n + n


@pytest.mark.exercise("class-decoder", points=0.5)
def test_codes_become_images(student):
    """build_decoder() returns a model from latent vectors to images, also for latent_dim 3."""
    require_methods(student, "build_decoder")
    for n, d, h in [(784, 2, 512), (12, 3, 7)]:
        model = DECODER.format(n=n, d=d, h=h)
        usual = DECODER.format(n=784, d=2, h=512)
        found = ask_with(student, f"describe_model({model})", OTHER_SIZES, usual)
        require_model(found, "build_decoder")
        require(
            not found["inputs"] or found["inputs"][0][1:] == (d,),
            "The decoder's input is a latent vector of latent_dim numbers: take the size from self.latent_dim.",
            expected=f"input (None, {d})",
            actual=f"input {found['inputs'][:1]}",
        )
        images = ask_with(student, f"{model}(tensor(z))", OTHER_SIZES, usual, z=np.zeros((5, d), "float32"))
        message = "Each latent vector should become one image of n_pixels numbers: take the size from self.n_pixels."
        expect(images, shape=(5, n), message=message)


@pytest.mark.exercise("class-decoder", points=0.5)
def test_decoder_parameters(student):
    """The default decoder has 403,728 parameters: a hidden layer and the pixels."""
    require_methods(student, "build_decoder")
    found = params_of(student, DECODER.format(n=784, d=2, h=512), 2)
    expect(
        found,
        equals=decoder_params(784, 2, 512),
        if_instead={
            2 * 784 + 784: "The hidden layer between latent vector and pixels is missing.",
            decoder_params(784, 2, 512)
            + 512 * 512
            + 512: "There should be one hidden layer of intermediate_dim units, not two.",
        },
        message="The layers should be one Dense layer of intermediate_dim units and one of n_pixels units.",
    )
    require_same_in_training(student, DECODER.format(n=784, d=2, h=512), np.full((2, 2), 3.0), may_penalize=True)


@pytest.mark.exercise("class-decoder", points=1)
def test_pixels_are_between_0_and_1(student):
    """The last layer has a sigmoid: any number becomes a pixel between 0 and 1."""
    require_methods(student, "build_decoder")
    logits = np.tile([-6.0, -2.0, -0.5, 0.0, 0.5, 2.0, 6.0], 112)
    zero = "[w.assign(np.zeros(w.shape)) for w in weights]"
    weights = WEIGHTS.format("m, tensor(z)")
    assign = f"(lambda weights: ({zero}, weights[-1].assign(np.resize(b, weights[-1].shape))))({weights})"
    ask = f"(lambda m: ({assign}, m(tensor(z)))[-1])({DECODER.format(n=784, d=2, h=512)})"
    pixels = student.eval(ask, z=np.zeros((1, 2)), b=logits)
    expect(
        in_shape(pixels, (784,)),
        close_to=sigmoid(logits),
        if_instead=[
            (
                logits,
                "The last layer has no activation: pixels leave the range from 0 to 1, a sigmoid keeps them in it.",
            ),
            (np.maximum(logits, 0), "The last layer has a ReLU: its pixels can exceed 1, a sigmoid keeps them below."),
            (np.tanh(logits), "The last layer has a tanh: its range is −1 to 1, but pixels lie between 0 and 1."),
            (
                np.exp(logits) / np.exp(logits).sum(),
                "A softmax makes the pixels sum to 1: each pixel needs a sigmoid of its own.",
            ),
            (sigmoid(sigmoid(logits)), "There are two sigmoids, one after the other: no pixel can be darker than ½."),
            (sigmoid(np.maximum(logits, 0)), "There is a ReLU before the sigmoid: no pixel can be darker than ½."),
            (
                np.clip(logits / 6 + 0.5, 0, 1),
                "The last layer has a hard sigmoid: it stops learning at 0 and 1, take the sigmoid itself.",
            ),
        ],
        message="The last layer should have a sigmoid.",
    )


# ---- class-loss


def with_halves(question, draw="m", rate=0.05, penalty=0.0, noted=False):
    """An expression: ``question`` of a ``vae`` whose encoder and decoder are Dense layers with given weights.

    z_mean = x @ mk + mb, z_log_var = x @ sk + sb, images = sigmoid(z @ dk + db); ``draw`` computes the encoder's third
    output from m and s (by default z_mean itself: no noise). Plain gradient descent, nothing traced. ``penalty`` is
    the weight of an L2 penalty on the biases of z_mean and of the pixels. With ``noted``, ``log`` holds
    (network, training) for each call of a network.
    """
    dense = "keras.layers.Dense({units}{more})({inputs})"
    squared = f", bias_regularizer=keras.regularizers.L2({penalty})" if penalty else ""
    x, z = ("noting('encoder')(x)", "noting('decoder')(z)") if noted else ("x", "z")
    mean = dense.format(units="mk.shape[1]", more=squared, inputs=x)
    log_var = dense.format(units="mk.shape[1]", more="", inputs="x")
    pixels = dense.format(units="dk.shape[1]", more=f", activation='sigmoid'{squared}", inputs=z)
    encoder = (
        f"(lambda x: (lambda m, s: keras.Model(x, [m, s, {draw}]))({mean}, {log_var}))(keras.Input((mk.shape[0],)))"
    )
    decoder = f"(lambda z: keras.Model(z, {pixels}))(keras.Input((dk.shape[0],)))"
    noting = (
        "lambda name: type('Noting', (keras.layers.Layer,), {'call': lambda self, x, training=False: "
        "(log.append((name, bool(training))), x)[1]})()"
    )
    probe = (
        f"type('Probe', (VariationalAutoencoder,), {{'build_encoder': lambda self: {encoder}, "
        f"'build_decoder': lambda self: {decoder}}})"
        "(input_shape=(mk.shape[0],), latent_dim=mk.shape[1])"
    )
    ready = (
        "vae.build((None, mk.shape[0])), vae.encoder.set_weights([mk, mb, sk, sb]), vae.decoder.set_weights([dk, db]), "
        "[setattr(half, 'run_eagerly', True) for half in (vae.encoder, vae.decoder)], "
        f"keras.Model.compile(vae, optimizer=keras.optimizers.SGD({rate}), run_eagerly=True), log.clear()"
    )
    return f"(lambda log: (lambda noting: (lambda vae: ({ready}, {question})[-1])({probe}))({noting}))([])"


def halves(seed, n=12, d=3, images=5):
    """Weights for ``with_halves`` and images x, all of them float32."""
    rng = np.random.default_rng(seed)
    made = {
        "x": rng.uniform(0, 1, (images, n)),
        "mk": rng.normal(0, 0.5, (n, d)),
        "mb": rng.normal(0, 0.5, d),
        "sk": rng.normal(0, 0.4, (n, d)),
        "sb": rng.normal(-0.5, 0.5, d),
        "dk": rng.normal(0, 0.7, (d, n)),
        "db": rng.normal(0, 0.7, n),
    }
    return {name: values.astype("float32") for name, values in made.items()}


def narrow(made):
    """The same networks with posteriors so narrow that even a sample of one's own makes no difference."""
    return made | {"sk": np.zeros_like(made["sk"]), "sb": np.full_like(made["sb"], -30.0)}


def losses(made):
    """(reconstruction, KL) of each image, in nats, and the reconstructed images, when z is z_mean."""
    mean, log_var = made["x"] @ made["mk"] + made["mb"], made["x"] @ made["sk"] + made["sb"]
    decoded = sigmoid(mean.astype(float) @ made["dk"] + made["db"])
    kl = 0.5 * (np.exp(log_var) + mean**2 - 1 - log_var).sum(1)
    return cross_entropy(made["x"].astype(float), decoded).sum(1), kl, decoded


def require_steps(student):
    """Fail where train_step or test_step is missing, unless the class has a compute_loss for those of keras.Model."""
    own_loss = "VariationalAutoencoder.compute_loss is keras.Model.compute_loss"
    require_methods(student, "train_step", "test_step", required=own_loss)


def asked(student, question, given, once=False, **options):
    """What a model with the steps of the notebook answers; ``once``: see ask_once."""
    require_steps(student)
    expression = with_halves(question, **options)
    try:
        return ask_once(student, expression, **given) if once else student.eval(expression, **given)
    except StudentError as error:
        if "784" in error.text or ("784" in error.message and "784" not in str(given["x"].shape)):
            fail(
                f"The images have {given['x'].shape[1]} pixels here: take the size from the model, `self.n_pixels`, "
                "not 784.",
                expected="any number of pixels",
                actual=f"{error.kind}: {first_line(error.message)}",
            )
        raise


def reported(student, given, *names, finite=True):
    """The losses of these names that a test step reports."""
    return losses_in(asked(student, "vae.test_step(tensor(x))", given), *names, finite=finite)


def losses_in(found, *names, finite=True):
    """The losses of these names in what a step returned."""
    require(
        found is not None,
        "The step returned nothing: return what `report` returns.",
        expected="a dict of three losses",
        actual="None",
    )
    require(
        isinstance(found, dict) and set(names) <= set(found),
        "The step should return its losses by name, as `report` does: loss, reconstruction_loss and kl_loss.",
        expected=", ".join(names),
        actual=", ".join(map(str, found)) if isinstance(found, dict) else found,
    )
    for name in names:
        message = f"`{name}` should be one number."
        require(shape_of(found[name]) == (), message, expected="one number", actual=found[name])
    if finite:
        require_finite(found)
    return [float(found[name]) for name in names]


MEASURED = halves(3)


def measured(student):
    """What a test step on MEASURED returns, and the weights after it."""
    after = "vae.encoder.get_weights() + vae.decoder.get_weights()"
    return asked(student, f"[vae.test_step(tensor(x)), {after}]", MEASURED, once=True)


@pytest.mark.exercise("class-loss", points=0.5)
def test_three_losses_by_name(student):
    """test_step reports loss, reconstruction_loss and kl_loss."""
    losses_in(measured(student)[0], *LOSSES)


@pytest.mark.exercise("class-loss", points=1)
def test_reconstruction_is_summed_over_pixels(student):
    """reconstruction_loss is the cross-entropy summed over the pixels, averaged over the images."""
    given = narrow(halves(2))
    (found,) = reported(student, given, "reconstruction_loss")
    each, _, decoded = losses(given)
    right, (batch, n) = each.mean(), given["x"].shape
    expect(
        found,
        close_to=right,
        rel=1e-3,
        if_instead=[
            (
                right / n,
                "You averaged over the pixels, as `keras.losses.binary_crossentropy` does: sum within an image, "
                "or the KL weighs n_pixels times too much and the model collapses.",
            ),
            (
                right / n * 784,
                "You multiplied a mean over pixels by 784, but the images have 12 pixels here: take the size from the "
                "model, `self.n_pixels`.",
            ),
            (
                right * batch,
                "You summed over the batch: average over the images, or the loss depends on the batch size.",
            ),
            (
                right / batch,
                "You divided by the number of images twice: sum over pixels, then average over images.",
            ),
            (-right, "The sign is wrong: the cross-entropy is positive."),
            (
                ((given["x"] - decoded) ** 2).sum(1).mean(),
                "This is a squared error: use the binary cross-entropy, which is in nats.",
            ),
            (
                ((given["x"] - decoded) ** 2).mean(),
                "This is a mean squared error: use the binary cross-entropy, which is in nats, and sum it.",
            ),
            (
                cross_entropy(decoded, np.clip(given["x"], 1e-7, 1 - 1e-7)).sum(1).mean(),
                "Image and reconstruction are swapped in the cross-entropy: the image comes first.",
            ),
        ],
        message="reconstruction_loss should be the binary cross-entropy of image and decoded z, summed over pixels.",
    )


@pytest.mark.exercise("class-loss", points=1)
def test_kl_is_summed_over_dimensions(student):
    """kl_loss is the KL to N(0, I), summed over latent dimensions, averaged over the images."""
    given = MEASURED
    (found,) = losses_in(measured(student)[0], "kl_loss")
    right, (batch, d) = losses(given)[1].mean(), (len(given["x"]), given["mk"].shape[1])
    mean, log_var = given["x"] @ given["mk"] + given["mb"], given["x"] @ given["sk"] + given["sb"]
    as_sigma = 0.5 * (log_var**2 + mean**2 - 1 - np.log(log_var**2)).sum(1).mean()
    expect(
        found,
        close_to=right,
        rel=1e-3,
        if_instead=[
            (0.0, "The KL is missing: kl_loss stays at 0."),
            (right / d, "You averaged over the latent dimensions: the KL of independent dimensions adds up."),
            (-right, "The sign of the KL is wrong: a KL is never negative."),
            (2 * right, "The factor ½ is missing from the KL."),
            (-2 * right, "The factor −½ is missing from the KL."),
            (right / 2, "The KL is halved twice."),
            (right * batch, "You summed over the batch: average over the images."),
            (right / batch, "You divided by the number of images twice."),
            (as_sigma, "z_log_var is used as σ: it is the logarithm of the variance."),
        ],
        message="kl_loss should be ½·(exp(z_log_var) + z_mean² − 1 − z_log_var), summed over latent dimensions.",
    )


@pytest.mark.exercise("class-loss", points=0.5)
def test_loss_is_the_sum_of_both(student):
    """loss is reconstruction_loss plus kl_loss."""
    loss, reconstruction, kl = losses_in(measured(student)[0], *LOSSES)
    expect(
        loss,
        close_to=reconstruction + kl,
        rel=1e-3,
        if_instead=[
            (reconstruction, "The KL is missing from the loss."),
            (kl, "The reconstruction is missing from the loss."),
            (reconstruction - kl, "The KL is subtracted: both should become small."),
            ((reconstruction + kl) / 2, "The loss is the sum of its two parts, not their mean."),
        ],
        message="loss should be reconstruction_loss + kl_loss, without a weight.",
    )


def moved_by_a_step(student, given, rate=0.05, **options):
    """The gradients that a training step follows, for the biases of z_mean, z_log_var and the pixels; its losses."""
    weights = "[np.array(w) for w in (vae.encoder.weights[1], vae.encoder.weights[3], vae.decoder.weights[1])]"
    found, after = asked(student, f"[vae.train_step(tensor(x)), {weights}]", given, rate=rate, **options)
    return [(given[name] - now) / rate for name, now in zip(("mb", "sb", "db"), after, strict=True)], found


def gradients_of(given):
    """(Gradient of the loss in the pixels' bias, the reconstruction's part of that in z_mean's bias, z_mean)."""
    mean, decoded = given["x"] @ given["mk"] + given["mb"], losses(given)[2]
    return (decoded - given["x"]).mean(0), ((decoded - given["x"]) @ given["dk"].T).mean(0), mean


@pytest.mark.exercise("class-loss", points=1)
def test_a_training_step_follows_the_gradient(student):
    """train_step changes all weights along the gradient of the mean of reconstruction + KL."""
    given = narrow(halves(5))
    (moved, _), (to_pixels, to_mean, mean) = moved_by_a_step(student, given), gradients_of(given)
    batch, n = given["x"].shape
    expect(
        moved[2],
        close_to=to_pixels,
        rel=1e-2,
        abs=1e-3,
        if_instead=[
            (0 * to_pixels, "The decoder's weights didn't change: apply the gradients with the optimizer."),
            (to_pixels / n, "You train on the mean over pixels: sum within an image, or the KL outweighs it."),
            (to_pixels * batch, "You train on the sum over the batch: average over the images."),
            (-to_pixels, "The step increases the loss: what is trained has the wrong sign."),
        ],
        message="The decoder's step should follow the gradient of the summed cross-entropy, averaged over images.",
    )
    expect(
        moved[0],
        close_to=to_mean + mean.mean(0),
        rel=1e-2,
        abs=1e-3,
        if_instead=[
            (
                0 * to_mean,
                "The encoder's weights didn't change: take the gradient for all of self.trainable_variables.",
            ),
            (to_mean, "The KL has no part in the gradient: train on reconstruction + KL."),
            (mean.mean(0), "The reconstruction doesn't reach the encoder: decode its z, under the tape."),
            (to_mean + mean.mean(0) / mean.shape[1], "You train on the mean over latent dimensions: the KL adds up."),
            (to_mean - mean.mean(0), "The KL is subtracted from the loss that is trained: both should become small."),
        ],
        message="The encoder's step should follow the gradient of reconstruction + KL.",
    )
    expect(
        moved[1],
        close_to=np.full_like(moved[1], -0.5),
        rel=1e-2,
        abs=1e-3,
        message="The step of z_log_var should follow the gradient of the KL, ½·(exp(z_log_var) − 1).",
    )


@pytest.mark.exercise("class-loss", points=0.5)
def test_penalties_are_trained(student):
    """train_step adds the penalties in self.losses to the loss that is trained, and doesn't report them."""
    given, c = narrow(halves(8)), 0.25
    (moved, step), (to_pixels, to_mean, mean) = moved_by_a_step(student, given, penalty=c), gradients_of(given)
    for found, without, bias in ((moved[2], to_pixels, "db"), (moved[0], to_mean + mean.mean(0), "mb")):
        penalty = 2 * c * given[bias]
        expect(
            found,
            close_to=without + penalty,
            rel=1e-2,
            abs=1e-3,
            if_instead=[
                (without, "The layers' penalties have no part in the loss that is trained: add sum(self.losses)."),
                (
                    without + penalty / len(given["x"]),
                    "The penalties are divided by the number of images: add sum(self.losses) to the mean.",
                ),
                (without + 2 * penalty, "The penalties are added twice."),
            ],
            message="With an L2 penalty the step should follow the gradient of mean(reconstruction + KL) + penalties.",
        )
    found = losses_in(step, "loss", "reconstruction_loss")
    reconstruction, kl, _ = losses(given)
    right = np.array([(reconstruction + kl).mean(), reconstruction.mean()])
    penalty = c * float((given["mb"] ** 2).sum() + (given["db"] ** 2).sum())
    message = "The penalties belong to the loss that is trained; what is reported contains no penalty."
    near = np.abs(found - right - penalty) < 0.3 * penalty  # the step has changed the penalties a little
    require(not near.any(), message, expected=right, actual=np.array(found))
    message = "train_step should report the reconstruction and the KL of the pass that it trains on, before the step."
    expect(found, close_to=right, rel=1e-3, message=message)


@pytest.mark.exercise("class-loss", points=0.5)
def test_training_mode(student):
    """train_step calls encoder and decoder with training=True, test_step with training=False."""
    steps = {"train_step": True, "test_step": False}
    question = ", ".join(f"(vae.{step}(tensor(x)), list(log), log.clear())[:2]" for step in steps)
    alone = "getattr(vae, 'image_losses', lambda images: None)(tensor(x))"
    question += f", (raised(lambda: {alone}), list(log))[1]"
    *both, by_default = asked(student, f"[{question}]", halves(9), noted=True)
    for (step, training), (found, log) in zip(steps.items(), both, strict=True):
        losses_in(found, *LOSSES)
        for network in ("encoder", "decoder"):
            seen = [flag for name, flag in log if name == network]
            why = (
                "otherwise layers such as Dropout do nothing while the model trains"
                if training
                else "otherwise layers such as Dropout add noise to what is measured"
            )
            require(
                seen and all(flag == training for flag in seen),
                f"{step} should call the {network} with `training={training}`: {why}.",
                expected=f"{network}(…, training={training})",
                actual=f"{network}(…) in {'training' if not training else 'inference'} mode"
                if seen
                else f"no call of self.{network}",
            )
    require(
        not any(training for _, training in by_default),
        "image_losses promises `training=False` where a call leaves it out.",
        expected="inference mode",
        actual="training mode",
    )


@pytest.mark.exercise("class-loss", points=0.5)
def test_a_test_step_learns_nothing(student):
    """test_step leaves all weights as they are."""
    after = measured(student)[1]
    require_finite(after)
    names = ("mk", "mb", "sk", "sb", "dk", "db")
    same = all(np.array_equal(now, MEASURED[name]) for name, now in zip(names, after, strict=True))
    require(
        same,
        "test_step changed the weights: held-out images are for measuring, never for training.",
        expected="the weights as before",
        actual="other weights",
    )


def compare_averages(student, given):
    """Fail unless both steps report, over batches of 4, means over all images."""
    steps = "test_step", "train_step"
    # As evaluate and fit do it: the metrics begin anew, and what the last batch's step returns is reported.
    batches = "vae.reset_metrics(), [vae.{0}(tensor(x[start : start + 4])) for start in range(0, len(x), 4)][-1]"
    question = ", ".join(f"(vae.{{0}}(tensor(x)), {batches})[-1]".format(step) for step in steps)
    both = asked(student, f"[{question}]", given, rate=0.0)
    reconstruction, kl, _ = losses(given)
    for step, reported_ in zip(steps, both, strict=True):
        found = losses_in(reported_, *LOSSES)
        for name, value, each in zip(LOSSES, found, (reconstruction + kl, reconstruction, kl), strict=True):
            by_batch = np.mean([each[start : start + 4].mean() for start in range(0, len(each), 4)])
            expect(
                value,
                close_to=each.mean(),
                rel=1e-4,
                if_instead=[
                    (
                        by_batch,
                        f"In {step} a small last batch counts as much as a full one: pass `report` the losses of all "
                        "images, not their mean.",
                    )
                ],
                message=f"Over several batches {step} should report as `{name}` the mean over all images.",
            )


@pytest.mark.exercise("class-loss", points=0.5)
def test_every_image_counts_alike(student):
    """Over batches of 4 and 2 images both steps report means over all six images."""
    given = narrow(halves(21, images=6))
    given["x"][4:] = given["x"][4:].round()
    compare_averages(student, given)


@pytest.mark.exercise("class-loss", points=0.5)
def test_no_collapse(student):
    """Trained on four different images, the model tells them apart."""
    require_steps(student)
    images = np.random.default_rng(7).integers(0, 2, (4, 64)).astype("float32")
    mean, log_var = GLOROT.format(2, "linear", 2, "x"), GLOROT.format(2, "linear", 3, "x")
    encoder = (
        "(lambda x: (lambda m, s: keras.Model(x, [m, s, Sampling(seed=6)([m, s])]))"
        f"({mean}, {log_var}))(keras.Input((64,)))"
    )
    pixels = GLOROT.format(64, "sigmoid", 5, "z")
    probe = (
        f"type('Probe', (VariationalAutoencoder,), {{'build_encoder': lambda self: {encoder}, "
        f"'build_decoder': lambda self: (lambda z: keras.Model(z, {pixels}))(keras.Input((2,)))}})(input_shape=(64,))"
    )
    # The clipped gradient keeps the training stable where a loss is a sum over the batch: that costs its own points.
    # An optimizer that is built beforehand makes no variables in the step, which is then traced only once. The step is
    # traced as `fit` does it, without fit's pipeline of batches, which takes longer to set up than all of this.
    question = (
        "(vae.build((None, 64)), keras.Model.compile(vae, optimizer=keras.optimizers.SGD(0.03, global_clipnorm=10.0)), "
        "vae.optimizer.build(vae.trainable_variables), "
        "[step(images) for images in [tensor(np.tile(x, (4, 1)))] for _ in range(30)], vae.encoder(tensor(x)))[-1]"
    )
    traced = "traced(lambda images: (vae.train_step(images), None)[1])"
    mean, log_var, _ = student.eval(f"(lambda vae: (lambda step: {question})({traced}))({probe})", x=images)
    require_finite([mean, log_var])
    kl = float((0.5 * (np.exp(log_var) + mean**2 - 1 - log_var)).sum(1).mean())
    require(
        kl > 0.5,
        "After training all images have nearly the same posterior, the model has collapsed: sum over pixels, and give "
        "the KL the weight 1.",
        expected="more than 0.5 nats: to tell four images apart takes ln 4, about 1.4",
        actual=f"{kl:.3g} nats",
    )


# ---- class-train

REBUILT = "The second compile builds the model again: build it only if `self.built` is False."
TINY = (
    "'build_encoder': lambda self: (lambda x: (lambda m, s: keras.Model(x, [m, s, Sampling(seed=1)([m, s])]))"
    f"({GLOROT.format(2, 'linear', 2, 'x')}, {GLOROT.format(2, 'linear', 3, 'x')}))(keras.Input((self.n_pixels,))), "
    "'build_decoder': lambda self: (lambda z: keras.Model(z, "
    f"{GLOROT.format('self.n_pixels', 'sigmoid', 4, 'z')}))(keras.Input((2,)))"
)
LOSS = (  # one that is right, whatever class-loss is
    "'compute_loss': lambda self, x, *args, **kwargs: (lambda m, s, z: (lambda error, kl: "
    "(self.report(error, kl), keras.ops.mean(error + kl))[1])("
    "keras.ops.sum(keras.ops.binary_crossentropy(x, self.decoder(z)), axis=-1), "
    "0.5 * keras.ops.sum(keras.ops.exp(s) + m * m - 1.0 - s, axis=-1)))(*self.encoder(x))"
)
NOTE = (  # a step of Keras, which first writes down the images that it is given
    "'{0}_step': lambda self, data: (log.append(({0!r}, np.asarray(keras.utils.unpack_x_y_sample_weight(data)[0]), "
    "keras.utils.unpack_x_y_sample_weight(data)[1] is not None)), keras.Model.{0}_step(self, data))[1]"
)
RECORDER = (
    f"type('Recorder', (VariationalAutoencoder,), {{{TINY}, {LOSS}, {NOTE.format('train')}, {NOTE.format('test')}, "
    "'run_eagerly': property(lambda self: True, lambda self, value: None)})(input_shape=(4,))"
)


def compiled(student, arguments, question):
    """``question`` of a small ``vae`` after ``vae.compile(arguments)``."""
    require_methods(student, "compile")
    probe = f"type('Probe', (VariationalAutoencoder,), {{{TINY}}})(input_shape=(4,))"
    try:
        return student.eval(f"(lambda vae: (vae.compile({arguments}), {question})[-1])({probe})")
    except StudentError as error:
        if "__class__ cell" in error.message or "super(type, obj)" in error.message:
            fail("`super()` needs a `class` statement around it: name the class, keras.Model.compile(self, ...).")
        if error.kind == "RecursionError":
            fail("compile calls itself without end: call Keras' method with keras.Model.compile(self, ...).")
        if "subscriptable" in error.message and "build" in f"{error.text}{error.where}":
            fail("`build` takes the shape of a batch, not a number: self.build((None, self.n_pixels)).")
        if "784" in error.message:
            fail(
                "The model has 4 pixels here: take the size from the model, self.build((None, self.n_pixels)).",
                expected="any number of pixels",
                actual=f"{error.kind}: {first_line(error.message)}",
            )
        if "already built" in error.message:
            fail(REBUILT, expected="one build", actual=f"{error.kind}: {first_line(error.message)}")
        raise


# Images of one kind, each of them another one.
ROWS = np.random.default_rng(8).uniform(0.8, 0.99, (10, 4)).astype("float32")


def recorded(student):
    """Two epochs of train on ROWS[:7] in batches of 4, with steps that are right and ROWS[7:] held out.

    {"kind", "history", "kept", "log", "before", "same_optimizer"}: what train returned, the history that the model
    holds, which batches train ran, the held-out loss before, whether the model still has the optimizer it had.
    """
    require_methods(student, "train")
    described = (
        "(lambda given, h: {'kind': 'History' if is_instance(h, 'History') else type(h).__name__, "
        "'same_optimizer': vae.optimizer is given, "
        "'history': getattr(h, 'history', None), 'log': list(log), 'before': before, "
        "'kept': getattr(getattr(vae, 'history', None), 'history', {})})"
        "(vae.optimizer, vae.train(x, v, epochs=2, batch_size=4))"
    )
    ready = "vae.build((None, 4)), keras.Model.compile(vae, optimizer=keras.optimizers.SGD(0.3), jit_compile=False)"
    ask = (
        f"(lambda log: (lambda vae: ({ready}, "
        f"(lambda before, _: {described})(float(vae.test_step(tensor(v))['loss']), log.clear()))[-1])({RECORDER}))([])"
    )
    return ask_once(student, ask, x=ROWS[:7], v=ROWS[7:])


@pytest.mark.exercise("class-train", points=1)
def test_compile_builds_and_compiles(student):
    """compile() builds encoder and decoder and sets Adam, or the optimizer it is given."""
    question = (
        "{'weights': len(vae.trainable_weights), 'optimizer': type(getattr(vae, 'optimizer', None)).__name__, "
        "'rate': float(getattr(getattr(vae, 'optimizer', None), 'learning_rate', 0.0))}"
    )
    found = compiled(student, "", question)
    require(
        found["weights"] == 6,
        "After compile the encoder and the decoder should exist: build the model in it, unless that has been done.",
        expected="the weights of an encoder and a decoder",
        actual=f"{found['weights']} weights" if found["weights"] else "a model without weights",
    )
    require(
        found["optimizer"] != "NoneType",
        "The model has no optimizer: hand it on with keras.Model.compile(self, optimizer, ...).",
        expected="an optimizer",
        actual="none",
    )
    require(
        found["optimizer"].startswith("Adam"),
        "Without an argument compile should use Adam: hand `optimizer` on to keras.Model.compile.",
        expected="Adam",
        actual=found["optimizer"],
    )
    given = compiled(student, "optimizer=keras.optimizers.SGD(0.25)", question)
    require(
        given["optimizer"] == "SGD" and abs(given["rate"] - 0.25) < 1e-6,
        "The model should use the optimizer that compile is given.",
        expected="SGD with a learning rate of 0.25",
        actual=f"{given['optimizer']} with a learning rate of {given['rate']:.3g}",
    )


@pytest.mark.exercise("class-train", points=0.5)
def test_compile_again(student):
    """Compiling a second time builds nothing again and keeps the trained weights."""
    weights = "[np.array(w) for w in vae.trainable_weights]"
    learn = "[w.assign(w + 1.0) for w in vae.trainable_weights]"
    question = f"({learn}, bool(vae.built), {weights}, vae.compile(optimizer='sgd'), {weights})"
    *_, built, before, _, after = compiled(student, "", question)
    require(
        before,
        "After compile the encoder and the decoder should exist: build the model in it.",
        actual="a model without weights",
    )
    replaced = "The second compile replaced the trained weights by new ones: "
    require(
        len(before) == len(after) and all(map(np.array_equal, before, after)),
        replaced + "build only if `self.built` is False."
        if built
        else replaced + "call `self.build`, which makes both networks and sets `self.built`.",
        expected="the weights as before",
        actual="new weights",
    )


@pytest.mark.exercise("class-train", points=0.5)
def test_history_of_both(student):
    """train returns the History, with an entry for each epoch, for training and for held-out images."""
    found = recorded(student)
    if found["kind"] == "NoneType":
        fail("train returned nothing: return the History that `fit` returns.", expected="a History", actual="None")
    require(
        found["kind"] == "History",
        "train should return the History object itself, as `fit` returns it.",
        expected="a History",
        actual=f"a {found['kind']}",
    )
    history = found["history"] or {}
    require(
        "val_loss" in history,
        "There are no held-out losses: pass x_test to `fit` as validation_data=(x_test, None).",
        expected="loss and val_loss",
        actual=", ".join(map(str, history)) or "nothing",
    )
    require_finite(history)
    message = "The History should hold one entry for each epoch: pass `epochs` to `fit`."
    expect(len(history["val_loss"]), equals=2, message=message)


@pytest.mark.exercise("class-train", points=0.5)
def test_images_and_batches(student):
    """Each epoch trains on all of x_train in batches of batch_size, and measures on x_test."""
    log = recorded(student)["log"]
    for kind, given in (("train", "`fit` got targets beside x_train"), ("test", "validation_data has targets")):
        require(
            not any(targets for step, _, targets in log if step == kind),
            f"{given}, so {kind}_step receives a pair (images, targets): pass images alone, "
            "`self.fit(x_train, validation_data=(x_test, None), ...)`.",
            expected="images",
            actual="a pair (images, targets)",
        )
    trained = [rows for kind, rows, _ in log if kind == "train"]
    require(trained, "Nothing was trained on: pass x_train to `fit`.", actual="no training step")
    tested = np.concatenate([ROWS[:0], *(rows for kind, rows, _ in log if kind == "test")])
    seen = np.concatenate(trained)
    in_test = (seen[:, None] == ROWS[7:][None]).all(-1).any(1)
    require(
        not in_test.any(),
        "The model was trained on images of x_test: they are for measuring.",
        actual=f"{in_test.sum()} of them",
    )
    message = "The batches should have batch_size images: pass it to `fit`."
    expect(max(map(len, trained)), equals=4, message=message)
    message = "In each epoch the model should train on every image of x_train once."
    expect(len(seen), equals=14, message=message)
    same = (tested[:, None] == ROWS[7:][None]).all(-1).any(1)
    message = "The held-out losses should be measured on x_test."
    require(len(tested) == 6 and same.all(), message, expected="the 3 images of x_test in each epoch", actual="others")
    require_default(student, "VariationalAutoencoder.train", 3, "epochs", 5)
    require_default(student, "VariationalAutoencoder.train", 4, "batch_size", 128)


@pytest.mark.exercise("class-train", points=0.5)
def test_held_out_loss_falls(student):
    """With right training and test steps, all three losses are recorded and the held-out loss falls."""
    found = recorded(student)
    before, history = found["before"], found["kept"]
    wanted = [*LOSSES, *(f"val_{name}" for name in LOSSES)]
    require(
        set(wanted) <= set(history),
        "The History should hold loss, reconstruction_loss and kl_loss, and each with val_ before it.",
        expected=", ".join(wanted),
        actual=", ".join(map(str, history)) or "nothing",
    )
    require_finite(history)
    require(
        found["same_optimizer"],
        "train replaced the optimizer that the model was compiled with: leave `compile` to whoever calls train.",
        expected="the optimizer as before",
        actual="a new one",
    )
    after = history["val_loss"][-1]
    require(
        after < before,
        "After training the held-out loss is no lower than before: does `train` run `fit` on x_train?",
        expected=f"less than {before:.4g}",
        actual=f"{after:.4g}",
    )


# ---- class-plot

SHIFTED = "keras.layers.Rescaling(1.0, offset=3.0)(m)"  # a "sample" that is far from z_mean, and always the same
# Whether an image's first row is drawn below its last one.
FALLEN = (
    "(image.get_extent()[3] - image.get_extent()[2]) * (1 if image.origin == 'upper' else -1) "
    "* (ax.get_ylim()[1] - ax.get_ylim()[0]) < 0"
)


def drawn(student, made, call="vae.plot_results(x)", once=False):
    """The figure that ``call`` returns, described; None when it is no figure. ``once``: see ask_once."""
    require_methods(student, "plot_results")
    ask = (
        "(lambda f: {'kind': type(f).__name__, 'figure': describe_figure(f), "
        f"'fallen': [[{FALLEN} for image in ax.images] for ax in f.axes if ax.get_visible()], "
        "'closed': __import__('matplotlib.pyplot').pyplot.close(f)} if is_instance(f, 'Figure') "
        f"else {{'kind': type(f).__name__, 'figure': None}})({call})"
    )
    expression = with_halves(ask, draw=SHIFTED)
    found = ask_once(student, expression, **made) if once else student.eval(expression, **made)
    if found["kind"] == "NoneType":
        fail("plot_results returned nothing: return the figure.", expected="a Figure", actual="None")
    require(found["figure"], "plot_results should return the Figure.", expected="a Figure", actual=f"a {found['kind']}")
    axes = [
        ax | {"images": [_as_seen(*pair) for pair in zip(ax["images"], fallen, strict=True)]}
        for ax, fallen in zip(found["figure"]["axes"], found["fallen"], strict=True)
    ]
    return found["figure"] | {"axes": axes}


def _as_seen(image, fallen):
    """An image whose array begins with the row that is drawn on top."""
    return image | {"array": np.asarray(image["array"])[:: -1 if fallen else 1]}


def rows_of(figure, n):
    """The axes of the figure in two rows from left to right, by their position."""
    axes = figure["axes"]
    require(
        len(axes) == 2 * n,
        "The figure should have 2×n axes, n originals and n reconstructions.",
        expected=f"{2 * n} axes",
        actual=f"{len(axes)} axes",
    )
    ordered = sorted(axes, key=lambda ax: (-round(ax["position"][1], 2), ax["position"][0]))
    top, bottom = ordered[:n], ordered[n:]
    heights = [{round(ax["position"][1], 2) for ax in row} for row in (top, bottom)]
    require(
        len(heights[0]) == len(heights[1]) == 1,
        "The axes should form two rows of n: plt.subplots(2, n).",
        expected=f"2 rows of {n}",
        actual="another arrangement",
    )
    return top, bottom


def images_of(row, side):
    """The images that a row of axes shows, (n, side, side)."""
    shown = []
    for ax in row:
        message = "Each of the axes should show one image."
        require(len(ax["images"]) == 1, message, actual=f"{len(ax['images'])} images")
        array = np.asarray(ax["images"][0]["array"])
        require(
            array.shape[:2] == (side, side) and array.size == side * side,
            "Each image should be drawn as a square of √n_pixels by √n_pixels.",
            expected=f"shape ({side}, {side})",
            actual=f"shape {array.shape}",
        )
        shown.append(array.reshape(side, side))
    return np.stack(shown)


TWELVE = halves(12, n=784, d=2, images=12)
TWELVE["mk"] *= 0.1


@pytest.mark.exercise("class-plot", points=0.5)
def test_two_rows_of_ten(student):
    """plot_results(x_test) returns a Figure with two rows of ten axes."""
    rows_of(drawn(student, TWELVE, once=True), 10)


@pytest.mark.exercise("class-plot", points=0.5)
def test_no_ticks(student):
    """No axes show ticks."""
    figure = drawn(student, halves(11, n=784, d=2, images=12), "vae.plot_results(x, n=3)")
    ticks = [ax["xticks"] + ax["yticks"] for ax in figure["axes"]]
    require(
        not any(ticks),
        "Pixel numbers along an image tell the reader nothing: remove the ticks, for example with ax.axis('off').",
        expected="no ticks",
        actual=f"ticks on {sum(map(bool, ticks))} of {len(ticks)} axes",
    )


@pytest.mark.exercise("class-plot", points=1, after="test_two_rows_of_ten")
def test_originals_above_reconstructions(student):
    """The upper row shows the first n images, the lower row their reconstructions, decoded from z_mean."""
    top, bottom = (images_of(row, 28) for row in rows_of(drawn(student, TWELVE, once=True), 10))
    compare_images(TWELVE, top, bottom)


@pytest.mark.exercise("class-plot", points=0.5)
def test_one_or_three_images(student):
    """It works for n = 1, for n = 3 and for images of 5×5 pixels."""
    given = halves(23, n=25, d=3, images=4)
    compare_figures(student, given, 5)
    call = "(__import__('matplotlib.pyplot').pyplot.close(vae.plot_results(x, n=1)), list(log))[1]"
    log = student.eval(with_halves(call, draw=SHIFTED, noted=True), **given)
    require_inference([training for _, training in log], "A network")


def compare_figures(student, given, side):
    """Compare the figures of three images and of one, of this size."""
    for n in (3, 1):
        try:
            figure = drawn(student, given, f"vae.plot_results(x, n={n})")
        except StudentError as error:
            if "reshape" in error.message and not error.is_to_do:
                fail(
                    f"The images have {side}×{side} pixels here: take their side from the model, the square root of "
                    "`self.n_pixels`, not 28.",
                    expected="images of any size",
                    actual=f"{error.kind}: {first_line(error.message)}",
                )
            if n == 1 and error.kind in ("TypeError", "IndexError", "ValueError") and not error.is_to_do:
                fail("For n = 1 plt.subplots(2, n) returns a plain row of axes: squeeze=False keeps two dimensions.")
            raise
        compare_images(given, *(images_of(row, side) for row in rows_of(figure, n)))


def compare_images(given, top, bottom):
    """Compare both rows with the images and their reconstructions."""
    x = given["x"][: len(top)].astype(float)
    z_mean = x @ given["mk"] + given["mb"]
    decoded, noisy = (sigmoid(z @ given["dk"] + given["db"]).reshape(top.shape) for z in (z_mean, z_mean + 3))
    originals = x.reshape(top.shape)
    expect(
        top,
        close_to=originals,
        abs=1e-3,
        if_instead=[
            (decoded, "The rows are swapped: originals above, reconstructions below."),
            (originals.swapaxes(1, 2), "The images are transposed: pixels run row by row."),
            (originals[:, ::-1], "The images are upside down: the first row of pixels is the top one."),
        ],
        message="The upper row should show the first n images of x_test, in their order.",
    )
    expect(
        bottom,
        close_to=decoded,
        abs=1e-3,
        if_instead=[
            (
                noisy,
                "The reconstructions are decoded from z, a random sample: decode z_mean, and every call shows the same.",
            ),
            (originals, "The lower row shows the originals again: decode their z_mean."),
            (decoded.swapaxes(1, 2), "The reconstructions are transposed: pixels run row by row."),
            (decoded[:, ::-1], "The reconstructions are upside down: the first row of pixels is the top one."),
        ],
        message="Under each image should be its own reconstruction, decoded from z_mean.",
    )
