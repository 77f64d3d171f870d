"""Hidden checks of lesson 05: the same promises on inputs that nobody could have written down beforehand."""

import numpy as np
import pytest
from checks import ask_units, schedule

from autograder.checking.ask import ask_with
from autograder.checking.expect import expect, in_shape, require

# Right answers to what later exercises of the lesson call.
STAND_INS = {
    "reconstruction-loss": """
from keras import ops


def reconstruction_loss(images, reconstructions):
    return ops.sum(ops.binary_crossentropy(images, reconstructions), axis=(1, 2, 3))
""",
    "kl-divergence": """
from keras import ops


def kl_divergence(z_mean, z_log_var):
    return 0.5 * ops.sum(ops.exp(z_log_var) + z_mean**2 - 1.0 - z_log_var, axis=-1)
""",
    "loss-layer": """
import keras
from keras import ops


class VAELossLayer(keras.layers.Layer):
    def __init__(self, beta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.initial_beta = float(beta)
        self.beta = self.add_weight(
            shape=(), initializer=keras.initializers.Constant(beta), trainable=False, name="beta"
        )
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction_loss")
        self.kl_tracker = keras.metrics.Mean(name="kl_loss")

    def call(self, inputs):
        images, reconstructions, z_mean, z_log_var = inputs
        reconstruction = ops.sum(ops.binary_crossentropy(images, reconstructions), axis=(1, 2, 3))
        kl = 0.5 * ops.sum(ops.exp(z_log_var) + z_mean**2 - 1.0 - z_log_var, axis=-1)
        self.add_loss(ops.mean(reconstruction + self.beta * kl))
        self.reconstruction_tracker.update_state(reconstruction)
        self.kl_tracker.update_state(kl)
        return reconstructions

    def get_config(self):
        return {**super().get_config(), "beta": self.initial_beta}
""",
}


def _cross_entropy(x, r):
    x, r = x.astype("float64"), r.astype("float64")
    return -(x * np.log(r) + (1 - x) * np.log1p(-r))


def _kl(m, s):
    m, s = m.astype("float64"), s.astype("float64")
    return 0.5 * (np.exp(s) + m**2 - 1 - s).sum(axis=-1)


def _given(rng, shape, latent_dim):
    return {
        "x": rng.uniform(0, 1, shape).astype("float32"),
        "r": rng.uniform(0.02, 0.98, shape).astype("float32"),
        "m": rng.normal(0, 2, (shape[0], latent_dim)).astype("float32"),
        "s": rng.uniform(-4, 2, (shape[0], latent_dim)).astype("float32"),
    }


@pytest.mark.exercise("reconstruction-loss", points=0.5)
def test_images_of_any_size(student, rng):
    """It holds for images of other sizes and with three channels."""
    for shape in ((3, 28, 28, 1), (7, 5, 9, 1), (2, 6, 6, 3)):
        given = _given(rng, shape, 2)
        loss = student.eval("reconstruction_loss(tensor(x), tensor(r))", x=given["x"], r=given["r"])
        loss = in_shape(loss, shape[:1])
        pixels = _cross_entropy(given["x"], given["r"])
        wanted = pixels.reshape(shape[0], -1).sum(axis=1)
        expect(
            loss,
            close_to=wanted,
            rel=1e-3,
            if_instead=[
                (784 / pixels[0].size * wanted, "784 pixels are written into the code: sum, and any size works."),
                (pixels.mean(axis=-1).sum(axis=(1, 2)), "The channels are averaged: sum over them too."),
            ],
            message="It should hold for images of any height, width and number of channels.",
        )


@pytest.mark.exercise("kl-divergence", points=0.5)
def test_any_number_of_dimensions(student, rng):
    """It holds for any latent_dim, for far and for very narrow posteriors, and is never negative."""
    for latent_dim in (1, 2, 7, 32):
        m = rng.normal(0, 4, (9, latent_dim)).astype("float32")
        s = rng.uniform(-8, 4, (9, latent_dim)).astype("float32")
        kl = student.eval("kl_divergence(tensor(m), tensor(s))", m=m, s=s)
        kl = in_shape(kl, (9,))
        expect(kl, shape=(9,), message="Each image needs its own number, whatever latent_dim is.")
        kl = np.asarray(kl)
        require(kl.min() >= 0, "A KL is never negative.", expected="0 or more", actual=kl.min())
        message = (
            "It should hold for any latent_dim, z_mean and z_log_var: ½ Σ (exp(z_log_var) + z_mean² − 1 − z_log_var)."
        )
        expect(kl, close_to=_kl(m, s), rel=1e-3, abs=1e-4, message=message)


@pytest.mark.exercise("loss-layer", points=0.5)
def test_the_loss_for_any_input(student, rng):
    """The added loss holds for any beta, batch size, image size and latent_dim."""
    for shape, latent_dim, beta in (((6, 28, 28, 1), 2, 1.0), ((3, 5, 7, 1), 9, 12.0), ((1, 8, 8, 1), 1, 0.0)):
        given = _given(rng, shape, latent_dim)
        ask = (
            "(lambda layer: (layer([tensor(x), tensor(r), tensor(m), tensor(s)]), list(layer.losses))[1])"
            f"(VAELossLayer(beta={beta}))"
        )
        losses = student.eval(ask, **given)
        require(losses, "The layer has added no loss to the model: hand it to `self.add_loss` inside `call`.")
        reconstruction = _cross_entropy(given["x"], given["r"]).reshape(shape[0], -1).sum(axis=1)
        wanted = np.mean(reconstruction + beta * _kl(given["m"], given["s"]))
        message = "The loss should be the mean over the batch of reconstruction + beta·KL, for any sizes and any beta."
        for loss in losses:
            expect(loss, shape=(), message="Give `add_loss` one number: the mean over the batch.")
        expect(float(np.sum(losses)), close_to=wanted, rel=1e-3, message=message)


