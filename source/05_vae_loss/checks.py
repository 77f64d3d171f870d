"""Public checks of lesson 05, the VAE's loss. Expected values come from NumPy and the formulas of the lesson."""

import contextlib
import math

import numpy as np
import pytest

from autograder.checking.chance import mean_tolerance, require_normal, std_tolerance
from autograder.checking.expect import expect, expect_other, fail, in_shape, require, require_finite, shape_of
from autograder.checking.promises import require_default
from autograder.checking.student import StudentError

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]

CALLS = {
    "loss-layer": ["reconstruction-loss", "kl-divergence"],
    "build-vae": ["reconstruction-loss", "kl-divergence", "loss-layer"],
}

HINTS = {
    "reconstruction-loss": [
        "Which of the four axes (batch, height, width, channels) may be left at the end?",
        "`ops.binary_crossentropy` gives a number for each pixel. `ops.sum` takes a tuple of axes.",
        "One line: `ops.sum` of the cross-entropies over the axes of height, width and channels.",
    ],
    "kl-divergence": [
        "Where in the formula does σ² stand, and where its logarithm? You are given the logarithm.",
        "σ² is `ops.exp(z_log_var)`, and log σ² is `z_log_var` itself: no `log` is needed.",
        "Half of a sum over `axis=-1` of four terms, in the order of the formula.",
    ],
    "loss-layer": [
        "Which of these belongs into `__init__`, because it has to exist once, and which into `call`?",
        "`__init__`: the number β for `get_config`, β as a weight, two `keras.metrics.Mean`. "
        "`call`: unpack the four tensors, your two functions, `add_loss`, two `update_state`, `return`.",
        "`add_loss` takes one number: the mean over the batch of reconstruction + β·KL. `update_state` takes the two "
        "tensors of shape (batch,). The dict of `get_config` is that of `super()` and `beta` besides.",
    ],
    "build-vae": [
        "Which tensor flows into which part? Draw the five parts and label the arrows with shapes.",
        "`keras.Input` wants the shape of one image, and the encoder knows it: `encoder.input_shape` without its "
        "first entry. `encoder(images)` gives two tensors.",
        "Input, encoder, `Sampling`, decoder, `VAELossLayer` called on four tensors; then `keras.Model` from the first "
        "to the last, and `compile` with an optimizer alone.",
    ],
    "effective-beta": [
        "Multiply the whole loss by n_pixels where its reconstruction is a mean. What is the KL multiplied by then?",
        "A mean over the pixels multiplies β by n_pixels, a mean over the latent dimensions divides it by latent_dim.",
    ],
    "active-units": [
        "Is there one variance to compute, or one for each latent dimension?",
        "`np.var(z_means, axis=0)` is the variance of each column, divided by n. Compare it with the threshold.",
    ],
    "warm-up": [
        "Who counts the steps? Not `batch`, which begins anew with each epoch, and not the calls.",
        "`int(self.model.optimizer.iterations)` is how many steps were taken in all. What was it when this `fit` began?",
        "`on_train_begin` remembers the count. `on_train_batch_begin` subtracts it, turns the difference into a "
        "fraction of at most 1, and assigns.",
    ],
}

DRAWS = 100_000
NOTHING_ADDED = (
    "The layer has added no loss to the model: pass it to `self.add_loss` inside "
    "`call`, at every call and not in training alone."
)


def _cross_entropy(images, reconstructions):
    """Of every pixel, in nats."""
    x, r = images.astype("float64"), np.clip(reconstructions.astype("float64"), 1e-7, 1 - 1e-7)
    return -(x * np.log(r) + (1 - x) * np.log1p(-r))


def _reconstruction(images, reconstructions):
    return _cross_entropy(images, reconstructions).reshape(len(images), -1).sum(axis=1)


def _kl(z_mean, z_log_var):
    m, s = z_mean.astype("float64"), z_log_var.astype("float64")
    return 0.5 * (np.exp(s) + m**2 - 1 - s).sum(axis=-1)


def _images(seed, shape=(5, 28, 28, 1)):
    rng = np.random.default_rng(seed)
    return {
        "x": rng.uniform(0, 1, shape).astype("float32"),
        "r": rng.uniform(0.05, 0.95, shape).astype("float32"),
    }


def _posteriors(seed, shape=(5, 2)):
    rng = np.random.default_rng(seed)
    m, s = rng.normal(0, 2, shape), rng.uniform(-3, 2, shape)
    m[0], s[0] = m[0] / 20, s[0] / 20  # near the prior, as where a dimension is not used
    return {"m": m.astype("float32"), "s": s.astype("float32")}


def _require_gradients(student, ask, **given):
    """Fail the check where the loss can't train anything."""
    message = "The loss has no gradient, so nothing can be trained with it: compute with `keras.ops`, not with NumPy."
    found = [part is not None for part in student.eval(ask, **given)]
    require(all(found), message, expected="a gradient", actual="None")


