"""Public checks of lesson 05, the VAE's loss. Expected values come from NumPy and the formulas of the lesson."""

import math

import numpy as np
import pytest

from autograder.checking.chance import mean_tolerance, require_normal, std_tolerance
from autograder.checking.expect import expect, expect_other, in_shape, require, require_finite, shape_of
from autograder.checking.promises import require_default

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]

DRAWS = 100_000
NOTHING_ADDED = "The layer has added no loss to the model: hand it to `self.add_loss` inside `call`."


def _cross_entropy(images, reconstructions):
    """Of every pixel, in nats."""
    x, r = images.astype("float64"), np.clip(reconstructions.astype("float64"), 1e-7, 1 - 1e-7)
    return -(x * np.log(r) + (1 - x) * np.log1p(-r))


def _reconstruction(images, reconstructions):
    return _cross_entropy(images, reconstructions).reshape(len(images), -1).sum(axis=1)


def _kl(z_mean, z_log_var):
    m, s = z_mean.astype("float64"), z_log_var.astype("float64")
    return 0.5 * (np.exp(s) + m**2 - 1 - s).sum(axis=-1)


def _pictures(seed, shape=(5, 28, 28, 1)):
    rng = np.random.default_rng(seed)
    return {
        "x": rng.uniform(0, 1, shape).astype("float32"),
        "r": rng.uniform(0.05, 0.95, shape).astype("float32"),
    }


def _clouds(seed, shape=(5, 2)):
    rng = np.random.default_rng(seed)
    return {"m": rng.normal(0, 2, shape).astype("float32"), "s": rng.uniform(-3, 2, shape).astype("float32")}


# ---- reconstruction-loss


@pytest.mark.exercise("reconstruction-loss", points=0.5)
def test_one_number_for_each_image(student):
    """The result has one number for each image."""
    given = _pictures(1)
    loss = student.eval("reconstruction_loss(tensor(x), tensor(r))", **given)
    size = math.prod(shape_of(loss) or ())
    if size == 1:
        message = "Each image needs its own number: you averaged or summed over the batch too."
    elif size == 5 * 28 * 28:
        message = "Each pixel has a number of its own: sum over all pixels of an image."
    else:
        message = "Sum over every axis but the first: height, width and channels."
    expect(loss, shape=(5,), message=message)


@pytest.mark.exercise("reconstruction-loss", points=1)
def test_cross_entropy_is_summed_over_the_pixels(student):
    """It is the binary cross-entropy of all pixels of an image, summed, in nats."""
    given = _pictures(2)
    loss = in_shape(student.eval("reconstruction_loss(tensor(x), tensor(r))", **given), (5,))
    x, r = given["x"], given["r"]
    wanted = _reconstruction(x, r)
    expect(
        loss,
        close_to=wanted,
        rel=1e-3,
        if_instead=[
            (wanted / 784, "This is the mean over the pixels: the ELBO has their sum, 784 times as much."),
            (-wanted, "The sign is turned: this is the log-likelihood, and a loss is its negative."),
            (wanted / np.log(2), "These are bits: take the natural logarithm to get nats."),
            (
                _reconstruction(r, x),
                "Images and reconstructions changed places: the logarithm belongs to what comes back.",
            ),
            (
                -(x * np.log(r)).reshape(5, -1).sum(1),
                "Only ink counts here: (1 − x)·log(1 − r) is missing, so painting everything white costs nothing.",
            ),
            (((x - r) ** 2).reshape(5, -1).sum(1), "This is the squared error: asked for is the binary cross-entropy."),
            (0.5 * wanted, "This is half the cross-entropy: no ½ belongs to this part of the loss."),
            (np.full(5, wanted.mean()), "Every image has the same number, the mean over the batch: keep them apart."),
        ],
        message="It should be −Σ (x·log r + (1 − x)·log(1 − r)), summed over the pixels of each image.",
    )


