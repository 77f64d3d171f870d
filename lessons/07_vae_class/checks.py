"""Public checks of lesson 07, the VAE as a class. Expected values come from NumPy and the formulas of the lesson.

The checks of the steps and of the figure give the class two halves of their own, with weights set to known
numbers, so that every loss has a known value and no other exercise has a say in it.
"""

import numpy as np
import pytest

from autograder.checking.ask import ask_with
from autograder.checking.chance import mean_tolerance, require_normal, std_tolerance
from autograder.checking.expect import expect, fail, in_shape, require, require_finite, shape_of
from autograder.checking.promises import require_default
from autograder.checking.student import StudentError

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]

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
    """A list of what the encoder gives, after ``what`` was done to it as ``e``."""
    found = ask_with(student, f"describe_model({model})", OTHER_SIZES, ENCODER.format(n=784, d=2, h=512))
    require(
        found["class"] != "NoneType",
        "build_encoder should return the model it makes: is `return` missing?",
        expected="a model",
        actual="None",
    )
    ask = f"(lambda e: (e(tensor(x)), {what or None}, e(tensor(x)))[-1])({model})"
    outputs = ask_with(student, ask, OTHER_SIZES, ENCODER.format(n=784, d=2, h=512), x=images)
    require_finite(outputs)
    return list(outputs) if isinstance(outputs, tuple | list) else [outputs]


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
            message = "Each output should hold latent_dim numbers for each picture: take the size from self.latent_dim."
            expect(output, shape=(4, d), message=message)


@pytest.mark.exercise("class-encoder", points=0.5)
def test_encoder_parameters(student):
    """The default encoder has 403,972 parameters: a hidden layer and two heads."""
    found = params_of(student, ENCODER.format(n=784, d=2, h=512), 784)
    expect(
        found,
        equals=encoder_params(784, 2, 512),
        if_instead={
            784 * 512
            + 512
            + 512 * 2
            + 2: "One head is missing: z_mean and z_log_var each need a Dense layer of their own.",
            2 * (784 * 512 + 512 + 512 * 2 + 2): "Each head has a hidden layer of its own: both should share one.",
            2 * (784 * 2 + 2): "The hidden layer is not used: the heads belong on top of it.",
            encoder_params(784, 2, 512)
            + 512 * 512
            + 512: "One hidden layer of intermediate_dim units is asked for, not two.",
        },
        message="The layers should be one Dense layer of intermediate_dim units and two heads of latent_dim units.",
    )


def params_of(student, model, width):
    """How many parameters ``model`` trains, once it has seen inputs of this width."""
    usual = f"{model.partition('(')[0]}().{model.rpartition('.')[2]}"
    ask = f"describe_model({model}, tensor(x))"
    return ask_with(student, ask, OTHER_SIZES, usual, x=np.zeros((2, width)))["trainable_params"]


@pytest.mark.exercise("class-encoder", points=0.5)
def test_heads_give_any_number(student):
    """The heads have no activation: a bias of −2 comes out as −2."""
    outputs = with_biases(student, 6, 2, 5, np.zeros((2, 6)))
    found = sorted(float(out[0, 0]) for out in outputs if np.ptp(out, axis=0).max() < 1e-6)[:2]  # in any order
    expect(
        found,
        close_to=[-2.0, 0.7],
        if_instead=[
            ([0.0, 0.7], "A head turns negative numbers into 0: heads have no activation."),
            (np.tanh([-2.0, 0.7]), "The heads have a tanh: they need to give any number, without activation."),
            (np.log1p(np.exp([-2.0, 0.7])), "The heads have a softplus: z_log_var is a logarithm and may be negative."),
        ],
        message="z_mean and z_log_var should be the plain output of a Dense layer, without activation.",
    )