# ---- reconstruction-loss

AS_LOGITS = (
    "The reconstructions are taken for logits, but they are probabilities already: leave out `from_logits=True`."
)


def _as_logits(images, reconstructions):
    """The cross-entropy of reconstructions that are taken for logits."""
    x, r = images.astype("float64"), reconstructions.astype("float64")
    return (np.log1p(np.exp(r)) - x * r).reshape(len(x), -1).sum(axis=1)


@pytest.mark.exercise("reconstruction-loss", points=0.5)
def test_one_number_for_each_image(student):
    """The result has one number for each image, and a gradient."""
    given = _images(1)
    loss = student.eval("reconstruction_loss(tensor(x), tensor(r))", **given)
    size = math.prod(shape_of(loss) or ())
    if size == 1:
        message = "Each image needs its own number: you averaged or summed over the batch too."
    elif size == 5 * 28 * 28:
        message = "Each pixel has a number of its own: sum over all pixels of an image."
    else:
        message = "Sum over every axis but the first: height, width and channels."
    expect(loss, shape=(5,), message=message)
    _require_gradients(student, "gradients(lambda r: reconstruction_loss(tensor(x), r), r)", **given)


@pytest.mark.exercise("reconstruction-loss", points=1)
def test_cross_entropy_is_summed_over_the_pixels(student):
    """It is the binary cross-entropy of all pixels of an image, summed, in nats."""
    given = _images(2)
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
                "Images and reconstructions changed places: the logarithm is that of the reconstruction.",
            ),
            (
                -(x * np.log(r)).reshape(5, -1).sum(1),
                "Only ink counts here: (1 − x)·log(1 − r) is missing, so an all-white reconstruction costs nothing.",
            ),
            (((x - r) ** 2).reshape(5, -1).sum(1), "This is the squared error: asked for is the binary cross-entropy."),
            (_as_logits(x, r), AS_LOGITS),
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
        if_instead=[(_as_logits(given["x"], given["r"])[:2], AS_LOGITS)],
        message="A perfect black and white reconstruction should cost nothing: what keeps `log` from 0 is too large.",
    )
    require(
        loss[2:].min() > 784 * 5,
        "A pixel that is sure and wrong should cost a lot: what keeps `log` from 0 should be tiny, such as 1e-7.",
        expected="above 3920",
        actual=loss[2:],
    )


# ---- kl-divergence


def _ask_kl(student, ask, **given):
    """The value of ``ask``; where it isn't finite, the likely cause is named."""
    kl = student.eval(ask, **given)
    if shape_of(kl) is not None and not np.isfinite(np.asarray(kl)).all():
        fail(
            "The KL is not finite here. z_log_var is the logarithm of σ² already, and it is 0 or negative for many "
            "images: use it where log σ² stands, and take no `log` of it.",
            expected="finite numbers",
            actual=kl,
        )
    return kl


@pytest.mark.exercise("kl-divergence", points=0.5)
def test_zero_at_the_prior(student):
    """The KL is 0 where the approximate posterior is the prior, N(0, I)."""
    kl = _ask_kl(student, "kl_divergence(tensor(m), tensor(s))", m=np.zeros((3, 2)), s=np.zeros((3, 2)))
    message = "Each image needs its own number: sum over the latent dimensions only."
    if shape_of(kl) == (3, 1):
        message = "The result should have a single axis, (batch,): leave out `keepdims=True`."
    expect(kl, shape=(3,), message=message)
    expect(kl, close_to=np.zeros(3), message="At z_mean = 0 and z_log_var = 0, q(z|x) is the prior, so the KL is 0.")


@pytest.mark.exercise("kl-divergence", points=1)
def test_closed_form(student):
    """½ Σ (σ² + μ² − 1 − log σ²), away from the prior too."""
    given = _posteriors(3)
    m, s = given["m"].astype("float64"), given["s"].astype("float64")
    kl = in_shape(_ask_kl(student, "kl_divergence(tensor(m), tensor(s))", **given), (5,))
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
            (wanted / np.log(2), "These are bits: a KL in nats is not divided by log 2."),
            (_kl(s, m), "z_mean and z_log_var changed places."),
            (
                0.5 * (np.exp(0.5 * s) + m**2 - 1 - s).sum(1),
                "The variance is exp(z_log_var); exp(½·z_log_var) is the standard deviation.",
            ),
            (
                0.5 * (np.exp(2 * s) + m**2 - 1 - 2 * s).sum(1),
                "z_log_var is taken for log σ: it is the logarithm of the variance.",
            ),
            (0.5 * (np.exp(s) - 1 - s).sum(1), "z_mean is missing: a posterior mean away from 0 costs ½·z_mean²."),
            (0.5 * (np.exp(s) + np.abs(m) - 1 - s).sum(1), "z_mean enters with its square, not with its size."),
            (0.5 * (np.exp(s) + m - 1 - s).sum(1), "z_mean enters with its square."),
            (0.5 * (np.exp(s) + m**2 - s).sum(1), "The −1 is missing: without it the KL at N(0, I) isn't 0."),
            (
                0.5 * (np.exp(-s) * (1 + m**2) - 1 + s).sum(1),
                "This is KL(p(z) ‖ q(z|x)): the two changed places, and a KL isn't symmetric.",
            ),
        ],
        message="The KL should be ½ Σ (exp(z_log_var) + z_mean² − 1 − z_log_var) over the latent dimensions.",
    )