@pytest.mark.exercise("reconstruction-loss", points=0.5)
def test_finite_at_zero_and_one(student):
    """It stays finite where a reconstruction is exactly 0 or 1."""
    black, white = np.zeros((1, 28, 28, 1), "float32"), np.ones((1, 28, 28, 1), "float32")
    given = {"x": np.concatenate([black, white, black, white]), "r": np.concatenate([black, white, white, black])}
    loss = in_shape(student.eval("reconstruction_loss(tensor(x), tensor(r))", **given), (4,))
    message = "Each image needs its own number."
    require(shape_of(loss) == (4,), message, expected="shape (4,)", actual=f"shape {shape_of(loss)}")
    require(
        np.isfinite(loss).all(),
        "Where a reconstruction is exactly 0 or 1 the loss is not finite: keep `log` away from 0.",
        expected="finite numbers",
        actual=loss,
    )
    expect(
        loss[:2],
        close_to=np.zeros(2),
        abs=784 * 2e-4,
        message="A perfect black and white reconstruction should cost nothing: what keeps `log` from 0 is too large.",
    )
    require(
        loss[2:].min() > 784 * 5,
        "A pixel that is sure and wrong should cost a lot: what keeps `log` from 0 should be tiny, such as 1e-7.",
        expected="above 3920",
        actual=loss[2:],
    )


# ---- kl-divergence


@pytest.mark.exercise("kl-divergence", points=0.5)
def test_zero_at_the_prior(student):
    """The KL is 0 where the cloud is the prior, N(0, I)."""
    kl = student.eval("kl_divergence(tensor(m), tensor(s))", m=np.zeros((3, 2)), s=np.zeros((3, 2)))
    expect(kl, shape=(3,), message="Each image needs its own number: sum over the latent dimensions only.")
    expect(kl, close_to=np.zeros(3), message="At z_mean = 0 and z_log_var = 0 the cloud is the prior, so the KL is 0.")


@pytest.mark.exercise("kl-divergence", points=1.5)
def test_closed_form(student):
    """½ Σ (σ² + μ² − 1 − log σ²), away from the prior too."""
    given = _clouds(3)
    m, s = given["m"].astype("float64"), given["s"].astype("float64")
    kl = student.eval("kl_divergence(tensor(m), tensor(s))", **given)
    wanted = _kl(m, s)
    per_dimension = 0.5 * (np.exp(s) + m**2 - 1 - s)
    over_dimensions = "The mean over the latent dimensions was taken: the KL of independent dimensions is their sum."
    over_batch = "You summed or averaged over the batch: each image keeps its own number, axis=-1 adds its dimensions."
    expect(
        kl,
        close_to=wanted,
        rel=1e-3,
        if_instead=[
            (per_dimension, "Each latent dimension has a number of its own: sum over the last axis."),
            (per_dimension.mean(1), over_dimensions),
            (wanted.sum(), over_batch),
            (wanted.mean(), over_batch),
            (per_dimension.sum(0), over_batch),
            (per_dimension.mean(0), over_batch),
            (2 * wanted, "The ½ in front of the sum is missing."),
            (-wanted, "The sign is turned: a KL is never negative."),
            (
                0.5 * (np.exp(0.5 * s) + m**2 - 1 - s).sum(1),
                "The variance is exp(z_log_var); exp(½·z_log_var) is the standard deviation.",
            ),
            (
                0.5 * (np.exp(2 * s) + m**2 - 1 - 2 * s).sum(1),
                "z_log_var is taken for log σ: it is the logarithm of the variance.",
            ),
            (0.5 * (np.exp(s) - 1 - s).sum(1), "z_mean is missing: moving a cloud away from 0 costs ½·z_mean²."),
            (0.5 * (np.exp(s) + np.abs(m) - 1 - s).sum(1), "z_mean enters with its square, not with its size."),
            (0.5 * (np.exp(s) + m - 1 - s).sum(1), "z_mean enters with its square."),
            (0.5 * (np.exp(s) + m**2 - s).sum(1), "The −1 is missing: without it the KL at N(0, I) isn't 0."),
            (
                0.5 * (np.exp(-s) * (1 + m**2) - 1 + s).sum(1),
                "This is KL(prior ‖ cloud): the two changed places, and a KL isn't symmetric.",
            ),
        ],
        message="The KL should be ½ Σ (exp(z_log_var) + z_mean² − 1 − z_log_var) over the latent dimensions.",
    )


