"""Public checks of lesson 02, reparameterization. Expected values come from NumPy and the formulas of the lesson."""

import numpy as np
import pytest

from autograder.checking.chance import mean_tolerance, require_normal, std_tolerance
from autograder.checking.expect import expect, expect_other, fail, in_shape, require, shape_of

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]
CALLS = {"reparameterize": ["std"], "sampling": ["std", "reparameterize"]}

HINTS = {
    "std": [
        "The exponential of the log-variance is the variance. What makes a variance a standard deviation?",
        "A square root halves a logarithm. `ops.exp` takes the exponential of a whole tensor.",
        "One line: `ops.exp` of the halved argument.",
    ],
    "reparameterize": [
        "What is z where epsilon is 0? And how far does it move where epsilon is 1?",
        "`std_from_log_var` gives you σ. Multiplication and addition of tensors broadcast by themselves.",
        "One line: the mean, plus a product of two things.",
    ],
    "sampling": [
        "What has to exist once for each layer, and what happens anew at each call?",
        "`keras.random.SeedGenerator` belongs in `__init__`; `keras.random.normal` and `ops.shape` in `call`.",
        "`call` has three steps: unpack the two inputs, sample noise with `seed=self.…`, call `reparameterize`. "
        "`get_config` is the base class's dictionary with one more entry.",
    ],
    "gradients": [
        "Does the tape know that z_mean and z_log_var matter? They are plain tensors, not variables.",
        "Inside `with tf.GradientTape() as tape:` watch both, then compute z with `reparameterize`.",
        "After the `with` block ask once for both gradients, `tape.gradient(z, […])`, in the order of the docstring.",
    ],
    "published-bug": [
        "What is the standard deviation of exp(z_log_var)·epsilon? And its variance?",
        "The variance is the square of the standard deviation. What does squaring do to a logarithm?",
        "The answer is z_log_var times a number.",
    ],
}

DRAWS = 200_000
VARIANCE_NOT_STD = "This is the variance, exp(z_log_var): the standard deviation is its square root, exp(½·z_log_var)."


# ---- std


ROOT_OF_A_LOGARITHM = "The square root belongs to the variance exp(z_log_var), not to its logarithm."


def _require_no_root_of_a_logarithm(result, log_var):
    """Fail the check where the result is not a number just there where the logarithm is negative."""
    if shape_of(result) == log_var.shape and np.array_equal(np.isnan(np.asarray(result)), log_var < 0):
        fail(ROOT_OF_A_LOGARITHM, expected="finite numbers", actual=result)


@pytest.mark.exercise("std", points=0.5)
def test_log_variance_zero_means_one(student):
    """A log-variance of 0 is a standard deviation of 1."""
    sigma = student.eval("std_from_log_var(tensor(x))", x=np.zeros((2, 3)))
    expect(
        sigma,
        close_to=np.ones((2, 3)),
        message="exp(0) is 1, so log-variance 0 must give a standard deviation of 1.",
    )


@pytest.mark.exercise("std", points=1.5)
def test_std_away_from_zero(student):
    """σ = exp(½·z_log_var), also away from 0."""
    log_var = np.array([[-3.0, -1.0, 0.5], [1.0, 2.0, 3.0]])
    sigma = student.eval("std_from_log_var(tensor(x))", x=log_var)
    if shape_of(sigma) == log_var.shape and np.allclose(np.asarray(sigma)[log_var == 1], 0, atol=1e-6):
        message = "`z_log_var` is a logarithm already: take its exponential, not its logarithm once more."
        fail(message, expected=np.exp(0.5 * log_var), actual=sigma)
    _require_no_root_of_a_logarithm(sigma, log_var)
    expect(
        sigma,
        close_to=np.exp(0.5 * log_var),
        if_instead=[
            (np.exp(log_var), VARIANCE_NOT_STD),
            (
                0.5 * np.exp(log_var),
                "Halve the logarithm, not the variance: exp(½·z_log_var), not ½·exp(z_log_var).",
            ),
            (np.exp(-0.5 * log_var), "The sign is wrong: this is one over the standard deviation."),
            (
                np.exp(2 * log_var),
                "You squared the variance: a square root halves a logarithm, a square doubles it.",
            ),
            (0.5 * log_var, "This is still a logarithm, that of σ: take its exponential."),
            (np.sqrt(np.abs(log_var)), ROOT_OF_A_LOGARITHM),
        ],
        message="σ should be exp(½·z_log_var).",
    )


# ---- reparameterize


