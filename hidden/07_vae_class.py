"""Hidden checks of lesson 07: the same promises for other sizes, batches and pictures."""

import numpy as np
import pytest
from checks import (
    DECODER,
    ENCODER,
    LOSSES,
    TINY,
    WEIGHTS,
    compare_pictures,
    decoder_params,
    drawn,
    encoder_params,
    halves,
    losses,
    narrow,
    params_of,
    pictures_of,
    reported,
    rows_of,
    sigmoid,
    with_halves,
)

from autograder.checking.chance import mean_tolerance, require_normal, std_tolerance
from autograder.checking.expect import expect, fail, in_shape, require, require_finite, shape_of
from autograder.checking.student import StudentError


@pytest.mark.exercise("class-encoder", points=1)
def test_encoder_of_other_sizes(student):
    """Any sizes work, and the hidden layer has a ReLU."""
    n, d, h = 9, 4, 6
    model = ENCODER.format(n=n, d=d, h=h)
    found = params_of(student, model, n)
    message = "For other sizes the encoder has other layers than asked for: take all sizes from self."
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
            (np.full((1, d), np.tanh(bias).sum()), "The hidden layer has a tanh where a ReLU is asked for."),
            (np.full((1, d), sigmoid(bias).sum()), "The hidden layer has a sigmoid where a ReLU is asked for."),
        ],
        message="The hidden layer should have a ReLU, and the heads should stand on it.",
    )


@pytest.mark.exercise("class-decoder", points=1)
def test_decoder_of_other_sizes(student):
    """Any sizes work, and the hidden layer has a ReLU."""
    n, d, h = 9, 4, 6
    model = DECODER.format(n=n, d=d, h=h)
    found = params_of(student, model, d)
    message = "For other sizes the decoder has other layers than asked for: take all sizes from self."
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
            (tanh, "The hidden layer has a tanh where a ReLU is asked for."),
        ],
        message="The hidden layer should have a ReLU, and the last layer a sigmoid.",
    )


@pytest.mark.exercise("class-loss", points=0.5)
def test_training_sees_noise(student):
    """A training step decodes a fresh draw of z, not z_mean."""
    step, given = "vae.train_step(tensor(x))", {"draw": "Sampling(seed=3)([m, s])", "rate": 0.0}
    (first,), (second,) = (
        reported(student, halves(20), "reconstruction_loss", ask=ask, **given) for ask in (step, f"({step}, {step})[1]")
    )
    require(
        abs(first - second) > 1e-6,
        "Two training steps on the same pictures gave the same loss: decode z, the draw, not z_mean.",
        expected="another draw, another loss",
        actual="the same loss twice",
    )
    # One black pixel: its cross-entropy is log(1 + exp(z)), so that every draw can be read off it.
    made = {name: np.zeros((1, 1), "float32") for name in ("mk", "sk")} | {"x": np.zeros((150_000, 1), "float32")}
    made |= {"mb": np.array([0.3]), "sb": np.log([0.25]), "dk": np.ones((1, 1)), "db": np.zeros(1)}
    try:
        found = student.eval(with_halves("vae.image_losses(tensor(x))[0]", draw="Sampling(seed=4)([m, s])"), **made)
    except StudentError:
        return  # the steps are written otherwise
    found = in_shape(found, (150_000,))
    if shape_of(found) != (150_000,):
        return  # whether each picture has its own error, is another check's business
    require_finite(found)
    noise = (np.log(np.expm1(found.astype(float))) - 0.3) / 0.5
    message = "What is decoded should be a draw from N(z_mean, exp(z_log_var)): take the encoder's z."
    expect(noise.mean(), close_to=0.0, rel=0, abs=mean_tolerance(1.0, noise.size), message=message)
    expect(noise.std(), close_to=1.0, rel=std_tolerance(noise.size), abs=0, message=message)
    require_normal(noise, draw_with="keras.random.normal")


@pytest.mark.exercise("class-loss", points=0.5)
def test_every_picture_counts_alike(student):
    """Over batches of unequal size the losses are means over pictures, for any latent_dim."""
    given = narrow(halves(21, n=10, d=5, images=6))
    given["x"][4:] = given["x"][4:].round()
    evaluate = "(vae.test_step, vae.evaluate(x, batch_size=4, verbose=0, return_dict=True))[1]"
    found = reported(student, given, *LOSSES, ask=evaluate)
    reconstruction, kl, _ = losses(given)
    for name, value, each in zip(LOSSES, found, (reconstruction + kl, reconstruction, kl), strict=True):
        by_batch = (each[:4].mean() + each[4:].mean()) / 2
        expect(
            value,
            close_to=each.mean(),
            rel=1e-4,
            if_instead=[
                (
                    by_batch,
                    "The small last batch counts as much as a full one: hand `report` the losses of all pictures, "
                    "not their mean.",
                )
            ],
            message=f"Over several batches `{name}` should be the mean over all pictures.",
        )