@pytest.mark.exercise("kl-divergence", points=0.5)
def test_adds_up_over_dimensions(student):
    """The KL of a cloud is the sum of the KLs of its dimensions."""
    given = _clouds(4, (6, 3))
    whole = student.eval("kl_divergence(tensor(m), tensor(s))", **given)
    parts = [
        student.eval("kl_divergence(tensor(m), tensor(s))", m=given["m"][:, [i]], s=given["s"][:, [i]])
        for i in range(3)
    ]
    for part in (whole, *parts):
        expect(part, shape=(6,), message="Each image needs its own number, whatever latent_dim is.")
    expect(
        whole,
        close_to=np.sum(parts, axis=0),
        rel=1e-3,
        abs=1e-4,
        if_instead=[
            (np.mean(parts, axis=0), "The mean over the latent dimensions was taken: independent dimensions add up.")
        ],
        message="The dimensions are independent, so their KLs should add up to the KL of the whole cloud.",
    )


@pytest.mark.exercise("kl-divergence", points=0.5)
def test_agrees_with_monte_carlo(student):
    """It agrees with the mean of log q(z) − log p(z) over 200,000 draws."""
    draws = 200_000
    m, s = np.array([1.5, -0.5]), np.array([-2.0, 1.0])
    variance = np.exp(s)
    epsilon = np.random.default_rng(5).standard_normal((draws, 2))
    z = m + np.sqrt(variance) * epsilon
    log_ratio = 0.5 * (z**2 - epsilon**2 - s).sum(axis=1)  # log q(z) − log p(z)
    spread = np.sqrt((0.5 * (variance - 1) ** 2 + m**2 * variance).sum())  # of one draw
    kl = student.eval("kl_divergence(tensor(m), tensor(s))", m=m[None], s=s[None])
    expect(
        kl,
        close_to=[log_ratio.mean()],
        rel=0,
        abs=mean_tolerance(spread, draws),
        message="The definition of the KL, the mean of log q(z) − log p(z) over draws z from q, gives another value.",
    )


# ---- loss-layer

_INPUTS = "[tensor(x), tensor(r), tensor(m), tensor(s)]"
_CALLED = "(lambda layer: (layer({inputs}), {ask})[1])({layer})"


def _ask_layer(student, ask, layer="VAELossLayer()", **given):
    return student.eval(_CALLED.format(inputs=_INPUTS, ask=ask, layer=layer), **given)