def _gaussians(seed, shape):
    rng = np.random.default_rng(seed)
    return {
        "m": rng.normal(0, 2, shape).astype("float32"),
        "s": rng.uniform(-3, 2, shape).astype("float32"),
        "e": rng.standard_normal(shape).astype("float32"),
    }


@pytest.mark.exercise("reparameterize", points=1)
def test_no_noise_is_the_mean(student):
    """With epsilon = 0 the result is z_mean, whatever the variance."""
    given = _gaussians(1, (4, 2)) | {"e": np.zeros((4, 2), "float32")}
    z = student.eval("reparameterize(tensor(m), tensor(s), tensor(e))", **given)
    expect(
        z,
        close_to=given["m"],
        message="Where epsilon is 0 only z_mean may remain: the noise is scaled, then added.",
    )


@pytest.mark.exercise("reparameterize", points=1)
def test_noise_is_scaled_by_sigma(student):
    """epsilon is multiplied by the standard deviation and z_mean is added."""
    given = _gaussians(2, (5, 3))
    m, s, e = given["m"], given["s"], given["e"]
    z = student.eval("reparameterize(tensor(m), tensor(s), tensor(e))", **given)
    _require_no_root_of_a_logarithm(z, s)
    sigma = np.exp(0.5 * s)
    expect(
        z,
        close_to=m + sigma * e,
        rel=1e-3,
        abs=1e-4,
        if_instead=[
            (
                m + np.exp(s) * e,
                "epsilon is multiplied by the variance: it needs the standard deviation, exp(½·z_log_var).",
            ),
            (m + s * e, "epsilon is multiplied by the log-variance itself: take exp(½·z_log_var) first."),
            (
                m - sigma * e,
                "The noise is subtracted. For symmetric noise the distribution is the same, but the formula adds it.",
            ),
            (m * sigma + e, "Mean and noise are swapped: scale epsilon, and shift by z_mean."),
            (m + e, "The noise is not scaled: the variance has no influence."),
            (m + 0.5 * np.exp(s) * e, "The half belongs inside the exponential: exp(½·z_log_var)."),
            (sigma * (m + e), "z_mean is scaled too: only epsilon is multiplied by σ."),
        ],
        message="The result should be z_mean + exp(½·z_log_var)·epsilon.",
    )


@pytest.mark.exercise("reparameterize", points=0.5)
def test_noise_broadcasts(student):
    """One epsilon of shape (1, d) serves a whole batch."""
    given = _gaussians(3, (6, 2))
    given["e"] = given["e"][:1]
    z = student.eval("reparameterize(tensor(m), tensor(s), tensor(e))", **given)
    expect(z, shape=(6, 2), message="epsilon of shape (1, 2) should broadcast over a batch of 6.")
    expect(
        z,
        close_to=given["m"] + np.exp(0.5 * given["s"]) * given["e"],
        rel=1e-3,
        abs=1e-4,
        message="With one epsilon for the whole batch the values should still be z_mean + σ·epsilon.",
    )


@pytest.mark.exercise("reparameterize", points=0.5)
def test_data_type_is_kept(student):
    """The result has the data type of the inputs."""
    for kind in ("float32", "float64"):
        ask = f"reparameterize(tensor(m, {kind!r}), tensor(s, {kind!r}), tensor(e, {kind!r}))"
        z = student.eval(ask, **_gaussians(4, (2, 2)))
        expect(z, dtype=kind, message="The result should have the data type of the inputs.")


# ---- sampling


SWAPPED_INPUTS = "z_mean and z_log_var are swapped: the layer is called on [z_mean, z_log_var], in this order."


@pytest.mark.exercise("sampling", points=0.5)
def test_one_draw_for_each_row_and_dimension(student):
    """Sampling()([z_mean, z_log_var]) has the shape of z_mean."""
    for shape in [(7, 2), (3, 5)]:
        z = student.eval("Sampling()([tensor(m), tensor(s)])", m=np.zeros(shape), s=np.zeros(shape))
        expect(z, shape=shape, message="The samples should have the shape of z_mean.")


@pytest.mark.exercise("sampling", points=0.5)
def test_draws_lie_around_the_mean(student):
    """The samples have the mean z_mean."""
    given = {"m": np.full((DRAWS, 1), 1.5), "s": np.full((DRAWS, 1), np.log(4.0))}
    z = student.eval("Sampling()([tensor(m), tensor(s)])", **given)
    expect(z, shape=(DRAWS, None), message="There should be a sample for each row.")
    message = "The samples should lie around z_mean."  # wide enough for a layer whose only mistake is the spread
    reach = mean_tolerance(4.0, DRAWS)
    expect(z.mean(), close_to=1.5, rel=0, abs=reach, if_instead={np.log(4.0): SWAPPED_INPUTS}, message=message)