@pytest.mark.exercise("kl-divergence", points=0.5)
def test_adds_up_over_dimensions(student):
    """The KL is the sum of the KLs of its latent dimensions, and has a gradient."""
    given = _posteriors(4, (6, 3))
    whole = _ask_kl(student, "kl_divergence(tensor(m), tensor(s))", **given)
    parts = [
        _ask_kl(student, "kl_divergence(tensor(m), tensor(s))", m=given["m"][:, [i]], s=given["s"][:, [i]])
        for i in range(3)
    ]
    whole, *parts = (in_shape(part, (6,)) for part in (whole, *parts))
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
        message="The dimensions are independent, so their KLs should add up to the KL of them all.",
    )
    _require_gradients(student, "gradients(kl_divergence, m, s)", **given)


@pytest.mark.exercise("kl-divergence", points=0.5)
def test_agrees_with_monte_carlo(student):
    """It agrees with the mean of log q(z|x) − log p(z) over 200,000 draws of z."""
    draws = 200_000
    m, s = np.array([1.5, -0.5]), np.array([-2.0, 1.0])
    variance = np.exp(s)
    epsilon = np.random.default_rng(5).standard_normal((draws, 2))
    z = m + np.sqrt(variance) * epsilon
    log_ratio = 0.5 * (z**2 - epsilon**2 - s).sum(axis=1)  # log q(z) − log p(z)
    spread = np.sqrt((0.5 * (variance - 1) ** 2 + m**2 * variance).sum())  # of one draw
    kl = in_shape(_ask_kl(student, "kl_divergence(tensor(m), tensor(s))", m=m[None], s=s[None]), (1,))
    expect(
        kl,
        close_to=log_ratio.mean(keepdims=True),
        rel=0,
        abs=mean_tolerance(spread, draws),
        message="The definition of the KL, the mean of log q(z) − log p(z) over draws z from q, gives another value.",
    )


# ---- loss-layer

_INPUTS = "[tensor(x), tensor(r), tensor(m), tensor(s)]"
_CALLED = "(lambda layer: (layer({inputs}), {ask})[1])({layer})"


def _ask_layer(student, ask, layer="VAELossLayer()", **given):
    return student.eval(_CALLED.format(inputs=_INPUTS, ask=ask, layer=layer), **given)