def _expect_total(student, beta, layer, given):
    """What the layer adds to the model is the mean of reconstruction + beta·KL, in however many parts."""
    parts = [np.asarray(loss) for loss in _ask_layer(student, "list(layer.losses)", layer, **given)]
    require(parts, NOTHING_ADDED, expected="a loss", actual="none")
    for part in parts:
        expect(part, shape=(), message="Give `add_loss` one number: the mean over the batch, not a number per image.")
    r, k = _reconstruction(given["x"], given["r"]), _kl(given["m"], given["s"])
    instead = [
        (np.mean(r) / 784 + beta * np.mean(k), "The reconstruction is averaged over the pixels, but the KL is summed."),
        (
            np.sum(r + beta * k),
            "This is the sum over the batch: its size depends on how many images there are. Take the mean.",
        ),
        (np.mean(r), "The KL is missing from the loss."),
        (beta * np.mean(k), "The reconstruction is missing from the loss."),
        (
            np.mean(r - beta * k),
            "The KL is subtracted: the ELBO is maximized, a loss is minimized, so the KL is added.",
        ),
        (2 * np.mean(r + beta * k), "The loss is added twice."),
    ]
    if beta != 1:
        instead += [
            (np.mean(r + k), "`beta` has no influence: multiply the KL by it."),
            (np.mean(beta * r + k), "`beta` multiplies the reconstruction: it belongs to the KL."),
            (beta * np.mean(r + k), "`beta` multiplies the whole loss: it belongs to the KL alone."),
            (np.mean(r + k / beta), "The KL is divided by `beta`: multiply."),
            (np.mean(r) + beta * np.mean(k) / given["m"].shape[1], "The KL is averaged over the latent dimensions."),
        ]
    message = "The loss should be the mean over the batch of reconstruction + beta·KL."
    expect(sum(parts), close_to=np.mean(r + beta * k), rel=1e-3, if_instead=instead, message=message)


@pytest.mark.exercise("loss-layer", points=0.5)
def test_adds_the_loss(student):
    """The layer adds the mean over the batch of reconstruction + KL."""
    _expect_total(student, 1.0, "VAELossLayer()", _pictures(6) | _clouds(6))


@pytest.mark.exercise("loss-layer", points=0.5)
def test_beta_multiplies_the_kl(student):
    """beta multiplies the KL and nothing else."""
    _expect_total(student, 40.0, "VAELossLayer(beta=40.0)", _pictures(7) | _clouds(7))


@pytest.mark.exercise("loss-layer", points=0.5)
def test_returns_the_reconstructions(student):
    """The output of the layer is the reconstructions, unchanged."""
    given = _pictures(8, (3, 4, 4, 1)) | _clouds(8, (3, 2))
    output = student.eval(f"VAELossLayer()({_INPUTS})", **given)
    expect(
        output,
        close_to=given["r"],
        if_instead=[(given["x"], "The images come out as they went in: return the reconstructions.")],
        message="The layer should return the reconstructions as it got them: it only adds a loss.",
    )


@pytest.mark.exercise("loss-layer", points=0.5)
def test_tracks_both_parts(student):
    """The metrics reconstruction_loss and kl_loss follow the two parts, without beta."""
    given = _pictures(9) | _clouds(9)
    found = _ask_layer(student, "{m.name: float(m.result()) for m in layer.metrics}", "VAELossLayer(beta=3.0)", **given)
    for name in ("reconstruction_loss", "kl_loss"):
        require(
            name in found,
            f"There is no metric `{name}`: make a `keras.metrics.Mean` of that name, and update it in `call`.",
            expected=name,
            actual=", ".join(found) or "no metrics",
        )
    r, k = _reconstruction(given["x"], given["r"]).mean(), _kl(given["m"], given["s"]).mean()
    expect(
        found["reconstruction_loss"],
        close_to=r,
        rel=1e-3,
        if_instead=[
            (0.0, "`reconstruction_loss` is never updated: call `update_state` in `call`."),
            (k, "The two metrics changed places."),
        ],
        message="`reconstruction_loss` should be the mean over the images of their reconstruction loss.",
    )
    expect(
        found["kl_loss"],
        close_to=k,
        rel=1e-3,
        if_instead=[
            (0.0, "`kl_loss` is never updated: call `update_state` in `call`."),
            (
                3 * k,
                "`kl_loss` is multiplied by beta: track the KL itself, or runs with another beta can't be compared.",
            ),
        ],
        message="`kl_loss` should be the mean over the images of their KL.",
    )