@pytest.mark.exercise("sampling", points=1)
def test_spread_is_the_standard_deviation(student):
    """The samples are normal, with standard deviation exp(½·z_log_var)."""
    given = {"m": np.zeros((DRAWS, 1)), "s": np.full((DRAWS, 1), np.log(4.0))}
    z = student.eval("Sampling()([tensor(m), tensor(s)])", **given)
    expect(z, shape=(DRAWS, None), message="There should be a sample for each row.")
    if abs(z.mean() - np.log(4.0)) < mean_tolerance(1.0, DRAWS):
        fail(SWAPPED_INPUTS, expected="samples around z_mean", actual="samples around z_log_var")
    expect(
        z.std(),
        close_to=2.0,
        rel=std_tolerance(DRAWS),
        abs=0,
        if_instead={
            4.0: "The samples spread with the variance: multiply by the standard deviation, exp(½·z_log_var).",
            1.0: "The spread does not depend on z_log_var: the noise is not scaled.",
            0.0: "All samples are the same: no noise arrives, or the same noise for each row.",
        },
        message="The samples should spread with exp(½·z_log_var).",
    )
    require_normal((z - z.mean()) / 2.0, draw_with="keras.random.normal")


@pytest.mark.exercise("sampling", points=1)
def test_fresh_noise_each_call(student):
    """One layer samples anew at every call, with and without a seed."""
    given = {"m": np.zeros((4, 2)), "s": np.zeros((4, 2))}
    for seed in ("", "seed=7"):
        call = "layer([tensor(m), tensor(s)])"
        first, second = student.eval(f"(lambda layer: ({call}, {call}))(Sampling({seed}))", **given)
        expect_other(
            second,
            first,
            "Two calls of one layer gave the same noise: an integer seed repeats itself, a SeedGenerator advances.",
            expected="other samples in the second call",
            what="the same samples",
        )


@pytest.mark.exercise("sampling", points=1)
def test_same_seed_same_draws(student):
    """Two layers with the same seed sample the same numbers, with another seed others."""
    given = {"m": np.zeros((4, 2)), "s": np.zeros((4, 2))}
    draw = "Sampling(seed={})([tensor(m), tensor(s)])"
    first, other = (student.eval(draw.format(seed), **given) for seed in (7, 8))
    both = "(lambda *layers: [layer([tensor(m), tensor(s)]) for layer in layers])(Sampling(seed=7), Sampling(seed=7))"
    same = student.eval(both, **given)
    one, another = (student.eval("Sampling()([tensor(m), tensor(s)])", **given) for _ in range(2))
    message = "Two layers made with seed=7 sampled different numbers: pass the seed to the generator of the noise."
    for draws in same:
        expect(draws, close_to=first, message=message)
    expect_other(
        other,
        first,
        "seed=7 and seed=8 sampled the same numbers: use the seed that is given.",
        expected="other samples for another seed",
        what="the same samples",
    )
    expect_other(
        another,
        one,
        "Two layers without a seed sampled the same numbers: pass `None` on to `SeedGenerator`, which then chooses a seed.",
        expected="other samples from another layer",
        what="the same samples",
    )


@pytest.mark.exercise("sampling", points=1)
def test_works_inside_a_model(student):
    """Inside a model the noise is fresh at each prediction, and the model can be saved and loaded."""
    model = (
        "(lambda m, s: keras.Model([m, s], Sampling(seed=7, name='draw')([m, s])))"
        "(keras.Input((2,)), keras.Input((2,)))"
    )
    given = {"m": np.zeros((8, 2), "float32"), "s": np.zeros((8, 2), "float32")}
    # Traced as predict does it, without predict's pipeline of batches, which takes longer to set up.
    predict = "traced(lambda: model([m, s], training=False))"
    ask = f"(lambda model: (lambda predict: (predict(), predict()))({predict}))({model})"
    first, second = student.eval(ask, **given)
    require(
        np.any(np.asarray(first) != 0),
        "Inside a model, without training, the layer returns z_mean: sample at every call, whatever `training` is.",
        expected="samples",
        actual="z_mean",
    )
    expect_other(
        second,
        first,
        "Inside a model the noise is frozen: it was sampled once, when the model was traced. Use keras.random.",
        expected="other samples in the second prediction",
        what="the same samples",
    )
    loaded = f"save_and_load({model}, Sampling=Sampling).layers[-1]"
    name, seed = student.eval(f"(lambda layer: [layer.name, layer.get_config().get('seed')])({loaded})")
    message = (
        "After saving and loading, the layer has another name: `get_config` begins with `super().get_config()`, and "
        "`__init__` passes its `**kwargs` on to `super().__init__`."
    )
    require(name == "draw", message, expected="draw", actual=name)
    message = "After saving and loading, the layer has forgotten its seed: get_config should return it."
    require(seed is not None, message, expected=7, actual=None)
    expect(seed, equals=7, message=message)