@pytest.mark.exercise("class-encoder", points=1)
def test_third_output_is_a_draw(student):
    """The third output is drawn from N(z_mean, exp(z_log_var)), and the order is z_mean, z_log_var, z."""
    outputs = with_biases(student, 6, 2, 5, np.zeros((DRAWS, 6)))
    require_three(outputs)
    mean, log_var, z = (np.reshape(output, (DRAWS, -1)) for output in outputs)
    require(
        np.ptp(mean) < 1e-3 and np.ptp(log_var) < 1e-3,
        "For one and the same picture z_mean or z_log_var varies: the draw belongs last, [z_mean, z_log_var, z].",
        expected="the same z_mean and z_log_var for the same picture",
        actual=f"z_mean varies by {np.ptp(mean):.3g}, z_log_var by {np.ptp(log_var):.3g}",
    )
    m, s = float(mean[0, 0]), float(log_var[0, 0])
    sigma = np.exp(s / 2)
    require(
        z.std() > 1e-3, "The third output holds no noise: put a Sampling layer on the two heads.", actual="no noise"
    )
    require(
        abs(z.mean() - s) > 0.1,
        "The draws lie around the second output: z_mean and z_log_var changed places.",
        expected=f"a mean of {m:.3g}, the first output",
        actual=f"{z.mean():.3g}",
    )
    message = "The draws should lie around z_mean, the first output."
    expect(z.mean(), close_to=m, rel=0, abs=mean_tolerance(max(sigma, np.exp(s)), z.size), message=message)
    expect(
        z.std(),
        close_to=sigma,
        rel=std_tolerance(z.size),
        if_instead=[(np.exp(s), "The draws spread with the variance: multiply by exp(½·z_log_var), or use Sampling.")],
        message="The draws should spread with exp(½·z_log_var), z_log_var being the second output.",
    )
    require_normal((z - m) / sigma, draw_with="keras.random.normal")


# ---- class-decoder


def decoder_params(n, d, h):
    """Trainable parameters of the decoder the lesson asks for."""
    return d * h + h + h * n + n


@pytest.mark.exercise("class-decoder", points=0.5)
def test_codes_become_pictures(student):
    """build_decoder() returns a model from codes to pictures, also for latent_dim 3."""
    for n, d, h in [(784, 2, 512), (12, 3, 7)]:
        model = DECODER.format(n=n, d=d, h=h)
        usual = DECODER.format(n=784, d=2, h=512)
        found = ask_with(student, f"describe_model({model})", OTHER_SIZES, usual)
        require(
            found["class"] != "NoneType",
            "build_decoder should return the model it makes: is `return` missing?",
            expected="a model",
            actual="None",
        )
        require(
            not found["inputs"] or found["inputs"][0][1:] == (d,),
            "The decoder's input is a code of latent_dim numbers: take the size from self.latent_dim.",
            expected=f"input (None, {d})",
            actual=f"input {found['inputs'][:1]}",
        )
        pictures = ask_with(student, f"{model}(tensor(z))", OTHER_SIZES, usual, z=np.zeros((5, d), "float32"))
        message = "Each code should become one picture of n_pixels numbers: take the size from self.n_pixels."
        expect(pictures, shape=(5, n), message=message)


@pytest.mark.exercise("class-decoder", points=0.5)
def test_decoder_parameters(student):
    """The default decoder has 403,728 parameters: a hidden layer and the pixels."""
    found = params_of(student, DECODER.format(n=784, d=2, h=512), 2)
    expect(
        found,
        equals=decoder_params(784, 2, 512),
        if_instead={
            2 * 784 + 784: "The hidden layer is missing between code and pixels.",
            decoder_params(784, 2, 512)
            + 512 * 512
            + 512: "One hidden layer of intermediate_dim units is asked for, not two.",
        },
        message="The layers should be one Dense layer of intermediate_dim units and one of n_pixels units.",
    )


@pytest.mark.exercise("class-decoder", points=1)
def test_pixels_are_between_0_and_1(student):
    """The last layer has a sigmoid: any number becomes a pixel between 0 and 1."""
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
            (np.tanh(logits), "The last layer has a tanh: it gives −1 to 1, pixels are 0 to 1."),
            (
                np.exp(logits) / np.exp(logits).sum(),
                "A softmax lets the pixels sum to 1: each needs a sigmoid of its own.",
            ),
        ],
        message="The last layer should have a sigmoid.",
    )