@pytest.mark.exercise("loss-layer", points=0.5)
def test_beta_can_change_during_training(student):
    """layer.beta is a variable that isn't trained, and a traced model sees when it changes."""
    given = _pictures(10, (3, 4, 4, 1)) | _clouds(10, (3, 2))
    can_change = _ask_layer(student, "hasattr(getattr(layer, 'beta', None), 'assign')", **given)
    require(
        can_change,
        "`layer.beta` is a plain number: a traced model never sees it change. Make it a weight (`add_weight`).",
        expected="a variable, with `assign`",
        actual="no `assign`",
    )
    trained = _ask_layer(student, "len(layer.trainable_weights)", **given)
    message = "`beta` is trainable: the optimizer would simply turn the KL off. Make it with `trainable=False`."
    expect(trained, equals=0, message=message)
    step = f"traced(lambda: (layer({_INPUTS}), keras.ops.mean(sum(layer.losses)))[1])"
    ask = f"(lambda step: (step(), layer.beta.assign(0.25), step())[::2])({step})"
    before, after = _ask_layer(student, ask, "VAELossLayer(beta=4.0)", **given)
    drop = 3.75 * _kl(given["m"], given["s"]).mean()
    message = (
        "After `layer.beta.assign(…)` the loss should change at once, also in a traced step: compute with the variable."
    )
    found = float(before) - float(after)  # whether it is the batch's mean or its sum, is another check's business
    require_finite(found)
    require(
        any(np.isclose(found, n * drop, rtol=1e-3, atol=1e-3) for n in (1, 3)), message, expected=drop, actual=found
    )


@pytest.mark.exercise("loss-layer", points=0.5)
def test_save_and_load_keep_beta(student):
    """A model with the layer can be saved and loaded, and beta comes back."""
    model = (
        "(lambda inputs: keras.Model(inputs, VAELossLayer(beta=2.5, name='loss')(inputs)))"
        "([keras.Input((4, 4, 1)), keras.Input((4, 4, 1)), keras.Input((2,)), keras.Input((2,))])"
    )
    ask = f"float(save_and_load({model}, VAELossLayer=VAELossLayer).get_layer('loss').beta)"
    expect(
        student.eval(ask),
        close_to=2.5,
        if_instead=[(1.0, "After saving and loading, beta is 1 again: `get_config` should return it.")],
        message="After saving and loading, beta should be what it was.",
    )


# ---- build-vae

_ENCODER = (
    "(lambda images, h: keras.Model(images, [keras.layers.Dense(2, name='z_mean')(h), "
    "keras.layers.Dense(2, name='z_log_var', bias_initializer='ones')(h)], name='encoder'))"
    "(*(lambda images: (images, keras.layers.Flatten()(images)))(keras.Input((4, 4, 1))))"
)
_DECODER = (
    "keras.Sequential([keras.Input((2,)), keras.layers.Dense(16, activation='sigmoid'), "
    "keras.layers.Reshape((4, 4, 1))], name='decoder')"
)


def _ask_vae(student, ask, build="build_vae(encoder, decoder)", **given):
    build = f"(lambda encoder, decoder: (lambda vae: {ask})({build}))({_ENCODER}, {_DECODER})"
    return student.eval(build, **given)


def _batch(seed, n=8):
    return np.random.default_rng(seed).uniform(0, 1, (n, 4, 4, 1)).astype("float32")


@pytest.mark.exercise("build-vae", points=0.5)
def test_trains_what_it_is_given(student):
    """The model goes from images to reconstructions, through the very encoder and decoder it is given."""
    held = "[any(w is v for v in vae.trainable_weights) for w in model.trainable_weights]"
    ask = f"(vae(x), *[all({held}) for model in (encoder, decoder)])"
    reconstructions, has_encoder, has_decoder = _ask_vae(student, ask, x=_batch(10))
    message = "The model should take images and give reconstructions, (batch, 4, 4, 1) here for both."
    require(
        shape_of(reconstructions) == (8, 4, 4, 1),
        message,
        expected="(8, 4, 4, 1) → (8, 4, 4, 1)",
        actual=f"(8, 4, 4, 1) → {shape_of(reconstructions)}",
    )
    require_finite(reconstructions)
    for name, found in (("encoder", has_encoder), ("decoder", has_decoder)):
        message = f"The weights of the {name} are not in the model: build it around the {name} that is given."
        require(found, message, expected=f"the weights of the {name}", actual="others, or none")


