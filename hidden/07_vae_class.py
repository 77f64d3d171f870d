"""Hidden checks of lesson 07: the same promises for other sizes, batches and images."""

import numpy as np
import pytest
from checks import (
    DECODER,
    ENCODER,
    WEIGHTS,
    asked,
    compare_averages,
    compare_figures,
    compiled,
    decoder_params,
    encoder_params,
    halves,
    losses_in,
    narrow,
    params_of,
    reported,
    require_methods,
    sigmoid,
    with_halves,
)

from autograder.checking.chance import mean_tolerance, require_normal, std_tolerance
from autograder.checking.expect import expect, in_shape, require, require_finite, shape_of
from autograder.checking.student import StudentError


@pytest.mark.exercise("class-encoder", points=0.5)
def test_encoder_of_other_sizes(student):
    """Any sizes work, and the hidden layer has a ReLU."""
    require_methods(student, "build_encoder")
    n, d, h = 9, 4, 6
    model = ENCODER.format(n=n, d=d, h=h)
    found = params_of(student, model, n)
    message = "For other sizes the encoder has the wrong layers: take all sizes from self."
    expect(found, equals=encoder_params(n, d, h), message=message)
    bias = np.array([-2.0, -1.0, -0.3, 0.4, 1.0, 2.0])
    kernels = "[w.assign(np.full(w.shape, float(w.shape[0] == h))) for w in weights if len(w.shape) == 2]"
    biases = "[w.assign(b if w.shape[0] == h else np.zeros(w.shape)) for w in weights if len(w.shape) == 1]"
    weights = WEIGHTS.format("e, tensor(x)")
    ask = f"(lambda e: (lambda weights: ({kernels}, {biases}, e(tensor(x)))[-1])({weights}))({model})"
    outputs = student.eval(ask, x=np.zeros((1, n)), b=bias, h=h)
    expect(
        outputs[0] if isinstance(outputs, tuple | list) else outputs,
        close_to=np.full((1, d), np.maximum(bias, 0).sum()),
        if_instead=[
            (
                np.full((1, d), bias.sum()),
                "The hidden layer has no activation: two Dense layers in a row are then one.",
            ),
            (np.full((1, d), np.tanh(bias).sum()), "The hidden layer has a tanh instead of a ReLU."),
            (np.full((1, d), sigmoid(bias).sum()), "The hidden layer has a sigmoid instead of a ReLU."),
        ],
        message="The hidden layer should have a ReLU, and the heads should stand on it.",
    )


@pytest.mark.exercise("class-decoder", points=0.5)
def test_decoder_of_other_sizes(student):
    """Any sizes work, and the hidden layer has a ReLU."""
    require_methods(student, "build_decoder")
    n, d, h = 9, 4, 6
    model = DECODER.format(n=n, d=d, h=h)
    found = params_of(student, model, d)
    message = "For other sizes the decoder has the wrong layers: take all sizes from self."
    expect(found, equals=decoder_params(n, d, h), message=message)
    bias = np.array([-2.0, -1.0, -0.3, 0.4, 1.0, 2.0])
    kernels = "[w.assign(np.full(w.shape, 0.5 * (w.shape[0] == h))) for w in weights if len(w.shape) == 2]"
    biases = "[w.assign(b if w.shape[0] == h else np.zeros(w.shape)) for w in weights if len(w.shape) == 1]"
    weights = WEIGHTS.format("m, tensor(z)")
    ask = f"(lambda m: (lambda weights: ({kernels}, {biases}, m(tensor(z)))[-1])({weights}))({model})"
    wanted, linear, tanh = (np.full((1, n), sigmoid(0.5 * b.sum())) for b in (np.maximum(bias, 0), bias, np.tanh(bias)))
    expect(
        student.eval(ask, z=np.zeros((1, d)), b=bias, h=h),
        close_to=wanted,
        if_instead=[
            (linear, "The hidden layer has no activation: two Dense layers in a row are then nearly one."),
            (tanh, "The hidden layer has a tanh instead of a ReLU."),
        ],
        message="The hidden layer should have a ReLU, and the last layer a sigmoid.",
    )