SWAPPED_IMAGES = "Images and reconstructions changed places: `call` gets the images first."
SWAPPED_HEADS = "z_mean and z_log_var changed places: `call` gets z_mean before z_log_var."


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
        (np.mean(_reconstruction(given["r"], given["x"]) + beta * k), SWAPPED_IMAGES),
    ]
    if beta != 1:
        instead += [
            (np.mean(r + k), "`beta` has no influence: multiply the KL by it."),
            (np.mean(r + beta * _kl(given["s"], given["m"])), SWAPPED_HEADS),
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
    require_default(student, "VAELossLayer", 0, "beta", 1.0)
    _expect_total(student, 1.0, "VAELossLayer()", _images(6) | _posteriors(6))


@pytest.mark.exercise("loss-layer", points=0.5)
def test_beta_multiplies_the_kl(student):
    """beta multiplies the KL and nothing else."""
    _expect_total(student, 40.0, "VAELossLayer(beta=40.0)", _images(7) | _posteriors(7))


@pytest.mark.exercise("loss-layer", points=0.5)
def test_returns_the_reconstructions(student):
    """The output of the layer is the reconstructions, unchanged."""
    given = _images(8, (3, 4, 4, 1)) | _posteriors(8, (3, 2))
    output = student.eval(f"VAELossLayer()({_INPUTS})", **given)
    expect(
        output,
        close_to=given["r"],
        if_instead=[(given["x"], "The layer returns the images: return the reconstructions.")],
        message="The layer should return the reconstructions unchanged: it only adds a loss.",
    )


@pytest.mark.exercise("loss-layer", points=0.5)
def test_tracks_both_parts(student):
    """The metrics reconstruction_loss and kl_loss are means over all images so far, without beta."""
    first, second = _images(9) | _posteriors(9), _images(19, (2, 28, 28, 1)) | _posteriors(19, (2, 2))
    # two batches of unlike size, as the last of an epoch is
    calls = f"layer({_INPUTS}), layer([tensor(x2), tensor(r2), tensor(m2), tensor(s2)])"
    ask = "{m.name: float(m.result()) for m in layer.metrics}"
    found = student.eval(
        f"(lambda layer: ({calls}, {ask})[-1])(VAELossLayer(beta=3.0))",
        **first,
        **{name + "2": value for name, value in second.items()},
    )
    for name in ("reconstruction_loss", "kl_loss"):
        require(
            name in found,
            f"There is no metric `{name}`: make a `keras.metrics.Mean` of that name, and update it in `call`.",
            expected=name,
            actual=", ".join(found) or "no metrics",
        )
    batches = [(_reconstruction(given["x"], given["r"]), _kl(given["m"], given["s"])) for given in (first, second)]
    turned = [(_reconstruction(given["r"], given["x"]), _kl(given["s"], given["m"])) for given in (first, second)]
    turned_r, turned_k = (np.concatenate(part).mean() for part in zip(*turned, strict=True))
    r, k = (np.concatenate(part) for part in zip(*batches, strict=True))
    by_batch = [np.mean([part.mean() for part in parts]) for parts in zip(*batches, strict=True)]
    means = (
        "Every batch counts the same here, also a small one: give `update_state` the tensor of shape (batch,), not "
        "its mean, and every image counts the same."
    )
    last = "Only the last batch counts: `update_state` adds to the mean, so don't reset it in `call`."
    expect(
        found["reconstruction_loss"],
        close_to=r.mean(),
        rel=1e-3,
        if_instead=[
            (0.0, "`reconstruction_loss` is never updated: call `update_state` in `call`."),
            (k.mean(), "The two metrics changed places."),
            (turned_r, SWAPPED_IMAGES),
            (by_batch[0], means),
            (batches[1][0].mean(), last),
        ],
        message="`reconstruction_loss` should be the mean over the images of their reconstruction loss.",
    )
    with_beta = "`kl_loss` is multiplied by beta: track the KL itself, or runs with another beta can't be compared."
    expect(
        found["kl_loss"],
        close_to=k.mean(),
        rel=1e-3,
        if_instead=[
            (0.0, "`kl_loss` is never updated: call `update_state` in `call`."),
            (3 * k.mean(), with_beta),
            (3 * by_batch[1], with_beta),
            (turned_k, SWAPPED_HEADS),
            (by_batch[1], means),
            (batches[1][1].mean(), last),
        ],
        message="`kl_loss` should be the mean over the images of their KL.",
    )


@pytest.mark.exercise("loss-layer", points=0.5)
def test_beta_can_change_during_training(student):
    """layer.beta is a variable that isn't trained, and a traced model sees when it changes."""
    given = _images(10, (3, 4, 4, 1)) | _posteriors(10, (3, 2))
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
    drop, turned = (3.75 * _kl(*posterior).mean() for posterior in ((given["m"], given["s"]), (given["s"], given["m"])))
    message = (
        "After `layer.beta.assign(…)` the loss should change at once, also in a traced step: compute with the variable."
    )
    # whether it is the batch's mean or its sum, and in which order the inputs come, is another check's business
    found = float(before) - float(after)
    require_finite(found)
    require(
        any(np.isclose(found, wanted, rtol=1e-3, atol=1e-3) for wanted in (drop, 3 * drop, turned)),
        message,
        expected=drop,
        actual=found,
    )


@pytest.mark.exercise("loss-layer", points=0.5)
def test_save_and_load_keep_beta(student):
    """get_config holds the beta the layer was made with; a model with the layer can be saved and loaded."""
    given = _images(16, (3, 4, 4, 1)) | _posteriors(16, (3, 2))
    ask = "(layer.beta.assign(0.5), layer.get_config().get('beta', 'no beta'))[1]"
    config = _ask_layer(student, ask, "VAELossLayer(beta=2.5)", **given)
    if isinstance(config, int | float):
        expect(
            config,
            close_to=2.5,
            if_instead=[
                (
                    0.5,
                    "After `assign`, `get_config` holds the present value. Its `beta` is the number that the layer was "
                    "made with: remember it in `__init__`. The present value is a weight, and saved as such.",
                ),
                (1.0, "`get_config` always says 1: it should return the beta that the layer was made with."),
            ],
            message="The `beta` of `get_config` should be the number that the layer was made with.",
        )
    model = (
        "(lambda inputs: keras.Model(inputs, VAELossLayer(beta=2.5, name='loss')(inputs)))"
        "([keras.Input((4, 4, 1)), keras.Input((4, 4, 1)), keras.Input((2,)), keras.Input((2,))])"
    )
    name = student.eval("VAELossLayer(beta=2.5, name='loss').name")
    message = "The name of the layer is lost: `__init__` passes its `**kwargs` on to `super().__init__`."
    require(name == "loss", message, expected="loss", actual=name)
    now = f"(lambda m: (m.get_layer('loss').beta.assign(0.5), m)[1])({model})"
    ask = "float(save_and_load({}, VAELossLayer=VAELossLayer).get_layer('loss').beta)"
    lost = "After saving and loading, beta is 1 again: `get_config` should return it."
    expect(
        student.eval(ask.format(model)),
        close_to=2.5,
        if_instead=[(1.0, lost)],
        message="After saving and loading, beta should be what it was.",
    )
    require(config != "no beta", lost, expected="a `beta` in `get_config`", actual="none")
    message = "The present value of beta is not saved with the weights of the model: make it with `self.add_weight`."
    expect(student.eval(ask.format(now)), close_to=0.5, message=message)


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


ONE_OUTPUT = "The model should return reconstructions, and nothing else."

# The shape of what the encoder is called with.
_IMAGES_SEEN = (
    "(lambda seen: (raised(lambda: build_vae(type('Encoder', (), {'input_shape': (None, 4, 4, 1), "
    "'__call__': lambda self, images: seen.append(list(images.shape)) or 1 / 0})(), None)), seen)[1])([])"
)


def _ask_vae(student, ask, build="build_vae(encoder, decoder)", **given):
    """The value of ``ask`` over a VAE of 4×4 images; where it raises, an image of an axis too many is named."""
    question = f"(lambda encoder, decoder: (lambda vae: {ask})({build}))({_ENCODER}, {_DECODER})"
    try:
        return student.eval(question, **given)
    except StudentError as error:
        if error.is_to_do:
            raise
        seen = student.eval(_IMAGES_SEEN)
        if seen and len(seen[0]) == 5:
            fail(
                "The images have an axis too many: `encoder.input_shape` is (None, 4, 4, 1) here, the batch included, "
                "and `keras.Input` adds the batch itself. Leave the first entry out: `encoder.input_shape[1:]`.",
                expected="(None, 4, 4, 1)",
                actual=str(tuple(seen[0])),
            )
        if (outputs := _outputs_of(student, build)) > 1:
            fail(ONE_OUTPUT, expected="one output", actual=f"{outputs} outputs")
        raise


def _outputs_of(student, build):
    """How many outputs the VAE has; 1 where it can't be told."""
    ask = f"(lambda encoder, decoder: len(getattr({build}, 'outputs', None) or [None]))({_ENCODER}, {_DECODER})"
    with contextlib.suppress(StudentError):
        return student.eval(ask)
    return 1


def _batch(seed, n=8):
    return np.random.default_rng(seed).uniform(0, 1, (n, 4, 4, 1)).astype("float32")


@pytest.mark.exercise("build-vae", points=0.5)
def test_trains_what_it_is_given(student):
    """The model takes images to reconstructions, through the very encoder and decoder it is given."""
    held = "[any(w is v for v in vae.trainable_weights) for w in model.trainable_weights]"
    ask = f"(vae(x), *[all({held}) for model in (encoder, decoder)])"
    reconstructions, has_encoder, has_decoder = _ask_vae(student, ask, x=_batch(10))
    message = "The model should map images to reconstructions, (batch, 4, 4, 1) here for both."
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
    """The decoder gets a sample from N(z_mean, exp(z_log_var)), another one each time."""
    # Black images have z_mean 0 and z_log_var 1 here, and the decoder shows each draw in two of its pixels.
    shown = "(decoder.set_weights([kernel, np.zeros(16)]), np.asarray(vae(black)).reshape(-1, 16)[:, :2])[1]"
    given = {"x": _batch(11), "black": np.zeros((DRAWS, 4, 4, 1), "float32"), "kernel": np.eye(2, 16) / 4}
    held = "all(any(w is v for v in vae.weights) for w in decoder.weights)"
    first, second, pixels, has_decoder = _ask_vae(student, f"(vae(x), vae(x), {shown}, {held})", **given)
    message = "The model returns the images: `VAELossLayer` is called on [images, reconstructions, z_mean, z_log_var]."
    require(not np.array_equal(first, given["x"]), message, expected="reconstructions", actual="the images")
    message = "The same images are reconstructed the same each time: decode a sample from `Sampling`, not z_mean."
    expect_other(second, first, message, expected="other draws", what="the same reconstructions")
    message = "The weights of the decoder are not in the model: build it around the decoder that is given."
    require(has_decoder, message, expected="the weights of the decoder", actual="others, or none")
    pixels = np.asarray(pixels, dtype=float)
    expect(pixels, between=(0.0, 1.0), message="The model should return what the decoder makes of the sample.")
    noise = 4 * np.log(pixels / (1 - pixels)) / np.exp(0.5)
    message = "The decoder gets samples around something else than z_mean."
    expect(noise.mean(), close_to=0.0, rel=0, abs=mean_tolerance(2.0, noise.size), message=message)
    expect(
        noise.std(),
        close_to=1.0,
        rel=std_tolerance(noise.size),
        abs=0,
        if_instead=[
            (np.exp(0.5), "The samples spread with the variance: multiply by exp(½·z_log_var), or use `Sampling`."),
            (np.exp(-0.5), "The spread of the samples doesn't depend on z_log_var: multiply by exp(½·z_log_var)."),
        ],
        message="The standard deviation of z should be exp(½·z_log_var).",
    )
    require_normal(noise, draw_with="keras.random.normal")


@pytest.mark.exercise("build-vae", points=0.5)
def test_carries_the_loss(student):
    """Its loss is reconstruction + beta·KL, from a layer named vae_loss."""
    given = {"x": _batch(12)}
    ask = "([layer.name for layer in vae.layers], vae(x), float(sum(vae.losses)), *encoder(x))"
    build = "build_vae(encoder, decoder, beta=30.0)"
    names, reconstructions, loss, z_mean, z_log_var = _ask_vae(student, ask, build, **given)
    message = (
        "No layer of the model is named `vae_loss`: name it, so that a warm-up finds it with `vae.get_layer('vae_loss')`, "
        "and return its output, so that it belongs to the model."
    )
    require("vae_loss" in names, message, expected="vae_loss", actual=", ".join(names))
    expect(reconstructions, shape=given["x"].shape, message=ONE_OUTPUT)
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
        message="The loss should be reconstruction + beta·KL of the images, their reconstructions, z_mean and z_log_var.",
    )
    require_default(student, "build_vae", 2, "beta", 1.0)