@pytest.mark.exercise("build-vae", points=0.5)
def test_published_architecture(student):
    """Around the models of lesson 4 it has 550,629 parameters to train."""
    params = student.eval("describe_model(build_vae(build_encoder(), build_decoder()))['trainable_params']")
    message = "Encoder and decoder have 550,629 parameters together, and nothing else in the model should be trained."
    frozen = "The {} is not trained: leave its `trainable` as it is."
    instead = [
        (550_630, "One parameter too many is trained: is it beta?"),
        (56_385, frozen.format("encoder")),
        (494_244, frozen.format("decoder")),
    ]
    expect(params, equals=550_629, if_instead=instead, message=message)


@pytest.mark.exercise("build-vae", points=0.5)
def test_any_encoder_and_decoder(student, rng):
    """It works for other images, another latent_dim and another encoder."""
    x = rng.uniform(0, 1, (4, 3, 5, 2)).astype("float32")
    encoder = (
        "(lambda images, h: keras.Model(images, [keras.layers.Dense(6)(h), keras.layers.Dense(6)(h)]))"
        "(*(lambda images: (images, keras.layers.Dense(9, activation='tanh')(keras.layers.Flatten()(images))))"
        "(keras.Input((3, 5, 2))))"
    )
    decoder = (
        "keras.Sequential([keras.Input((6,)), keras.layers.Dense(30, activation='sigmoid'), "
        "keras.layers.Reshape((3, 5, 2))])"
    )
    ask = (
        "(lambda encoder, decoder: (lambda vae: (vae(x), float(sum(vae.losses)), *encoder(x)))"
        f"(build_vae(encoder, decoder, beta=7.0)))({encoder}, {decoder})"
    )
    message = "An encoder of 3×5×2 images and 6 latent dimensions doesn't fit: take the shapes from what you are given."
    reconstructions, loss, z_mean, z_log_var = ask_with(
        student, ask, message, "build_vae(build_encoder(), build_decoder())", x=x
    )
    expect(reconstructions, shape=x.shape, message="The reconstructions should have the shape of the images.")
    wanted = _cross_entropy(x, reconstructions).reshape(4, -1).sum(axis=1).mean() + 7 * _kl(z_mean, z_log_var).mean()
    message = "The loss should be reconstruction + beta·KL for any encoder and decoder, whatever their sizes and names."
    expect(loss, close_to=wanted, rel=1e-3, message=message)


@pytest.mark.exercise("effective-beta", points=0.5)
def test_any_loss(student, rng):
    """It holds for any number of pixels, latent_dim and weight."""
    for reconstruction in ("sum", "mean"):
        for kl in ("sum", "mean"):
            n_pixels, latent_dim = int(rng.integers(10, 5000)), int(rng.integers(3, 64))
            weight = float(rng.uniform(0.001, 5))
            wanted = weight * (n_pixels if reconstruction == "mean" else 1) / (latent_dim if kl == "mean" else 1)
            ask = f"effective_beta({n_pixels}, {latent_dim}, {reconstruction!r}, {kl!r}, {weight!r})"
            message = "It should hold for any number of pixels, latent_dim and weight."
            expect(student.eval(ask), close_to=wanted, message=message)


@pytest.mark.exercise("active-units", points=0.5)
def test_any_codes(student, rng):
    """It holds for any number of images and latent dimensions, and for any threshold."""
    for latent_dim in (1, 3, 8, 40):
        z = rng.normal(0, 1, (int(rng.integers(20, 90)), latent_dim)) * rng.uniform(0, 0.5, latent_dim)
        z = (z + rng.normal(0, 1, latent_dim)).astype("float32")
        variances = np.sort(z.astype("float64").var(axis=0))
        wanted = int(rng.integers(0, latent_dim + 1))  # the threshold lies between two variances
        edges = np.concatenate([[variances[0] / 2], variances, [2 * variances[-1]]])
        threshold = float(edges[latent_dim - wanted : latent_dim - wanted + 2].mean())
        units = ask_units(student, f"active_units(z, {threshold!r})", z=z)
        message = "It should hold for any number of images, latent dimensions and any threshold."
        expect(units, equals=wanted, message=message)


@pytest.mark.exercise("warm-up", points=0.5)
def test_any_schedule(student, rng):
    """It holds for any number of steps and any target, also where an epoch ends in the middle of the rise."""
    target, together = float(rng.uniform(0.2, 8)), int(rng.integers(2, 5))
    batches = 3 * together - 1  # the last execution of an epoch takes fewer steps
    steps = int(rng.integers(batches + 2, 40))
    callback = f"KLWarmup(layer, steps={steps}, target={target!r})"
    betas, _ = schedule(student, callback, epochs=steps, batches=batches, together=together, fits=2)
    starts = (np.arange(steps)[:, None] * batches + np.arange(0, batches, together)).ravel()
    wanted = np.tile(target * np.minimum(1, starts / steps), 2)
    message = "Step n, counted from 0 over all epochs of a fit, should be trained with beta = target·min(1, n/steps)."
    expect(betas, close_to=wanted, rel=1e-5, abs=1e-5, message=message)