# ---- class-loss


def with_halves(question, draw="m", rate=0.05):
    """An expression: ``question`` of a ``vae`` whose halves are one Dense layer each, with given weights.

    z_mean = x @ mk + mb, z_log_var = x @ sk + sb, pictures = sigmoid(z @ dk + db); ``draw`` makes the encoder's third
    output from m and s (by default z_mean itself: no noise). Plain gradient descent, nothing traced.
    """
    dense = "keras.layers.Dense({units}{more})({inputs})"
    head = dense.format(units="mk.shape[1]", more="", inputs="x")
    pixels = dense.format(units="dk.shape[1]", more=", activation='sigmoid'", inputs="z")
    encoder = f"(lambda x: (lambda m, s: keras.Model(x, [m, s, {draw}]))({head}, {head}))(keras.Input((mk.shape[0],)))"
    decoder = f"(lambda z: keras.Model(z, {pixels}))(keras.Input((dk.shape[0],)))"
    probe = (
        f"type('Probe', (VariationalAutoencoder,), {{'build_encoder': lambda self: {encoder}, "
        f"'build_decoder': lambda self: {decoder}}})"
        "(input_shape=(mk.shape[0],), latent_dim=mk.shape[1])"
    )
    ready = (
        "vae.build((None, mk.shape[0])), vae.encoder.set_weights([mk, mb, sk, sb]), vae.decoder.set_weights([dk, db]), "
        "[setattr(half, 'run_eagerly', True) for half in (vae.encoder, vae.decoder)], "
        f"keras.Model.compile(vae, optimizer=keras.optimizers.SGD({rate}), run_eagerly=True)"
    )
    return f"(lambda vae: ({ready}, {question})[-1])({probe})"


def halves(seed, n=12, d=3, images=5):
    """Weights for ``with_halves`` and pictures x, all of them float32."""
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
    """The same halves with clouds so narrow that even a draw of one's own makes no difference."""
    return made | {"sk": np.zeros_like(made["sk"]), "sb": np.full_like(made["sb"], -30.0)}


def losses(made):
    """(reconstruction, KL) of each picture, in nats, and the reconstructed pictures, when z is z_mean."""
    mean, log_var = made["x"] @ made["mk"] + made["mb"], made["x"] @ made["sk"] + made["sb"]
    pictures = sigmoid(mean.astype(float) @ made["dk"] + made["db"])
    kl = 0.5 * (np.exp(log_var) + mean**2 - 1 - log_var).sum(1)
    return cross_entropy(made["x"].astype(float), pictures).sum(1), kl, pictures


@pytest.mark.exercise("class-loss", points=0.5)
def test_three_losses_by_name(student):
    """test_step reports loss, reconstruction_loss and kl_loss."""
    reported(student, halves(1), *LOSSES)