@pytest.mark.exercise("build-vae", points=0.5)
def test_draws_between_encoder_and_decoder(student):
    """Between encoder and decoder stands a draw from N(z_mean, exp(z_log_var)), another one each time."""
    first, second = _ask_vae(student, "(vae(x), vae(x))", x=_batch(11))
    message = "The same images come back the same: decode a draw from `Sampling`, not z_mean."
    expect_other(second, first, message, expected="other draws", what="the same reconstructions")
    # Black images have z_mean 0 and z_log_var 1 here, and the decoder shows each draw in two of its pixels.
    shown = "(decoder.set_weights([kernel, np.zeros(16)]), np.asarray(vae(x)).reshape(-1, 16)[:, :2])[1]"
    kernel = np.eye(2, 16) / 4
    pixels = _ask_vae(student, shown, x=np.zeros((DRAWS, 4, 4, 1), "float32"), kernel=kernel).astype(float)
    expect(pixels, between=(0.0, 1.0), message="The model should give what the decoder makes of the draw.")
    noise = 4 * np.log(pixels / (1 - pixels)) / np.exp(0.5)
    message = "The decoder is given draws around something else than z_mean."
    expect(noise.mean(), close_to=0.0, rel=0, abs=mean_tolerance(2.0, noise.size), message=message)
    expect(
        noise.std(),
        close_to=1.0,
        rel=std_tolerance(noise.size),
        abs=0,
        if_instead=[
            (np.exp(0.5), "The draws spread with the variance: multiply by exp(½·z_log_var), or use `Sampling`."),
            (np.exp(-0.5), "The spread of the draws doesn't depend on z_log_var: multiply by exp(½·z_log_var)."),
        ],
        message="The draws between encoder and decoder should spread with exp(½·z_log_var).",
    )
    require_normal(noise, draw_with="keras.random.normal")


@pytest.mark.exercise("build-vae", points=0.5)
def test_carries_the_loss(student):
    """Its loss is reconstruction + beta·KL of what the encoder says, from a layer named vae_loss."""
    given = {"x": _batch(12)}
    build = "build_vae(encoder, decoder, beta=30.0)"
    names = _ask_vae(student, "[layer.name for layer in vae.layers]", build)
    message = "No layer is named `vae_loss`: name it, so that a warm-up finds it with `vae.get_layer('vae_loss')`."
    require("vae_loss" in names, message, expected="vae_loss", actual=", ".join(names))
    ask = "(vae(x), float(sum(vae.losses)), *encoder(x))"
    reconstructions, loss, z_mean, z_log_var = _ask_vae(student, ask, build, **given)
    expect(reconstructions, shape=given["x"].shape, message="The model should give reconstructions, and nothing else.")
    r, kl = _reconstruction(given["x"], reconstructions).mean(), _kl(z_mean, z_log_var).mean()
    expect(
        loss,
        close_to=r + 30 * kl,
        rel=1e-3,
        if_instead=[
            (0.0, "The model has no loss: let `VAELossLayer` see images, reconstructions, z_mean and z_log_var."),
            (r + kl, "`beta` isn't handed on to the `VAELossLayer`."),
            (r + 30 * _kl(z_log_var, z_mean).mean(), "z_mean and z_log_var changed places on their way into the loss."),
        ],
        message="The loss should be reconstruction + beta·KL of what goes in, comes out, and what the encoder says.",
    )
    require_default(student, "build_vae", 2, "beta", 1.0)