@pytest.mark.exercise("class-loss", points=0.5)
def test_finite_at_0_and_1(student):
    """Where the decoder is sure of a pixel, exactly 0 or 1, the loss stays finite."""
    given = narrow(halves(22))
    given["x"] = given["x"].round()
    given["x"][:] = given["x"][0]
    given["dk"][:] = 0
    given["db"] = np.where(given["x"][0] > 0, 200, -200).astype("float32")
    (found,) = reported(student, given, "reconstruction_loss", finite=False)
    require(
        np.isfinite(found) and abs(found) < 0.05,
        "Where the decoder says exactly 0 or 1, the logarithm of 0 spoils the loss: keep away from it, as "
        "ops.binary_crossentropy does.",
        expected="0 for a perfect reconstruction",
        actual=f"{found:.4g}",
    )


@pytest.mark.exercise("class-train", points=0.5)
def test_compile_again(student):
    """Compiling again keeps what was learned, and further arguments are handed on."""
    probe = f"type('Probe', (VariationalAutoencoder,), {{{TINY}}})(input_shape=(4,))"
    weights, learn = (
        "[np.array(w) for w in vae.trainable_weights]",
        "[w.assign(w + 1.0) for w in vae.trainable_weights]",
    )
    again = "vae.compile(optimizer='sgd', run_eagerly=True)"
    ask = f"(lambda vae: (vae.compile(), {learn}, {weights}, {again}, {weights}, bool(vae.run_eagerly)))({probe})"
    try:
        *_, before, _, after, eagerly = student.eval(ask)
    except StudentError as error:
        if "already built" in error.message:
            fail("Compiling a second time builds the model a second time: build it only where it isn't built yet.")
        raise
    require(before, "After compile both halves should stand: build the model in it.", actual="a model without weights")
    require(
        len(before) == len(after) and all(map(np.array_equal, before, after)),
        "Compiling a second time threw the weights away: build the halves only where that hasn't been done.",
        expected="the weights as before",
        actual="new weights",
    )
    message = "Further arguments, such as run_eagerly=True, should be handed on to keras.Model.compile."
    expect(eagerly, equals=True, message=message)


@pytest.mark.exercise("class-plot", points=0.5)
def test_one_or_three_pictures(student):
    """It works for n = 1 and n = 3 and for pictures of another size."""
    given = halves(23, n=25, d=3, images=4)
    for n in (3, 1):
        try:
            figure = drawn(student, given, f"vae.plot_results(x, n={n})")
        except StudentError as error:
            if n == 1 and error.kind in ("TypeError", "IndexError", "ValueError") and not error.is_to_do:
                fail("For n = 1 plt.subplots(2, n) gives a plain row of axes: squeeze=False keeps two dimensions.")
            raise
        compare_pictures(given, *(pictures_of(row, 5) for row in rows_of(figure, n)))


@pytest.mark.exercise("class-plot", points=0.5)
def test_pictures_stay_as_they_are(student):
    """Drawing changes neither x_test nor the weights, and shows the same at every call."""
    given = halves(24, n=16, d=2, images=5)
    call = "vae.plot_results(x, n=2)"
    look = f"[a['images'][0]['array'] for a in describe_figure({call})['axes']]"
    ask = f"(lambda close: ({look}, {look}, np.array(x), vae.encoder.get_weights(), close('all'))[:-1])"
    noise = with_halves(f"{ask}(__import__('matplotlib.pyplot').pyplot.close)", draw="Sampling(seed=3)([m, s])")
    first, second, x, weights = student.eval(noise, **given)
    require_finite([first, second])
    require(np.array_equal(x, given["x"]), "plot_results changed x_test: work on a copy.", actual="other pictures")
    require(
        all(np.array_equal(now, given[name]) for name, now in zip(("mk", "mb", "sk", "sb"), weights, strict=True)),
        "plot_results changed the weights: drawing should leave the model alone.",
        actual="other weights",
    )
    require(
        all(np.array_equal(a, b) for a, b in zip(first, second, strict=True)),
        "Two calls show different reconstructions: decode z_mean, not a draw.",
        expected="the same figure",
        actual="another figure",
    )