def reported(student, given, *names, ask="vae.test_step(tensor(x))", finite=True, **options):
    """The losses of these names that a step reports."""
    found = student.eval(with_halves(ask, **options), **given)
    require(
        found is not None,
        "The step returned nothing: return what `report` gives back.",
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


@pytest.mark.exercise("class-loss", points=1)
def test_reconstruction_is_summed_over_pixels(student):
    """reconstruction_loss is the cross-entropy summed over the pixels, averaged over the pictures."""
    given = narrow(halves(2))
    (found,) = reported(student, given, "reconstruction_loss")
    each, _, pictures = losses(given)
    right, (batch, n) = each.mean(), given["x"].shape
    expect(
        found,
        close_to=right,
        rel=1e-3,
        if_instead=[
            (
                right / n,
                "You averaged over the pixels, as `keras.losses.binary_crossentropy` does: sum within a picture, "
                "or the KL weighs n_pixels times too much and the model collapses.",
            ),
            (
                right * batch,
                "You summed over the batch: average over the pictures, or the loss depends on the batch size.",
            ),
            (
                right / batch,
                "You divided by the number of pictures twice: sum over pixels, then average over pictures.",
            ),
            (-right, "The sign is turned: the cross-entropy is positive."),
            (
                ((given["x"] - pictures) ** 2).sum(1).mean(),
                "This is a squared error: in nats it's the binary cross-entropy.",
            ),
            (
                ((given["x"] - pictures) ** 2).mean(),
                "This is a mean squared error: in nats it's the binary cross-entropy, summed.",
            ),
            (
                cross_entropy(pictures, np.clip(given["x"], 1e-7, 1 - 1e-7)).sum(1).mean(),
                "Picture and reconstruction changed places in the cross-entropy: the picture comes first.",
            ),
        ],
        message="reconstruction_loss should be the binary cross-entropy of picture and decoded z, summed over pixels.",
    )


@pytest.mark.exercise("class-loss", points=1)
def test_kl_is_summed_over_dimensions(student):
    """kl_loss is the KL to N(0, I), summed over latent dimensions, averaged over the pictures."""
    given = halves(3)
    (found,) = reported(student, given, "kl_loss")
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
            (-right, "The sign of the KL is turned: it is never negative."),
            (2 * right, "The factor ½ is missing from the KL."),
            (-2 * right, "The factor −½ is missing from the KL."),
            (right / 2, "The KL is halved twice."),
            (right * batch, "You summed over the batch: average over the pictures."),
            (right / batch, "You divided by the number of pictures twice."),
            (as_sigma, "z_log_var was taken for σ: it is the logarithm of the variance."),
        ],
        message="kl_loss should be ½·(exp(z_log_var) + z_mean² − 1 − z_log_var), summed over latent dimensions.",
    )


@pytest.mark.exercise("class-loss", points=0.5)
def test_loss_is_the_sum_of_both(student):
    """loss is reconstruction_loss plus kl_loss."""
    loss, reconstruction, kl = reported(student, halves(4), *LOSSES)
    expect(
        loss,
        close_to=reconstruction + kl,
        rel=1e-3,
        if_instead=[
            (reconstruction, "The KL is missing from the loss."),
            (kl, "The reconstruction is missing from the loss."),
            (reconstruction - kl, "The KL is subtracted: both are to become small."),
            ((reconstruction + kl) / 2, "The loss is the sum of its two parts, not their mean."),
        ],
        message="loss should be reconstruction_loss + kl_loss, without a weight.",
    )