@pytest.mark.exercise("class-loss", points=0.5)
def test_training_sees_noise(student):
    """A training step decodes a fresh sample of z, not z_mean."""
    twice = asked(
        student,
        "[vae.train_step(tensor(x)), vae.train_step(tensor(x))]",
        halves(20),
        draw="Sampling(seed=3)([m, s])",
        rate=0.0,
    )
    (first,), (second,) = (losses_in(found, "reconstruction_loss") for found in twice)
    require(
        abs(first - second) > 1e-6,
        "Two training steps on the same images gave the same loss: decode z, the sample, not z_mean.",
        expected="another sample, another loss",
        actual="the same loss twice",
    )
    # One black pixel: its cross-entropy is log(1 + exp(z)), so that every sample can be read off it.
    made = {name: np.zeros((1, 1), "float32") for name in ("mk", "sk")} | {"x": np.zeros((150_000, 1), "float32")}
    made |= {"mb": np.array([0.3]), "sb": np.log([0.25]), "dk": np.ones((1, 1)), "db": np.zeros(1)}
    try:
        found = asked(student, "vae.image_losses(tensor(x))[0]", made, draw="Sampling(seed=4)([m, s])")
    except StudentError:
        return  # the steps are written otherwise
    found = in_shape(found, (150_000,))
    if shape_of(found) != (150_000,):
        return  # another check asks whether each image has its own error
    require_finite(found)
    with np.errstate(over="ignore"):
        noise = (np.log(np.expm1(found.astype(float))) - 0.3) / 0.5
    message = "What is decoded should be a sample from N(z_mean, exp(z_log_var)): take the encoder's z."
    expect(noise.mean(), close_to=0.0, rel=0, abs=mean_tolerance(1.0, noise.size), message=message)
    expect(noise.std(), close_to=1.0, rel=std_tolerance(noise.size), abs=0, message=message)
    require_normal(noise, draw_with="keras.random.normal")


@pytest.mark.exercise("class-loss", points=0.5)
def test_finite_at_0_and_1(student):
    """Where the decoder is sure of a pixel, exactly 0 or 1, the loss stays finite, for any number of dimensions."""
    compare_averages(student, narrow(halves(25, n=10, d=5, images=7)))
    given = narrow(halves(22))
    given["x"] = given["x"].round()
    given["x"][:] = given["x"][0]
    given["dk"][:] = 0
    given["db"] = np.where(given["x"][0] > 0, 200, -200).astype("float32")
    (found,) = reported(student, given, "reconstruction_loss", finite=False)
    require(
        np.isfinite(found) and abs(found) < 0.05,
        "Where the decoder outputs exactly 0 or 1, the loss contains the logarithm of 0: keep away from it, as "
        "ops.binary_crossentropy does.",
        expected="0 for a perfect reconstruction",
        actual=f"{found:.4g}",
    )


@pytest.mark.exercise("class-train", points=0.5)
def test_further_arguments(student):
    """compile hands further arguments on to Keras, by name and by position."""
    for arguments, how in (("optimizer='sgd', run_eagerly=True", "named"), ("'sgd', None, None, None, None, True", "")):
        try:
            eagerly = compiled(student, arguments, "bool(vae.run_eagerly)")
        except StudentError as error:
            if error.kind == "TypeError" and "argument" in error.message:
                eagerly = False
            else:
                raise
        message = (
            "Further arguments, such as run_eagerly=True, should be handed on to keras.Model.compile: **kwargs."
            if how
            else "Further arguments given by position should be handed on to keras.Model.compile, too: *args."
        )
        expect(eagerly, equals=True, message=message)


@pytest.mark.exercise("class-plot", points=0.5)
def test_images_stay_as_they_are(student):
    """Drawing changes neither x_test nor the weights, and shows the same at every call."""
    require_methods(student, "plot_results")
    given = halves(24, n=16, d=2, images=5)
    call = "vae.plot_results(x, n=2)"
    look = f"[a['images'][0]['array'] for a in describe_figure({call})['axes']]"
    ask = f"(lambda close: ({look}, {look}, np.array(x), vae.encoder.get_weights(), close('all'))[:-1])"
    noise = with_halves(f"{ask}(__import__('matplotlib.pyplot').pyplot.close)", draw="Sampling(seed=3)([m, s])")
    first, second, x, weights = student.eval(noise, **given)
    require_finite([first, second])
    compare_figures(student, halves(26, n=36, d=4, images=3), 6)
    require(np.array_equal(x, given["x"]), "plot_results changed x_test: work on a copy.", actual="other images")
    require(
        all(np.array_equal(now, given[name]) for name, now in zip(("mk", "mb", "sk", "sb"), weights, strict=True)),
        "plot_results changed the weights: plotting should leave the model as it is.",
        actual="other weights",
    )
    require(
        all(np.array_equal(a, b) for a, b in zip(first, second, strict=True)),
        "Two calls show different reconstructions: decode z_mean, not a sample.",
        expected="the same figure",
        actual="another figure",
    )