@pytest.mark.exercise("build-vae", points=0.5)
def test_trains_with_fit(student):
    """It is compiled with no outside loss and trains with fit, on images alone."""
    compiled, loss = _ask_vae(student, "(vae.compiled, str(getattr(vae, 'loss', None)))")
    require(compiled, "The model isn't compiled: give it an optimizer with `vae.compile`.")
    message = "The model is compiled with an outside loss: `VAELossLayer` has brought the loss already."
    require(loss == "None", message, expected="no loss", actual=loss)
    # step by step, because tracing a model takes longer than training it for a moment
    fit = "(setattr(vae, 'run_eagerly', True), vae.fit(x, validation_data=(v, None), verbose=0).history)[1]"
    history = _ask_vae(student, fit, x=_batch(13), v=_batch(14))
    for name in ("loss", "reconstruction_loss", "kl_loss", "val_loss", "val_reconstruction_loss", "val_kl_loss"):
        message = f"After `fit(x, validation_data=(x_valid, None))` the history has no `{name}`."
        require(name in history, message, expected=name, actual=", ".join(history))


# ---- effective-beta


@pytest.mark.exercise("effective-beta", points=0.5)
def test_sums_need_no_change(student):
    """Summed cross-entropy plus weight times the summed KL: beta is the weight."""
    for n_pixels, latent_dim, weight in ((784, 2, 1.0), (3072, 16, 4.0), (784, 8, 0.5)):
        beta = student.eval(f"effective_beta({n_pixels}, {latent_dim}, 'sum', 'sum', {weight})")
        message = "Where both parts are sums there is nothing to convert: beta is the weight."
        instead = [(weight / 2, "`weight` multiplies the KL with its ½ inside: don't halve it again.")]
        expect(beta, close_to=weight, if_instead=instead, message=message)


@pytest.mark.exercise("effective-beta", points=0.5)
def test_each_mean_counts(student):
    """A mean over the pixels raises beta, a mean over the latent dimensions lowers it."""
    beta = student.eval("effective_beta(784, 2, 'mean', 'sum', 1.0)")
    expect(
        beta,
        close_to=784.0,
        if_instead=[
            (
                1 / 784,
                "The wrong way round: a mean makes the reconstruction 784 times smaller, so the KL weighs more.",
            ),
            (1.0, "The mean over the pixels is overlooked: it makes the reconstruction smaller."),
        ],
        message="Multiply the whole loss by n_pixels, and the mean becomes a sum: what stands before the KL then?",
    )
    beta = student.eval("effective_beta(784, 4, 'sum', 'mean', 1.0)")
    expect(
        beta,
        close_to=0.25,
        if_instead=[
            (4.0, "The wrong way round: a mean over 4 dimensions is a quarter of their sum."),
            (1.0, "The mean over the latent dimensions is overlooked: it makes the KL smaller."),
            (0.5, "latent_dim is fixed at 2 here: use the argument."),
        ],
        message="A mean over the latent dimensions is their sum divided by latent_dim.",
    )


@pytest.mark.exercise("effective-beta", points=0.5)
def test_published_loss(student):
    """The published −5e-4·mean(1 + …) beside a mean cross-entropy, for latent_dim 2 and 8."""
    for latent_dim, wanted in ((2, 0.392), (8, 0.098)):
        beta = student.eval(f"effective_beta(784, {latent_dim}, 'mean', 'mean', 1e-3)")
        expect(
            beta,
            close_to=wanted,
            if_instead=[
                (0.784, "The mean over the latent dimensions is overlooked: divide by latent_dim."),
                (wanted / 2, "`weight` multiplies the KL with its ½ inside: don't halve it again."),
                (
                    784e-3 * latent_dim,
                    "A mean over the latent dimensions is their sum divided by latent_dim: divide, don't multiply.",
                ),
                (
                    1 / wanted,
                    "This is one over beta: convert the loss so that 1 stands before the summed reconstruction.",
                ),
                (
                    0.392,
                    "It doesn't depend on latent_dim, but a mean over more dimensions is a smaller part of their sum.",
                ),
            ],
            message="Beta should be weight · n_pixels / latent_dim, where both parts are means.",
        )