@pytest.mark.exercise("class-loss", points=1)
def test_a_training_step_follows_the_gradient(student):
    """train_step moves all weights along the gradient of the mean of reconstruction + KL."""
    given, rate = narrow(halves(5)), 0.05
    weights = "[np.array(w) for w in (vae.encoder.weights[1], vae.encoder.weights[3], vae.decoder.weights[1])]"
    after = student.eval(with_halves(f"(vae.train_step(tensor(x)), {weights})[1]", rate=rate), **given)
    mean, pictures = given["x"] @ given["mk"] + given["mb"], losses(given)[2]
    to_pixels = (pictures - given["x"]).mean(0)  # d loss / d db
    to_mean = ((pictures - given["x"]) @ given["dk"].T).mean(0)  # the reconstruction's part of d loss / d mb
    moved = [(given[name] - now) / rate for name, now in zip(("mb", "sb", "db"), after, strict=True)]
    batch, n = given["x"].shape
    expect(
        moved[2],
        close_to=to_pixels,
        rel=1e-2,
        abs=1e-3,
        if_instead=[
            (0 * to_pixels, "The decoder's weights didn't move: apply the gradients with the optimizer."),
            (to_pixels / n, "You train on the mean over pixels: sum within a picture, or the KL outweighs it."),
            (to_pixels * batch, "You train on the sum over the batch: average over the pictures."),
            (-to_pixels, "The step goes uphill: the loss that is trained has the wrong sign."),
        ],
        message="The decoder's step should follow the gradient of the summed cross-entropy, averaged over pictures.",
    )
    expect(
        moved[0],
        close_to=to_mean + mean.mean(0),
        rel=1e-2,
        abs=1e-3,
        if_instead=[
            (0 * to_mean, "The encoder's weights didn't move: take the gradient for all of self.trainable_variables."),
            (to_mean, "The KL has no part in the gradient: train on reconstruction + KL."),
            (mean.mean(0), "The reconstruction doesn't reach the encoder: decode its z, inside the tape."),
            (to_mean + mean.mean(0) / mean.shape[1], "You train on the mean over latent dimensions: the KL adds up."),
            (to_mean - mean.mean(0), "The KL is subtracted from the loss that is trained: both are to become small."),
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
def test_a_test_step_learns_nothing(student):
    """test_step leaves all weights as they are."""
    given = halves(6)
    question = "(vae.test_step(tensor(x)), vae.encoder.get_weights() + vae.decoder.get_weights())[1]"
    after = student.eval(with_halves(question), **given)
    require_finite(after)
    same = all(
        np.array_equal(now, given[name]) for name, now in zip(("mk", "mb", "sk", "sb", "dk", "db"), after, strict=True)
    )
    require(
        same,
        "test_step changed the weights: held-out pictures are measured, never learned from.",
        expected="the weights as before",
        actual="other weights",
    )


@pytest.mark.exercise("class-loss", points=0.5)
def test_no_collapse(student):
    """Trained on four different pictures, the model keeps them apart."""
    pictures = np.random.default_rng(7).integers(0, 2, (4, 64)).astype("float32")
    hidden, mean = GLOROT.format(24, "relu", 1, "x"), GLOROT.format(2, "linear", 2, "h")
    log_var, pixels = (
        GLOROT.format(2, "linear", 3, "h"),
        GLOROT.format(64, "sigmoid", 5, GLOROT.format(24, "relu", 4, "z")),
    )
    encoder = (
        "(lambda x: (lambda h: (lambda m, s: keras.Model(x, [m, s, Sampling(seed=6)([m, s])]))"
        f"({mean}, {log_var}))({hidden}))(keras.Input((64,)))"
    )
    probe = (
        f"type('Probe', (VariationalAutoencoder,), {{'build_encoder': lambda self: {encoder}, "
        f"'build_decoder': lambda self: (lambda z: keras.Model(z, {pixels}))(keras.Input((2,)))}})(input_shape=(64,))"
    )
    question = (  # an optimizer that is built beforehand makes no variables in the step, which is then traced only once
        "(vae.build((None, 64)), keras.Model.compile(vae, optimizer=keras.optimizers.Adam(0.03), jit_compile=False), "
        "vae.optimizer.build(vae.trainable_variables), "
        "vae.fit(np.tile(x, (200, 1)), batch_size=16, epochs=1, shuffle=False, verbose=0), vae.encoder(tensor(x)))[-1]"
    )
    mean, log_var, _ = student.eval(f"(lambda vae: {question})({probe})", x=pictures)
    require_finite([mean, log_var])
    kl = float((0.5 * (np.exp(log_var) + mean**2 - 1 - log_var)).sum(1).mean())
    require(
        kl > 0.5,
        "After training every picture has nearly the same cloud, the model has collapsed: sum over pixels, and weigh "
        "the KL with 1.",
        expected="more than 0.5 nats: to tell four pictures apart takes ln 4, about 1.4",
        actual=f"{kl:.3g} nats",
    )


# ---- class-train

TINY = (
    "'build_encoder': lambda self: (lambda x: (lambda m, s: keras.Model(x, [m, s, Sampling(seed=1)([m, s])]))"
    f"({GLOROT.format(2, 'linear', 2, 'x')}, {GLOROT.format(2, 'linear', 3, 'x')}))(keras.Input((self.n_pixels,))), "
    "'build_decoder': lambda self: (lambda z: keras.Model(z, "
    f"{GLOROT.format('self.n_pixels', 'sigmoid', 4, 'z')}))(keras.Input((2,)))"
)
NOTE = (  # a step that writes down the pictures it is given, and nothing else
    "lambda self, data: (log.append(({!r}, np.asarray(keras.utils.unpack_x_y_sample_weight(data)[0]))), "
    "{{'loss': 0.0}})[1]"
)
RECORDER = (
    f"type('Recorder', (VariationalAutoencoder,), {{{TINY}, "
    "'run_eagerly': property(lambda self: True, lambda self, value: None), "
    f"'train_step': {NOTE.format('train')}, 'test_step': {NOTE.format('test')}}})(input_shape=(4,))"
)


def compiled(student, arguments, question):
    """``question`` of a small ``vae`` after ``vae.compile(arguments)``."""
    probe = f"type('Probe', (VariationalAutoencoder,), {{{TINY}}})(input_shape=(4,))"
    try:
        return student.eval(f"(lambda vae: (vae.compile({arguments}), {question})[-1])({probe})")
    except StudentError as error:
        if "__class__ cell" in error.message or "super(type, obj)" in error.message:
            fail("`super()` needs a `class` statement around it: name the class, keras.Model.compile(self, ...).")
        if error.kind == "RecursionError":
            fail("compile calls itself without end: hand on to Keras with keras.Model.compile(self, ...).")
        raise


def recorded(student, train):
    """{"kind", "history", "log"} of ``vae.train(...)``: what it returned and which batches it ran."""
    described = (
        "(lambda h: {'kind': 'History' if is_instance(h, 'History') else type(h).__name__, "
        f"'history': getattr(h, 'history', None), 'log': list(log)}})({train})"
    )
    ask = (
        "(lambda log: (lambda vae: (vae.build((None, 4)), keras.Model.compile(vae, jit_compile=False), "
        f"{described})[-1])({RECORDER}))([])"
    )
    return student.eval(ask, x=ROWS[:11], v=ROWS[11:])


ROWS = np.random.default_rng(8).random((16, 4)).astype("float32")


@pytest.mark.exercise("class-train", points=1)
def test_compile_builds_and_compiles(student):
    """compile() builds both halves and sets Adam, or the optimizer it is given."""
    question = (
        "{'weights': len(vae.trainable_weights), 'optimizer': type(getattr(vae, 'optimizer', None)).__name__, "
        "'rate': float(getattr(getattr(vae, 'optimizer', None), 'learning_rate', 0.0))}"
    )
    found = compiled(student, "", question)
    require(
        found["weights"] == 6,
        "After compile both halves should stand: build the model in it, unless that has been done.",
        expected="the weights of an encoder and a decoder",
        actual=f"{found['weights']} weights" if found["weights"] else "a model without weights",
    )
    require(
        found["optimizer"] != "NoneType",
        "The model has no optimizer: hand it on with keras.Model.compile(self, optimizer=optimizer, ...).",
        expected="an optimizer",
        actual="none",
    )
    require(
        found["optimizer"].startswith("Adam"),
        "Without an argument compile should take Adam: hand `optimizer` on to keras.Model.compile.",
        expected="Adam",
        actual=found["optimizer"],
    )
    given = compiled(student, "optimizer=keras.optimizers.SGD(0.25)", question)
    require(
        given["optimizer"] == "SGD" and abs(given["rate"] - 0.25) < 1e-6,
        "The optimizer that compile is given should be the one that is used.",
        expected="SGD with a rate of 0.25",
        actual=f"{given['optimizer']} with a rate of {given['rate']:.3g}",
    )


@pytest.mark.exercise("class-train", points=1)
def test_history_of_both(student):
    """train returns the History, with an entry for each epoch, for training and for held-out pictures."""
    found = recorded(student, "vae.train(x, v, epochs=2, batch_size=6)")
    if found["kind"] == "NoneType":
        fail("train returned nothing: return the History that `fit` gives back.", expected="a History", actual="None")
    require(
        found["kind"] == "History",
        "train should return the History object itself, as `fit` gives it back.",
        expected="a History",
        actual=f"a {found['kind']}",
    )
    history = found["history"] or {}
    require(
        "val_loss" in history,
        "There are no held-out losses: hand x_test to `fit` as validation_data=(x_test, None).",
        expected="loss and val_loss",
        actual=", ".join(map(str, history)) or "nothing",
    )
    require_finite(history)
    message = "The History should hold one entry for each epoch that was asked for."
    expect(len(history["val_loss"]), equals=2, message=message)


@pytest.mark.exercise("class-train", points=0.5)
def test_pictures_and_batches(student):
    """Each epoch trains on all of x_train in batches of batch_size, and measures x_test."""
    log = recorded(student, "vae.train(x, v, epochs=2, batch_size=4)")["log"]
    trained = [rows for kind, rows in log if kind == "train"]
    require(trained, "Nothing was trained on: hand x_train to `fit`.", actual="no training step")
    tested = np.concatenate([ROWS[:0], *(rows for kind, rows in log if kind == "test")])
    seen = np.concatenate(trained)
    in_test = (seen[:, None] == ROWS[11:][None]).all(-1).any(1)
    require(
        not in_test.any(),
        "Pictures of x_test were trained on: they are for measuring.",
        actual=f"{in_test.sum()} of them",
    )
    expect(
        max(map(len, trained)), equals=4, message="The batches should have batch_size pictures: hand it on to `fit`."
    )
    message = "In each epoch every picture of x_train should be trained on once."
    expect(len(seen), equals=22, message=message)
    same = (tested[:, None] == ROWS[11:][None]).all(-1).any(1)
    message = "The held-out losses should be measured on x_test."
    require(
        len(tested) == 10 and same.all(), message, expected="the 5 pictures of x_test in each epoch", actual="others"
    )
    require_default(student, "VariationalAutoencoder.train", 3, "epochs", 5)
    require_default(student, "VariationalAutoencoder.train", 4, "batch_size", 128)


@pytest.mark.exercise("class-train", points=0.5)
def test_held_out_loss_falls(student):
    """With your steps, all three losses are recorded and the held-out loss falls."""
    rng = np.random.default_rng(9)
    pictures = np.clip(rng.integers(0, 2, (4, 16))[rng.integers(0, 4, 128)] * 0.9 + 0.05, 0, 1).astype("float32")
    probe = f"type('Probe', (VariationalAutoencoder,), {{{TINY}}})(input_shape=(16,))"
    train = "vae.train(x, v, epochs=1, batch_size=24), getattr(getattr(vae, 'history', None), 'history', {})"
    run = f"vae.evaluate(v, verbose=0, return_dict=True)['loss'], {train}"
    ask = f"(lambda vae: (vae.compile(optimizer=keras.optimizers.SGD(0.05), run_eagerly=True), {run})[1::2])({probe})"
    before, history = student.eval(ask, x=pictures[:96], v=pictures[96:])
    wanted = [*LOSSES, *(f"val_{name}" for name in LOSSES)]
    require(
        set(wanted) <= set(history),
        "The History should hold loss, reconstruction_loss and kl_loss, and each with val_ before it.",
        expected=", ".join(wanted),
        actual=", ".join(map(str, history)),
    )
    require_finite(history)
    after = history["val_loss"][-1]
    require(
        after < before,
        "After training the held-out loss is no lower than before it: does the training step move the weights?",
        expected=f"less than {before:.4g}",
        actual=f"{after:.4g}",
    )


# ---- class-plot

SHIFTED = "keras.layers.Rescaling(1.0, offset=3.0)(m)"  # a "draw" that is far from z_mean, and always the same


def drawn(student, made, call="vae.plot_results(x)"):
    """The figure that ``call`` returns, described; None when it is no figure."""
    ask = (
        "(lambda f: {'kind': type(f).__name__, 'figure': describe_figure(f), "
        "'closed': __import__('matplotlib.pyplot').pyplot.close(f)} if is_instance(f, 'Figure') "
        f"else {{'kind': type(f).__name__, 'figure': None}})({call})"
    )
    found = student.eval(with_halves(ask, draw=SHIFTED), **made)
    if found["kind"] == "NoneType":
        fail("plot_results returned nothing: return the figure.", expected="a Figure", actual="None")
    require(found["figure"], "plot_results should return the Figure.", expected="a Figure", actual=f"a {found['kind']}")
    return found["figure"]


def rows_of(figure, n):
    """The axes of the figure in two rows from left to right, by where they stand."""
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
        "The axes should stand in two rows of n: plt.subplots(2, n).",
        expected=f"2 rows of {n}",
        actual="another arrangement",
    )
    return top, bottom


def pictures_of(row, side):
    """The pictures that a row of axes shows, (n, side, side)."""
    shown = []
    for ax in row:
        require(
            len(ax["images"]) == 1, "Each of the axes should show one picture.", actual=f"{len(ax['images'])} pictures"
        )
        array = np.asarray(ax["images"][0]["array"])
        require(
            array.shape[:2] == (side, side) and array.size == side * side,
            "Each picture should be drawn as a square of √n_pixels by √n_pixels.",
            expected=f"shape ({side}, {side})",
            actual=f"shape {array.shape}",
        )
        shown.append(array.reshape(side, side))
    return np.stack(shown)


@pytest.mark.exercise("class-plot", points=0.5)
def test_two_rows_of_ten(student):
    """plot_results(x_test) returns a Figure with two rows of ten axes."""
    rows_of(drawn(student, halves(10, n=784, d=2, images=12)), 10)


@pytest.mark.exercise("class-plot", points=0.5)
def test_no_ticks(student):
    """No axes show ticks."""
    figure = drawn(student, halves(11, n=784, d=2, images=12), "vae.plot_results(x, n=3)")
    ticks = [ax["xticks"] + ax["yticks"] for ax in figure["axes"]]
    require(
        not any(ticks),
        "Pixel numbers along the pictures tell nobody anything: take the ticks away, for example with ax.axis('off').",
        expected="no ticks",
        actual=f"ticks on {sum(map(bool, ticks))} of {len(ticks)} axes",
    )


@pytest.mark.exercise("class-plot", points=1, after="test_two_rows_of_ten")
def test_originals_above_reconstructions(student):
    """Above stand the first n pictures, under each its reconstruction, decoded from z_mean."""
    given = halves(12, n=784, d=2, images=12)
    given["mk"] *= 0.1
    top, bottom = (pictures_of(row, 28) for row in rows_of(drawn(student, given), 10))
    compare_pictures(given, top, bottom)


def compare_pictures(given, top, bottom):
    """Hold both rows against the pictures and their reconstructions."""
    x = given["x"][: len(top)].astype(float)
    z_mean = x @ given["mk"] + given["mb"]
    pictures, noisy = (sigmoid(z @ given["dk"] + given["db"]).reshape(top.shape) for z in (z_mean, z_mean + 3))
    originals = x.reshape(top.shape)
    expect(
        top,
        close_to=originals,
        abs=1e-3,
        if_instead=[
            (pictures, "The rows changed places: originals above, reconstructions below."),
            (originals.swapaxes(1, 2), "The pictures are drawn on their side: pixels run row by row."),
        ],
        message="Above should stand the first n pictures of x_test, in their order.",
    )
    expect(
        bottom,
        close_to=pictures,
        abs=1e-3,
        if_instead=[
            (
                noisy,
                "The reconstructions come from z, a random draw: decode z_mean, and every call shows the same.",
            ),
            (originals, "The lower row shows the originals again: decode their codes."),
            (pictures.swapaxes(1, 2), "The reconstructions are drawn on their side: pixels run row by row."),
        ],
        message="Under each picture should stand its own reconstruction, decoded from z_mean.",
    )