# ---- gradients


def _gradient(student, i, given):
    """The first or the second of the two gradients."""
    result = student.eval("reparameterization_gradients(tensor(m), tensor(s), tensor(e))", **given)
    require(result is not None, "The result is None: is a `return` missing?", expected="a pair", actual="None")
    require(
        (isinstance(result, tuple | list) and len(result) == 2) or (shape_of(result) or ())[:-2] == (2,),
        "Two gradients were expected: (dz_dmean, dz_dlog_var).",
        expected="a pair",
        actual=result,
    )
    require(
        result[i] is not None,
        "A gradient is None: the tape did not record this tensor. Watch it with tape.watch, compute z inside the `with`, "
        "and use ops.exp, not np.exp.",
    )
    return in_shape(result[i], given["m"].shape)


@pytest.mark.exercise("gradients", points=0.5)
def test_two_gradients(student):
    """The result is a pair of gradients, each in the shape of z_mean."""
    given = _gaussians(5, (4, 3))
    for i in (0, 1):
        gradient = _gradient(student, i, given)
        expect(
            gradient,
            shape=(4, 3),
            message="Each gradient should have the shape of z_mean, one number for each entry.",
        )


@pytest.mark.exercise("gradients", points=1)
def test_gradient_of_the_mean(student):
    """dz/dz_mean is 1 everywhere."""
    given = _gaussians(6, (4, 3))
    expect(
        _gradient(student, 0, given),
        close_to=np.ones((4, 3)),
        message="Moving z_mean by a step moves z by the same step: the gradient is 1.",
    )


@pytest.mark.exercise("gradients", points=1.5)
def test_gradient_of_the_log_variance(student):
    """dz/dz_log_var is ½·σ·ε."""
    given = _gaussians(7, (4, 3))
    s, e = given["s"], given["e"]
    sigma = np.exp(0.5 * s)
    expect(
        _gradient(student, 1, given),
        close_to=0.5 * sigma * e,
        rel=1e-3,
        abs=1e-4,
        if_instead=[
            (sigma * e, "The inner derivative is missing: σ = exp(½·z_log_var) brings a factor ½ down."),
            (
                np.exp(s) * e,
                "This is the gradient of z_mean + exp(z_log_var)·epsilon: `reparameterize` multiplies by the variance.",
            ),
            (e, "This is the gradient with respect to σ, not to z_log_var."),
            (0.5 * sigma, "epsilon is missing: the gradient of each sample depends on its own noise."),
        ],
        message="The gradient should be ½·exp(½·z_log_var)·epsilon.",
    )


# ---- published-bug


@pytest.mark.exercise("published-bug", points=1)
def test_invisible_at_zero(student):
    """At z_log_var = 0 the published sampler is right."""
    implied = student.eval("implied_log_var(tensor(x))", x=np.zeros(3))
    expect(
        implied,
        close_to=np.zeros(3),
        message="At z_log_var = 0 both spreads are exp(0) = 1, so the log-variance is 0.",
    )


@pytest.mark.exercise("published-bug", points=1)
def test_implied_log_variance(student):
    """The log-variance that the published sampler really samples with."""
    log_var = np.array([-2.0, -0.5, 1.0, 1.5])
    implied = student.eval("implied_log_var(tensor(x))", x=log_var)
    expect(
        implied,
        close_to=2 * log_var,
        if_instead=[
            (
                log_var,
                "That is what the encoder reported. The samples spread with exp(z_log_var): which variance is that?",
            ),
            (
                0.5 * log_var,
                "The wrong way round: a spread of exp(z_log_var) is larger than σ where z_log_var > 0.",
            ),
            (
                np.exp(log_var),
                "That is the standard deviation of the samples. Asked for is the logarithm of its square.",
            ),
            (np.exp(2 * log_var), "That is the variance itself: take its logarithm."),
            (log_var**2, "The variance is squared, exp(z_log_var)²: what does that do to its logarithm?"),
        ],
        message="The samples have the standard deviation exp(z_log_var): square it and take the logarithm.",
    )