# ---- warm-up

# What Keras calls during a fit, and the beta that each batch is trained with.
_SCHEDULE = """
(lambda layer: (lambda callback: (
    callback.on_train_begin({{}}),
    [
        beta
        for epoch in range({epochs})
        for beta in (
            callback.on_epoch_begin(epoch, {{}}),
            [
                (
                    callback.on_train_batch_begin(batch, {{}}),
                    float(layer.beta),
                    callback.on_train_batch_end(batch, {{}}),
                )[1]
                for batch in range({batches})
            ],
            callback.on_epoch_end(epoch, {{}}),
        )[1]
    ],
    callback.on_train_end({{}}),
    float(layer.beta),
)[1::2])({callback}))(type('Layer', (), {{'beta': keras.Variable(0.7, trainable=False)}})())
""".strip()


def _schedule(student, callback, epochs, batches):
    """(beta of each batch, beta after the fit)"""
    found = student.eval(_SCHEDULE.format(callback=callback, epochs=epochs, batches=batches))
    return np.asarray(found[0], "float64"), found[1]


@pytest.mark.exercise("warm-up", points=0.5)
def test_is_a_callback(student):
    """It is a Keras callback."""
    made = "KLWarmup(type('Layer', (), {'beta': keras.Variable(1.0, trainable=False)})(), steps=10)"
    message = "KLWarmup should be derived from `keras.callbacks.Callback`, so that `fit` can call it."
    require(student.eval(f"is_instance({made}, 'Callback')"), message, expected="a Callback", actual="another class")


@pytest.mark.exercise("warm-up", points=0.5)
def test_rises_in_a_straight_line(student):
    """Batch n is trained with beta = target·n/steps: 0 at first, counted on from epoch to epoch."""
    betas, _ = _schedule(student, "KLWarmup(layer, steps=8)", epochs=2, batches=4)
    right = np.arange(8) / 8
    expect(
        betas,
        close_to=right,
        rel=1e-5,
        abs=1e-5,
        if_instead=[
            ((right + 1 / 8), "One step too early: the very first batch is trained with beta = 0."),
            (
                np.tile(right[:4], 2),
                "Beta falls back at each epoch: `batch` starts at 0 again there, so count the steps yourself.",
            ),
            (np.repeat([0, 1 / 8], 4), "Beta rises once an epoch: it should rise at every batch."),
            (np.repeat([1 / 8, 2 / 8], 4), "Beta rises once an epoch: it should rise at every batch."),
            (np.full(8, 0.7), "`layer.beta` doesn't move: set it with `layer.beta.assign(…)`."),
            (np.zeros(8), "`layer.beta` stays at 0."),
            (1 - right, "Beta falls from 1 to 0: it should rise."),
        ],
        message="Batch n, counted from 0, should be trained with beta = target·n/steps.",
    )


@pytest.mark.exercise("warm-up", points=0.5)
def test_ends_at_its_target(student):
    """After `steps` batches beta is its target, and stays there."""
    betas, last = _schedule(student, "KLWarmup(layer, steps=5, target=0.3)", epochs=2, batches=6)
    message = "Before that, batch n should be trained with beta = target·n/steps."
    expect(
        betas[:5],
        close_to=0.3 * np.arange(5) / 5,
        rel=1e-5,
        abs=1e-5,
        if_instead=[(np.arange(5) / 5, "`target` has no influence: beta rises towards 1.")],
        message=message,
    )
    for value in (*betas[6:], last):
        expect(
            float(value),
            equals=float(np.float32(0.3)),
            if_instead=[(1.0, "It ends at 1, whatever `target` says.")],
            message="After `steps` batches beta should stay at its target: it should neither overshoot nor stop short.",
        )