@pytest.mark.exercise("build-vae", points=0.5)
def test_trains_with_fit(student):
    """It is compiled with Adam at 1e-3 and no outside loss, and trains with fit, on images alone."""
    told = "(type(vae.optimizer).__name__, float(vae.optimizer.learning_rate), str(getattr(vae, 'loss', None)))"
    # A batch, step by step, as fit and its validation do it: tracing a model takes longer, and so does their pipeline.
    fit = (
        "(setattr(vae, 'run_eagerly', True), vae.train_on_batch(x, return_dict=True) | "
        "{'val_' + name: loss for name, loss in vae.test_on_batch(v, return_dict=True).items()})[1]"
    )
    ask = f"(lambda told: (True, *told, {fit} if told[2] == 'None' else None))({told}) if vae.compiled else [False] * 5"
    compiled, optimizer, rate, loss, history = _ask_vae(student, ask, x=_batch(13), v=_batch(14))
    require(compiled, "The model isn't compiled: give it an optimizer with `vae.compile`.")
    message = (
        "Compile with Adam at a learning rate of 1e-3: other optimizers and rates can collapse or train slowly here."
    )
    right = optimizer == "Adam" and np.isclose(rate, 1e-3)
    require(right, message, expected="Adam, 0.001", actual=f"{optimizer}, {rate:g}")
    message = "The model is compiled with an outside loss: the loss is in the model already, by `VAELossLayer`."
    require(loss == "None", message, expected="no loss", actual=loss)
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
        instead = [
            (weight / 2, "`weight` multiplies the KL with its ½ inside: don't halve it again."),
            (1.0, "`weight` has no influence: multiply by it."),
        ]
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
            (0.5, "`reconstruction` and `kl` changed places: here the mean is that of the reconstruction."),
            (392.0, "Here the KL is a sum: divide by latent_dim only where it is a mean."),
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
    for latent_dim, wanted in ((8, 0.098), (2, 0.392)):
        beta = student.eval(f"effective_beta(784, {latent_dim}, 'mean', 'mean', 1e-3)")
        expect(
            beta,
            close_to=wanted,
            if_instead=[
                (0.784, "The mean over the latent dimensions is overlooked: divide by latent_dim."),
                (wanted / 2, "`weight` multiplies the KL with its ½ inside: don't halve it again."),
                (2 * wanted, "`weight` multiplies the KL with its ½ inside: don't double it."),
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


# ---- active-units


def ask_units(student, expression, **given):
    units = student.eval(expression, **given)
    if shape_of(units) not in (None, ()):
        fail("Count them: the result should be one number.", expected="an int", actual=units)
    if isinstance(units, bool):
        fail("Count the active dimensions; this only says whether there are any.", expected="an int", actual=units)
    return units


@pytest.mark.exercise("active-units", points=0.5)
def test_counts_active_dimensions(student):
    """It counts the latent dimensions whose posterior mean varies over the data."""
    rng = np.random.default_rng(21)
    spread = np.array([1.0, 0.001, 0.6, 0.0015, 0.3])  # standard deviations
    z = (rng.normal(0, 1, (200, 5)) * spread + [0, 0, 0, 2, 0]).astype("float32")
    units = ask_units(student, "active_units(z)", z=z)
    away = "A dimension whose mean is far from 0 and the same for every image tells nothing about the image: subtract."
    expect(
        units,
        equals=3,
        if_instead=[
            (2, "These are the dimensions that are *not* active."),
            (4, away),
            (1, "There is one variance for each latent dimension, over the images: axis=0."),
            (0, "There is one variance for each latent dimension, over the images: axis=0."),
            (5, "Every dimension counts here: compare the variance of each with the threshold."),
            (200, "The variance is taken over the latent dimensions of each image: take it over the images, axis=0."),
        ],
        message="Three of these five dimensions vary over the images, and two hardly do.",
    )
    none = ask_units(student, "active_units(z)", z=np.full((6, 4), 3.0))
    expect(none, equals=0, message="Where z_mean is the same for every image, no dimension is active.")
    if np.asarray(units).dtype.kind == "f":
        fail("The count is right, but it should be a whole number: return an `int`.", expected="an int", actual=units)


@pytest.mark.exercise("active-units", points=0.5)
def test_variance_against_the_threshold(student):
    """It compares the variance, divided by n, with the threshold; equal is not more."""
    z = np.array([[0.09, 0.3, 0.105], [-0.09, -0.3, -0.105]])  # variances 0.0081, 0.09, 0.011025; twice that by n − 1
    expect(
        ask_units(student, "active_units(z)", z=z),
        equals=2,
        if_instead=[
            (
                3,
                "Compare the variance divided by n with 0.01: not by n − 1, and no other measure, such as the standard deviation.",
            ),
            (1, "Each dimension is compared with the threshold by itself, and the threshold is 0.01 by default."),
        ],
        message="The variances are 0.0081, 0.09 and 0.011: two are more than 0.01.",
    )
    found = [ask_units(student, f"active_units(z, {threshold})", z=z) for threshold in (0.005, 0.05, 0.5)]
    message = "`threshold` has no influence: compare the variances with the argument."
    expect(found, equals=[3, 1, 0], if_instead=[([2, 2, 2], message)], message="It should count variances > threshold.")
    even = np.array([[0.5, 2.0], [-0.5, -2.0]])  # variances 0.25 and 4
    equal = ask_units(student, "active_units(z, threshold=0.25)", z=even)
    expect(equal, equals=1, message="A variance of exactly the threshold is not more than it: use `>`.")
    require_default(student, "active_units", 1, "threshold", 0.01)


# ---- warm-up

# What Keras calls during `fits` calls of fit, and the beta at each execution. The optimizer counts the steps.
_SCHEDULE = """
(lambda layer, model: (lambda callback: (
    callback.set_params({{'epochs': {epochs}, 'steps': {batches}, 'verbose': 0}}),
    callback.set_model(model),
    [
        beta
        for fit in range({fits})
        for beta in (
            callback.on_train_begin({{}}),
            [
                beta
                for epoch in range({epochs})
                for beta in (
                    callback.on_epoch_begin(epoch, {{}}),
                    [
                        (
                            callback.on_train_batch_begin(step, {{}}),
                            float(layer.beta),
                            model.optimizer.iterations.assign_add(min({together}, {batches} - step)),
                            callback.on_train_batch_end(min(step + {together}, {batches}) - 1, {{}}),
                        )[1]
                        for step in range(0, {batches}, {together})
                    ],
                    callback.on_epoch_end(epoch, {{}}),
                )[1]
            ],
            callback.on_train_end({{}}),
        )[1]
    ],
    float(layer.beta),
    hasattr(layer.beta, 'assign'),
    int(model.optimizer.iterations),
)[2:])({callback}))(
    type('Layer', (), {{'beta': keras.Variable(0.7, trainable=False)}})(),
    (lambda model: (model.compile('sgd', steps_per_execution={together}), model)[1])(
        keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    ),
)
""".strip()


def schedule(student, callback, epochs, batches, together=1, fits=1):
    """(beta of each execution, beta after the last fit)"""
    ask = _SCHEDULE.format(callback=callback, epochs=epochs, batches=batches, together=together, fits=fits)
    betas, last, is_variable, iterations = student.eval(ask)
    message = "The callback sets back the optimizer's `iterations`, on which its learning rate depends: only read them."
    require(iterations == fits * epochs * batches, message, expected=fits * epochs * batches, actual=iterations)
    require(
        is_variable,
        "`layer.beta = …` puts a number in the place of the variable, and the traced model goes on with the old one: "
        "set the variable, `layer.beta.assign(…)`.",
        expected="`layer.beta` is still a variable",
        actual="a number",
    )
    return np.asarray(betas, "float64"), last


@pytest.mark.exercise("warm-up", points=0.25)
def test_is_a_callback(student):
    """It is a Keras callback."""
    made = "KLWarmup(type('Layer', (), {'beta': keras.Variable(1.0, trainable=False)})(), steps=10)"
    message = "KLWarmup should be derived from `keras.callbacks.Callback`, so that `fit` can call it."
    require(student.eval(f"is_instance({made}, 'Callback')"), message, expected="a Callback", actual="another class")


@pytest.mark.exercise("warm-up", points=0.5)
def test_rises_in_a_straight_line(student):
    """Step n is trained with beta = target·n/steps: 0 at first, counted on from epoch to epoch."""
    require_default(student, "KLWarmup", 2, "target", 1.0)
    betas, _ = schedule(student, "KLWarmup(layer, steps=8)", epochs=2, batches=4)
    right = np.arange(8) / 8
    late = "Beta is set after a batch, so that the first step has the old one: set it in `on_train_batch_begin`."
    expect(
        betas,
        close_to=right,
        rel=1e-5,
        abs=1e-5,
        if_instead=[
            ((right + 1 / 8), "One step too early: the very first step is trained with beta = 0."),
            (
                np.tile(right[:4], 2),
                "Beta falls back at each epoch: `batch` starts at 0 again there. The optimizer counts over all epochs.",
            ),
            (np.repeat([0, 1 / 8], 4), "Beta rises once an epoch: it should rise at every step."),
            (np.repeat([1 / 8, 2 / 8], 4), "Beta rises once an epoch: it should rise at every step."),
            (np.arange(8) / 7, "Divide n by `steps`, not by `steps` − 1: step n is trained with target·n/steps."),
            (np.array([0.7, *right[1:]]), late),
            (np.array([0.7, *right[:-1]]), late),
            (np.full(8, 0.7), "`layer.beta` doesn't move: set it with `layer.beta.assign(…)`."),
            (np.zeros(8), "`layer.beta` stays at 0."),
            (1 - right, "Beta falls from 1 to 0: it should rise."),
        ],
        message="Step n, counted from 0, should be trained with beta = target·n/steps.",
    )


@pytest.mark.exercise("warm-up", points=0.5)
def test_ends_at_its_target(student):
    """After `steps` steps beta is its target, and stays there; with steps=0 from the first step on."""
    betas, last = schedule(student, "KLWarmup(layer, steps=5, target=0.3)", epochs=2, batches=6)
    right = 0.3 * np.arange(5) / 5
    expect(
        betas[:5],
        close_to=right,
        rel=1e-5,
        abs=1e-5,
        if_instead=[
            (np.arange(5) / 5, "`target` has no influence: beta rises towards 1."),
            (np.minimum(0.3, np.arange(5) / 5), "`target` only cuts the rise off: multiply n/steps by it."),
            (right + 0.3 / 5, "Beta reaches its target one step too early: step n of the first 5 has target·n/5."),
        ],
        message="During the warm-up, step n should be trained with beta = target·n/steps, here 0.3·n/5.",
    )
    for value in (*betas[6:], last):
        expect(
            float(value),
            close_to=0.3,
            rel=1e-6,
            if_instead=[(1.0, "It ends at 1, whatever `target` says.")],
            message="After `steps` steps beta should stay at its target: it should neither overshoot nor stop short.",
        )
    message = "With steps=0 there is no warm-up: beta should be the target from the first step on, without an error."
    try:
        betas, _ = schedule(student, "KLWarmup(layer, steps=0, target=0.3)", epochs=1, batches=3)
    except StudentError as error:
        if error.is_to_do:
            raise
        fail(message, expected="0.3", actual=f"{error.kind}")
    expect(betas, close_to=np.full(3, 0.3), message=message)


@pytest.mark.exercise("warm-up", points=0.5)
def test_counts_steps_and_not_calls(student):
    """Where Keras trains several steps in one call (steps_per_execution), beta rises as fast as ever."""
    betas, _ = schedule(student, "KLWarmup(layer, steps=64, target=1.0)", epochs=2, batches=32, together=8)
    expect(
        betas,
        close_to=np.arange(0, 64, 8) / 64,
        rel=1e-5,
        abs=1e-5,
        if_instead=[
            (
                np.arange(8) / 64,
                "With `steps_per_execution=8` this warm-up is eight times too slow: it counts calls, and Keras calls "
                "once for eight steps. Count with `self.model.optimizer.iterations`.",
            ),
            (np.tile(np.arange(0, 32, 8) / 64, 2), "Beta falls back at each epoch: `batch` starts at 0 again there."),
        ],
        message="With `steps_per_execution=8` the calls come before steps 0, 8, 16, …: beta should be that of the step.",
    )


@pytest.mark.exercise("warm-up", points=0.25)
def test_each_fit_begins_anew(student):
    """A second fit warms up anew: its steps are counted from 0."""
    betas, _ = schedule(student, "KLWarmup(layer, steps=4, target=1.0)", epochs=1, batches=6, fits=2)
    once = np.minimum(1, np.arange(6) / 4)
    expect(
        betas[6:],
        close_to=once,
        rel=1e-5,
        abs=1e-5,
        if_instead=[
            (np.ones(6), "A second `fit` goes on at the target: begin anew in `on_train_begin`, which each fit calls."),
        ],
        message="In a second `fit`, step n should again be trained with beta = target·min(1, n/steps).",
    )
