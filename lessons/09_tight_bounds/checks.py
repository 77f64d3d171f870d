"""Public checks of lesson 09, tight bounds.

Encoders and decoders in these checks have a few weights that the check sets, so that NumPy knows every density and
every pixel. The samples of z are seen where the decoder takes them in.
"""

import numpy as np
import pytest
from scipy.special import logsumexp

from autograder.checking.chance import correlation_tolerance, require_normal
from autograder.checking.expect import expect, expect_other, fail, in_shape, require, require_finite, shape_of
from autograder.checking.modes import require_inference
from autograder.checking.promises import require_default

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]
CALLS = {"log-weights": ["log-normal"], "quadrature": ["log-normal"], "posterior": ["log-normal"]}
HINTS = {
    "log-normal": [
        "Which of the three terms in the bracket contains z? Write that one first, with `log_var` turned into σ².",
        "σ² is `np.exp(log_var)`, and log σ² is `log_var` itself.",
        "`-0.5 * np.sum(… + … + …, axis=-1)`: the sum covers all three terms, log 2π once for each dimension.",
    ],
    "log-weights": [
        "Which z does each of the three densities need? They all need the same one.",
        "Give the mean and the log-variance a new axis, `z_mean[:, None]`, so that they broadcast with noise (n, k, d).",
        "Reshape z to (n·k, d) for the decoder, repeat the images k times, and reshape the loss back to (n, k).",
        "log p(x|z) is minus the loss; log p(z) is `log_normal(z, 0.0, 0.0)`; log q needs z, the mean and the log_var.",
    ],
    "importance-bound": [
        "Is the logarithm taken before or after the mean? The bound is the log of a mean.",
        "`logsumexp(…, axis=…)` is the log of a *sum*. What turns a sum into a mean, once the logarithm is taken?",
        "Subtract log K, once. K is the number of columns.",
    ],
    "quadrature": [
        "What does each grid point contribute to the sum, as a logarithm? Three terms.",
        "Two of the terms are `log_likelihood(images, …)`, shape (n, m), and `log_normal(z, 0.0, 0.0)`, shape (m,).",
        "The third is the same for all points: log Δ², with Δ = 2·half_width / (points − 1). Then log-sum-exp.",
    ],
    "posterior": [
        "Bayes' rule: what must you divide p(x|z) p(z) by, so that all entries sum to 1?",
        "Subtract the log-sum-exp of all log-joint values before you take `np.exp`.",
        "The order of `grid_points` is the one that is asked for: `reshape(points, points)` and nothing else.",
    ],
    "effective-sample-size": [
        "Take the logarithm of the whole fraction first: log of the numerator minus log of the denominator.",
        "The log of Σ w² is `logsumexp(2 * log_weights, axis=…)`.",
        "The log of (Σ w)² is twice one log-sum-exp. `np.exp` comes last.",
    ],
}

LOG_2PI = np.log(2 * np.pi)


def gaussian(z, mean, log_var):
    """Log-density of each dimension."""
    return -0.5 * (LOG_2PI + log_var + (z - mean) ** 2 / np.exp(log_var))


# ---- log-normal

ASK_NORMAL = "log_normal(z, m, s)"


def normal_case(seed, shape=(6, 3)):
    rng = np.random.default_rng(seed)
    return {"z": rng.normal(0, 2, shape), "m": rng.normal(0, 1, shape), "s": rng.uniform(-3, 2, shape)}


@pytest.mark.exercise("log-normal", points=0.5)
def test_density_of_a_gaussian(student):
    """The log-density agrees with SciPy's, summed over the dimensions."""
    given = normal_case(91)
    z, m, s = given["z"], given["m"], given["s"]
    each = gaussian(z, m, s)
    wanted = each.sum(axis=-1)
    d = z.shape[-1]
    squared = (z - m) ** 2
    found = student.eval(ASK_NORMAL, **given)
    expect(
        found,
        close_to=wanted,
        rel=1e-4,
        abs=1e-4,
        if_instead=[
            (each, "Each dimension has a number of its own: sum over the last axis."),
            (each.mean(axis=-1), "The mean over the dimensions was taken: independent dimensions add up."),
            (each.sum(axis=0), "The sum runs over the rows: sum over the last axis, the dimensions."),
            (each.sum(), "Everything was summed into one number: sum over the last axis only."),
            (np.exp(wanted), "This is the density itself: its logarithm is asked for."),
            (-wanted, "The sign is wrong: this is the negative log-density."),
            (
                -0.5 * (LOG_2PI + s + squared / np.exp(s / 2)).sum(-1),
                "The squared distance is divided by σ: divide by the variance σ² = exp(log_var).",
            ),
            (
                -0.5 * (LOG_2PI + 2 * s + squared / np.exp(2 * s)).sum(-1),
                "log_var is taken for log σ: it is the logarithm of the variance σ².",
            ),
            (
                -0.5 * (LOG_2PI + s + squared / np.exp(2 * s)).sum(-1),
                "The squared distance is divided by σ⁴: exp(log_var) is σ² already.",
            ),
            (
                -0.5 * (LOG_2PI + np.log(np.abs(s)) + squared / np.abs(s)).sum(-1),
                "log_var is taken for the variance itself: σ² = exp(log_var).",
            ),
            (
                -0.5 * (LOG_2PI + s / 2 + squared / np.exp(s)).sum(-1),
                "log σ² is `log_var` itself: it was halved once too often.",
            ),
            (
                -0.5 * (s + squared / np.exp(s)).sum(-1),
                "The term log 2π is missing: it counts once for each dimension.",
            ),
            (
                wanted + 0.5 * (d - 1) * LOG_2PI,
                "The term log 2π counts once for each dimension, and is there only once.",
            ),
            (
                -0.5 * (LOG_2PI + squared / np.exp(s)).sum(-1),
                "The term log σ² is missing: without it the density does not integrate to 1.",
            ),
            (-(LOG_2PI + s + squared / np.exp(s)).sum(-1), "The factor ½ in front of the sum is missing."),
            (
                -0.5 * (LOG_2PI + s + squared * np.exp(s)).sum(-1),
                "The squared distance is multiplied by the variance: divide by it.",
            ),
            (-0.5 * (LOG_2PI + s + (z - m) / np.exp(s)).sum(-1), "The distance z − mean enters squared."),
            (
                -0.5 * (LOG_2PI + s + np.abs(z - m) / np.exp(s)).sum(-1),
                "The distance z − mean enters squared.",
            ),
        ],
        message="The log-density should be −½ Σ (log 2π + log σ² + (z − mean)²/σ²), summed over the last axis.",
    )
    far = np.full((2, 3), 40.0)
    found = student.eval(ASK_NORMAL, z=far, m=0 * far, s=0 * far)
    require(
        shape_of(found) is None or not np.isneginf(np.asarray(found, float)).any(),
        "Far from the mean the density is 0 as a number, and log 0 is −∞: add up logarithms, don't multiply densities.",
        expected=gaussian(far, 0, 0).sum(-1),
        actual=found,
    )


@pytest.mark.exercise("log-normal", points=0.5)
def test_shapes_broadcast(student):
    """z may be (n, k, d) with mean and log_var (n, 1, d), or numbers."""
    rng = np.random.default_rng(92)
    z = rng.normal(0, 1, (4, 5, 3))
    m, s = rng.normal(0, 1, (4, 1, 3)), rng.uniform(-2, 1, (4, 1, 3))
    found = student.eval(ASK_NORMAL, z=z, m=m, s=s)
    expect(
        found,
        shape=(4, 5),
        message="With z of shape (4, 5, 3) the result should have shape (4, 5): sum over the last axis, axis=-1.",
    )
    expect(
        found,
        close_to=gaussian(z, m, s).sum(axis=-1),
        message="mean and log_var of shape (4, 1, 3) should broadcast with z of shape (4, 5, 3).",
    )
    prior = student.eval("log_normal(z, 0.0, 0.0)", z=z)
    each = gaussian(z, 0, 0)
    expect(
        prior,
        close_to=each.sum(axis=-1),
        if_instead=[
            (
                -0.5 * (LOG_2PI + (z**2).sum(-1)),
                "With log_var as a number, log 2π was added once: it counts once for each dimension.",
            ),
            (np.ones(z.shape[:2]) * each.sum(), "Everything was summed into one number: sum over the last axis only."),
        ],
        message="`log_normal(z, 0.0, 0.0)` should be the log-density of N(0, I): mean and log_var may be numbers.",
    )
    wanted = gaussian(z, 0.5, -1.2).sum(axis=-1)
    expect(
        student.eval("log_normal(z, 0.5, -1.2)", z=z),
        close_to=wanted,
        if_instead=[
            (wanted - 1.2, "With log_var as a number, log σ² was added once: it counts once for each dimension.")
        ],
        message="mean and log_var may be other numbers than 0, which then hold for every dimension.",
    )


# ---- log-weights

# An encoder of 2×3 images and a decoder, one Dense layer each, whose weights the check sets.
ASK_WEIGHTS = """
(lambda i, c, modes: (lambda encoder, decoder: (encoder.set_weights(we), decoder.set_weights(wd),
    [quick(model) for model in (encoder, decoder)], {ask})[3])(
    keras.Model(i, (lambda h: [keras.layers.Dense(we[1].size)(h), keras.layers.Dense(we[3].size)(h)])(
        keras.layers.Flatten()(watch_modes(modes)(i)))),
    keras.Model(c, keras.layers.Reshape((2, 3, 1))(keras.layers.Dense(6, activation='sigmoid')(watch_modes(modes)(c)))),
))(keras.Input((2, 3, 1)), keras.Input((we[1].size,)), [])
"""
# A decoder that keeps the z of each call in `log`, of `predict` and of a plain call alike.
KEEPING = """
(lambda d, rows: type('Kept', (), {
    '__call__': lambda self, *a, **k: (log.append(rows(*a, **k)), d(*a, **k))[1],
    'predict': lambda self, *a, **k: (log.append(rows(*a, **k)), d.predict(*a, **k))[1],
    'predict_on_batch': lambda self, *a, **k: (log.append(rows(*a, **k)), d.predict_on_batch(*a, **k))[1],
    '__getattr__': lambda self, name: getattr(d, name)})())(
    decoder,
    lambda *a, **k: (lambda z: np.concatenate([np.array(batch) for batch in z]) if hasattr(z, 'as_numpy_iterator')
                     else np.array(z))(a[0] if a else k.get('x', k.get('inputs'))))
"""


def weights_case(seed, n=4, d=2):
    """Images and weights whose posteriors lie so far apart that each z says which image it belongs to."""
    rng = np.random.default_rng(seed)
    while True:
        case = {
            "x": rng.uniform(0.05, 0.95, (n, 2, 3, 1)).astype("float32"),
            "we": [
                rng.normal(0, 4, (6, d)).astype("float32"),
                rng.normal(0, 0.5, d).astype("float32"),
                rng.normal(0, 0.3, (6, d)).astype("float32"),
                np.full(d, -4, "float32"),
            ],
            "wd": [rng.normal(0, 0.15, (d, 6)).astype("float32"), rng.normal(0, 0.5, 6).astype("float32")],
        }
        mean, log_var = heads(case)
        apart = np.abs(mean[:, None] - mean).max(axis=2) + np.diag(np.full(n, np.inf))
        if apart.min() > 13 * np.exp(log_var / 2).max():
            return case


def heads(case):
    """(z_mean, z_log_var) of the case's images."""
    x = case["x"].reshape(len(case["x"]), -1).astype(float)
    return x @ case["we"][0] + case["we"][1], x @ case["we"][2] + case["we"][3]


def ask_weights(student, case, ask):
    """The answer to an expression over `encoder`, `decoder` and `x`."""
    return student.eval(" ".join(ASK_WEIGHTS.format(ask=ask).split()), **case)


def ask_recorded(student, case, k, seed):
    """(log-weights, [z of each call of the decoder])."""
    kept = " ".join(KEEPING.split())
    ask = f"(lambda log: {{'w': log_importance_weights(encoder, {kept}, x, {k}, {seed}), 'z': log}})([])"
    answer = ask_weights(student, case, ask)
    return answer["w"], [np.asarray(z) for z in answer["z"]]


def terms(case, i, z):
    """(log p(x|z), log p(z), log q(z|x)) of image i at the z (k, d), in nats."""
    mean, log_var = heads(case)
    logits = z @ case["wd"][0].astype(float) + case["wd"][1]
    x = case["x"][i].reshape(-1).astype(float)
    likelihood = (x * logits - np.logaddexp(0, logits)).sum(axis=1)
    return likelihood, gaussian(z, 0, 0).sum(1), gaussian(z, mean[i], log_var[i]).sum(1)


def samples_of(case, z):
    """[z of image 0, z of image 1, …]: each z belongs to the image whose posterior mean is nearest, in units of σ."""
    mean, log_var = heads(case)
    distance = np.abs(z[:, None] - mean) / np.exp(log_var / 2)
    owner = distance.max(axis=2).argmin(axis=1)
    return [z[owner == i] for i in range(len(mean))]


def table(student, case, k, seed):
    """(the log-weights (n, k), the z of each image), where they can be compared at all."""
    n = len(case["x"])
    found, calls = ask_recorded(student, case, k, seed)
    require(calls, "The decoder wasn't called: log p(x|z) needs the decoded z.", expected="one call", actual="none")
    require(
        shape_of(found) != (k, n),
        "Samples and images are exchanged: one row for each image, one column for each sample, (n, k).",
        expected=f"shape ({n}, {k})",
        actual=f"shape ({k}, {n})",
    )
    expect(found, shape=(n, k), message="There should be k log-weights for each image, in a table (n, k).")
    require_finite(found)
    z = np.concatenate([one.reshape(-1, one.shape[-1]) for one in calls]).astype(float)
    return np.asarray(found, float), samples_of(case, z)


NOT_FROM_Q = (
    "The z that reach the decoder are not k samples from q(z|x) of each image: mean + exp(½·log_var)·ε, with the "
    "image's own mean and log_var."
)


def require_k_each(samples, k):
    """Fail the check unless every image has its k samples of z."""
    counts = [len(z) for z in samples]
    actual = ", ".join(map(str, counts)) + " near their means"
    require(counts == [k] * len(counts), NOT_FROM_Q, expected=f"{k} for each of {len(counts)} images", actual=actual)


@pytest.mark.exercise("log-weights", points=1.5)
def test_log_weights(student):
    """log w = log p(x|z) + log p(z) − log q(z|x) at the z that were decoded."""
    case = weights_case(93)
    found, samples = table(student, case, 7, 5)
    require_k_each(samples, 7)
    mean, log_var = heads(case)
    m, s = mean[:, None], log_var[:, None]
    likelihood, prior, q = (
        np.stack(part) for part in zip(*(terms(case, i, z) for i, z in enumerate(samples)), strict=True)
    )
    wanted = likelihood + prior - q
    at_mean, prior_at_mean = gaussian(m, m, s).sum(-1), gaussian(m, 0, 0).sum(-1)
    z = np.stack(samples)
    log_sigma = gaussian(z, m, 2 * s).sum(-1)
    no_log_var = (gaussian(z, m, s) + 0.5 * s).sum(-1)
    instead = [
        (likelihood - q, "log p(z) is missing: the joint density is p(x|z)·p(z)."),
        (likelihood + prior, "log q(z|x) is missing: the weight is divided by the density that z was sampled from."),
        (prior - q, "log p(x|z) is missing."),
        (likelihood + prior + q, "log q(z|x) is added: the weight is *divided* by q, so its logarithm is subtracted."),
        (likelihood - prior - q, "log p(z) is subtracted: the prior belongs to the numerator of the weight."),
        (-likelihood + prior - q, "The reconstruction loss has the wrong sign: log p(x|z) is *minus* the loss."),
        (likelihood / 6 + prior - q, "log p(x|z) is a mean over the pixels: take their sum."),
        (np.exp(wanted), "This is w itself: the logarithm is asked for."),
        (-wanted, "The sign of the whole is wrong: this is −log w."),
        (
            likelihood + prior - at_mean,
            "log q(z|x) is evaluated at z_mean: evaluate it at the z that was sampled and decoded.",
        ),
        (
            likelihood + prior_at_mean - q,
            "log p(z) is evaluated at z_mean: evaluate it at the z that was sampled and decoded.",
        ),
        (likelihood + prior - log_sigma, "log q(z|x) takes log_var for log σ: it is the logarithm of the variance."),
        (likelihood + prior - no_log_var, "log q(z|x) lacks the term log σ²."),
        (
            likelihood + gaussian((z - m) / np.exp(s / 2), 0, 0).sum(-1) - q,
            "log p(z) is evaluated at the noise ε: evaluate it at the z that was sampled and decoded.",
        ),
        (
            likelihood - 0.5 * (np.exp(s) + m**2 - 1 - s).sum(-1),
            "This is log p(x|z) minus the KL in closed form: a weight has log p(z) − log q(z|x) at its own z.",
        ),
        (
            wanted - logsumexp(wanted, axis=1, keepdims=True),
            "The weights are normalized, so that those of an image sum to 1: return them as they are.",
        ),
        (wanted - np.log(7), "log k is subtracted: here the weights themselves are asked for, not their mean."),
    ]
    message = "log w should be log p(x|z) + log p(z) − log q(z|x), row i for image i with its own z."
    rest = likelihood + prior - found  # what was taken for log q(z|x)
    if (rest <= at_mean + 0.01).all() and np.ptp(rest) > 1:
        message = "log q(z|x) is evaluated at another z than the one that was sampled and decoded: use the same z."
    flat = np.sort(found, axis=None)
    if np.allclose(flat, np.sort(wanted, axis=None), rtol=1e-3, atol=5e-3):
        message = "The weights are right, but in the wrong rows: row i should hold the k weights of image i."
    expect(
        np.sort(found, axis=1),
        close_to=np.sort(wanted, axis=1),
        rel=1e-3,
        abs=5e-3,
        if_instead=[(np.sort(value, axis=1), sentence) for value, sentence in instead],
        message=message,
    )


def same_rows(found, wanted):
    """Whether each row holds the wanted numbers, in any order."""
    return np.allclose(np.sort(found, axis=1), np.sort(np.array(wanted), axis=1), rtol=1e-3, atol=5e-3)


@pytest.mark.exercise("log-weights", points=0.5)
def test_z_is_sampled_from_q(student):
    """The z are samples from q(z|x): normal, with the encoder's mean and variance, other noise for each image."""
    case = weights_case(94, n=3)
    _, samples = table(student, case, 1500, 6)
    require_k_each(samples, 1500)
    mean, log_var = heads(case)
    noise = (np.stack(samples) - mean[:, None]) / np.exp(log_var / 2)[:, None]  # ε
    require(
        noise.std() > 1e-3,
        "Every sample of an image is its z_mean: add noise, exp(½·log_var)·ε.",
        expected="ε with standard deviation 1",
        actual=f"{noise.std():.3g}",
    )
    require(
        np.abs(noise[0] - noise[1]).max() > 1e-2,
        "All images share the same noise: sample (n, k, d) numbers, not (k, d).",
        expected="noise of its own for each image",
        actual="the same for two images",
    )
    require(
        len(np.unique(noise[0].round(4), axis=0)) > 1400,
        "The samples of an image repeat: each of its k samples has noise of its own.",
        expected="1500 samples of z for each image",
        actual=f"{len(np.unique(noise[0].round(4), axis=0))} that differ",
    )
    each = noise.std(axis=1)
    sentence = "The noise has the wrong scale: z = mean + exp(½·log_var)·ε with ε from N(0, 1)."
    if np.allclose(each, np.exp(log_var / 2), rtol=0.1):
        sentence = "The noise is scaled by the variance exp(log_var): its standard deviation is exp(½·log_var)."
    scale = f"{each.min():.2f} to {each.max():.2f}"
    require(np.abs(each - 1).max() < 0.12, sentence, expected="ε with standard deviation 1", actual=scale)
    require(
        np.abs(noise.mean(axis=1)).max() < 0.15,
        "The samples are not centered on z_mean.",
        expected="ε with mean 0",
        actual=f"a mean up to {np.abs(noise.mean(axis=1)).max():.2f} away",
    )
    between = float(np.corrcoef(noise.reshape(-1, 2).T)[0, 1])
    sentence = "The two dimensions of ε are correlated: sample (n, k, d) independent numbers."
    if between > 0.999:
        sentence = "The noise is the same in every dimension: sample (n, k, d) numbers, not (n, k, 1)."
    require(
        abs(between) < correlation_tolerance(noise.size // 2),
        sentence,
        expected="no correlation between dimensions",
        actual=f"correlation {between:.2f}",
    )
    require_normal(noise, draw_with="np.random.default_rng(seed).standard_normal")


@pytest.mark.exercise("log-weights", points=0.5)
def test_one_call_of_the_decoder(student):
    """All n·k latent vectors are decoded once, in one call."""
    case = weights_case(95, n=5)
    found, calls = ask_recorded(student, case, 6, 7)
    require_finite(found)
    rows = [int(np.prod(z.shape[:-1])) for z in calls]
    require(
        len(rows) == 1,
        "The decoder is called several times: reshape z to (n·k, d) and decode all of it in one call.",
        expected="one call with 30 latent vectors",
        actual=f"{len(rows)} calls with {', '.join(map(str, rows[:6]))} latent vectors",
    )
    require(
        rows[0] == 30,
        "The decoder should get n·k latent vectors, k for each image.",
        expected="30 latent vectors",
        actual=f"{rows[0]}",
    )


@pytest.mark.exercise("log-weights", points=0.5)
def test_the_seed_decides(student):
    """The same seed gives the same weights, another seed others."""
    case = weights_case(96)
    ask = "[[log_importance_weights(encoder, decoder, x, 5, seed) for seed in (3, 3, 4)], modes]"
    (first_time, again, other), modes = ask_weights(student, case, ask)
    require_inference(modes)
    message = "Two calls with seed=3 gave different weights: take all noise from `np.random.default_rng(seed)`."
    expect(again, close_to=first_time, message=message)
    expect_other(
        other,
        first_time,
        "seed=3 and seed=4 gave the same weights: use the argument `seed`.",
        expected="other weights for another seed",
    )


# ---- importance-bound


def bound_case(seed, n=5, k=8, level=-137.0):
    return np.random.default_rng(seed).normal(level, 3, (n, k))


def bound(log_weights):
    return logsumexp(log_weights, axis=1, b=1 / log_weights.shape[1])


@pytest.mark.exercise("importance-bound", points=1)
def test_log_of_the_mean(student):
    """The bound is the logarithm of the mean of the K weights."""
    w = bound_case(101, level=-3.0)
    k = w.shape[1]
    wanted = bound(w)
    expect(
        student.eval("importance_weighted_bound(w)", w=w),
        close_to=wanted,
        if_instead=[
            (w.mean(axis=1), "This is the mean of the logs, the ELBO: the bound is the log of the mean."),
            (
                logsumexp(w, axis=1),
                "This is the log of the *sum*: log K is not subtracted, so it is no bound.",
            ),
            (
                wanted - np.log(k),
                "K is divided by twice: the mean has done it already, or log K is subtracted twice.",
            ),
            (wanted + 2 * np.log(k), "log K is added: dividing by K subtracts log K."),
            (logsumexp(w, axis=1) / k, "The logarithm is divided by K: divide the sum by K, inside the logarithm."),
            (bound(w.T), "The mean runs over the images: K is the second axis, axis=1."),
            (
                logsumexp(w, axis=1) - np.log(len(w)),
                "log n is subtracted, the number of images: K is the number of columns.",
            ),
            (logsumexp(w, axis=0) - np.log(k), "The sum runs over the images: K is the second axis, axis=1."),
            (w.max(axis=1), "This is the largest log-weight: the others count too."),
            (-wanted, "The sign is wrong: this is the negative bound."),
            (np.exp(wanted), "This is the mean of the weights: its logarithm is asked for."),
            (logsumexp(w) - np.log(w.size), "All images ended up in one number: each has its own bound."),
            (np.mean(wanted), "The bounds are averaged over the images: each keeps its own."),
        ],
        message="The bound should be log(1/K Σ exp(log_weights)) of each row.",
    )


@pytest.mark.exercise("importance-bound", points=1)
def test_stable(student):
    """It is right where exp(log_weights) is 0 or infinite."""
    for level, what in ((-1200.0, "0"), (1200.0, "infinite")):
        w = bound_case(102, level=level)
        found = student.eval("importance_weighted_bound(w)", w=w)
        if shape_of(found) is not None and not np.isfinite(np.asarray(found, float)).all():
            fail(
                f"Around {level:.0f} nats exp(log_weights) is {what} and the result is not finite: "
                "use log-sum-exp, which subtracts the largest term first.",
                expected=bound(w),
                actual=found,
            )
        expect(
            found,
            shape=(5,),
            message="Each image should have one bound, shape (n,).",
        )
        k = w.shape[1]
        shift = float(np.median(np.asarray(found, float) - bound(w)))
        if any(np.isclose(shift, s, atol=1e-3) for s in (np.log(k), -np.log(k))):
            continue  # the other check says it
        message = "Around ±1,200 nats the result differs: use log-sum-exp, for each image with its own maximum."
        near = student.eval("importance_weighted_bound(w)", w=w - level)
        if shape_of(near) == (5,) and np.allclose(np.asarray(found, float) - level, near, atol=1e-3):
            message = "Around ±1,200 nats, as elsewhere, the result is not log(1/K Σ exp(log_weights)) of each row."
        expect(
            found,
            close_to=bound(w),
            rel=1e-6,
            abs=1e-3,
            if_instead=[(w.max(axis=1), "This is the largest log-weight alone: the others count too.")],
            message=message,
        )
    w = bound_case(105, level=0.0) + np.array([-1200.0, 0, 300, 1200, -2500])[:, None]
    w[:, 0] -= 2000.0
    w[:, 1] += 2000.0
    found = student.eval("importance_weighted_bound(w)", w=w)
    require(
        shape_of(found) is None or np.isfinite(np.asarray(found, float)).all(),
        "Where images or weights lie thousands of nats apart the result is not finite: subtract from each row its own "
        "largest log-weight.",
        expected=bound(w),
        actual=found,
    )


@pytest.mark.exercise("importance-bound", points=0.5)
def test_one_sample_is_the_elbo(student):
    """With K = 1 it is the log-weight itself, and equal weights change nothing for any K."""
    one = bound_case(103, n=4, k=1)
    expect(
        student.eval("importance_weighted_bound(w)", w=one),
        close_to=one[:, 0],
        message="With K = 1 the bound of each image is its only log-weight, shape (n,).",
    )
    equal = np.repeat(bound_case(104, n=3, k=1), 20, axis=1)
    expect(
        student.eval("importance_weighted_bound(w)", w=equal),
        close_to=equal[:, 0],
        if_instead=[
            (equal[:, 0] + np.log(20), "With 20 equal weights the result grew by log 20: divide the sum by K."),
            (equal[:, 0] - np.log(20), "With 20 equal weights the result fell by log 20: K is divided by twice."),
        ],
        message="20 equal weights have the mean of one of them: the bound stays the same.",
    )


# ---- quadrature

# A decoder of one Dense layer: NumPy knows its images at every point of the grid.
ASK_GRID = (
    "(lambda log, modes: (lambda decoder: (decoder.set_weights([kernel, bias]), quick(decoder), {ask})[2])"
    "(keras.Sequential([keras.Input((2,)), watch_rows(log), watch_modes(modes), keras.layers.Dense(6, activation='sigmoid'), "
    "keras.layers.Reshape((2, 3, 1))])))([], [])"
)


def grid_case(seed, n=4, steep=2.0, constant=False):
    rng = np.random.default_rng(seed)
    return {
        "x": rng.uniform(0, 1, (n, 2, 3, 1)).round(1).astype("float32"),
        "kernel": (rng.normal(0, steep, (2, 6)) * (not constant)).astype("float32"),
        "bias": rng.normal(0, 1, 6).astype("float32"),
    }


def reference_grid(half_width, points):
    axis = np.linspace(-half_width, half_width, points)
    z_1, z_2 = np.meshgrid(axis, axis)
    return np.stack([z_1.ravel(), z_2.ravel()], axis=1)


def joint(case, z):
    """(log p(x|z) (n, m), log p(z) (m,))."""
    logits = z @ case["kernel"].astype(float) + case["bias"]
    x = case["x"].reshape(len(case["x"]), -1).astype(float)
    return x @ logits.T - np.logaddexp(0, logits).sum(axis=1), gaussian(z, 0, 0).sum(axis=1)


def marginal(case, half_width=5.0, points=201):
    likelihood, prior = joint(case, reference_grid(half_width, points))
    return logsumexp(likelihood + prior, axis=1) + 2 * np.log(2 * half_width / (points - 1))


def trapezoidal(case, half_width, points):
    """The same with the weights of the trapezoidal rule."""
    likelihood, prior = joint(case, reference_grid(half_width, points))
    side = np.where(np.isin(np.arange(points), (0, points - 1)), 0.5, 1.0)
    area = (2 * half_width / (points - 1)) ** 2
    return logsumexp(likelihood + prior, axis=1, b=np.outer(side, side).ravel() * area)


def ask_grid(student, case, ask):
    return student.eval(ASK_GRID.format(ask=ask), **case)


def ask_sum(student, case, half_width, points):
    """(log p(x) of the images by the grid that is asked for, sentences for another number of points or another rule)."""
    call = f"log_marginal(decoder, x, half_width={half_width}, points={points})"
    answer = ask_grid(student, case, f"{{'out': {call}, 'rows': log}}")
    rule = "This is the trapezoidal rule, which counts the edge of the grid less: add up p(x|z)·p(z)·Δ² at every point."
    instead = [(trapezoidal(case, half_width, points), rule)]
    side = round(sum(answer["rows"]) ** 0.5)
    if side > 1 and side != points:
        fixed = f"The grid has {side} points on a side: use the argument `points`."
        instead.append((marginal(case, half_width, side), fixed))
        fixed = f"The grid is that of 5.0 and {side}: use `half_width` and `points`."
        instead.append((marginal(case, 5.0, side), fixed))
    return answer["out"], instead


@pytest.mark.exercise("quadrature", points=0.5)
def test_closed_form(student):
    """Where the decoder ignores z, log p(x) is log p(x|z), on any grid that is wide and fine enough."""
    case = grid_case(111, constant=True)
    likelihood = joint(case, np.zeros((1, 2)))[0][:, 0]
    message = (
        "A decoder that ignores z has p(x) = p(x|z): the prior integrates to 1, and the result should be log p(x|z)."
    )
    for half_width, points in ((5.0, 41), (6.0, 61)):
        found = ask_grid(student, case, f"log_marginal(decoder, x, {half_width}, {points})")
        area = 2 * np.log(2 * half_width / (points - 1))
        prior = gaussian(reference_grid(half_width, points), 0, 0).sum(1)
        expect(
            found,
            close_to=likelihood,
            rel=1e-4,
            abs=2e-3,
            if_instead=[
                (likelihood - area, "The area of a grid cell is missing: add log Δ² = 2·log Δ."),
                (
                    likelihood - 2 * area,
                    "log Δ² is subtracted: the sum is multiplied by the cell's area, so add 2·log Δ.",
                ),
                (
                    likelihood - np.log(2 * half_width),
                    "Only the number of intervals is squared: the cell's area is (2·half_width/(points − 1))².",
                ),
                (likelihood - area / 2, "Only one side of the cell is counted: its area is Δ², so add 2·log Δ."),
                (
                    likelihood + 2 * np.log((points - 1) / points),
                    "The spacing is 2·half_width/(points − 1): between `points` points lie `points` − 1 intervals.",
                ),
                (
                    likelihood - 2 * np.log(2),
                    "The grid is 2·half_width wide: the spacing is half as large as it should be.",
                ),
                (
                    likelihood - area - 2 * np.log(points),
                    "This is the mean over the grid, not the integral: multiply the sum by the cell's area Δ².",
                ),
                (
                    likelihood + np.log(points**2) + area,
                    "log p(z) is missing: the integral is over p(x|z)·p(z).",
                ),
                (likelihood + prior.mean(), "This is the mean of the logs: sum the densities, inside the logarithm."),
                (np.exp(likelihood), "This is p(x) itself: its logarithm is asked for."),
                (-likelihood, "The sign is wrong: this is −log p(x)."),
            ],
            message=message,
        )


@pytest.mark.exercise("quadrature", points=1)
def test_against_a_fine_grid(student):
    """It is log Σ p(x|z) p(z) Δ² over the square grid, of each image."""
    case = grid_case(112, n=5, steep=0.6)  # so that a mean of the logs has no pixel that float32 takes for certain
    wanted = marginal(case, 5.0, 61)
    likelihood, prior = joint(case, reference_grid(5.0, 61))
    area = 2 * np.log(10 / 60)
    axis_only = np.stack([np.linspace(-5, 5, 61)] * 2, axis=1)
    diagonal = joint(case, axis_only)
    found, instead = ask_sum(student, case, 5.0, 61)
    expect(
        found,
        close_to=wanted,
        rel=1e-3,
        abs=2e-3,
        if_instead=[
            (logsumexp(likelihood, axis=1) + area, "log p(z) is missing: the integral is over p(x|z)·p(z)."),
            (logsumexp(likelihood + prior, axis=1), "The area of a grid cell is missing: add log Δ² = 2·log Δ."),
            (
                logsumexp(likelihood + prior, axis=1) + area / 2,
                "Only one side of the cell is counted: its area is Δ², so add 2·log Δ.",
            ),
            (
                (likelihood + prior).max(axis=1) + area,
                "This is the largest term of the sum: the others count too.",
            ),
            (
                (likelihood + prior).mean(axis=1),
                "This is the mean of the logs: sum the densities, inside the logarithm.",
            ),
            (
                logsumexp(diagonal[0] + diagonal[1], axis=1) + area,
                "The points lie on the diagonal only: a grid has every combination of z₁ and z₂.",
            ),
            *instead,
            (np.full(5, wanted.mean()), "The images are averaged: each has its own log p(x)."),
            (
                np.full(5, logsumexp(likelihood + prior) + area),
                "All images are in one sum: sum over the grid only, axis=1.",
            ),
        ],
        message="It should be log Σ p(x|z)·p(z)·Δ² over the grid, for each image.",
    )
    case = grid_case(114, n=5)
    found, instead = ask_sum(student, case, 5.0, 7)
    expect(
        found,
        close_to=marginal(case, 5.0, 7),
        rel=1e-3,
        abs=2e-3,
        if_instead=instead,
        message="With 7 points on a side it should be the sum over that coarse grid.",
    )


@pytest.mark.exercise("quadrature", points=0.5)
def test_the_grid_that_is_asked_for(student):
    """half_width and points decide, and are 5 and 201 where a call leaves them out."""
    case = grid_case(113, n=3, steep=1.0)
    for half_width, points in ((1.0, 31), (3.0, 21)):
        wanted = marginal(case, half_width, points)
        found, instead = ask_sum(student, case, half_width, points)
        expect(
            found,
            close_to=wanted,
            rel=1e-3,
            abs=2e-3,
            if_instead=[
                (marginal(case, 5.0, points), "The grid always reaches from −5 to 5: use the argument `half_width`."),
                *instead,
                (
                    marginal(case, half_width / 2, points),
                    "The grid is too narrow: it reaches from −half_width to half_width, twice half_width in all.",
                ),
                (
                    wanted + 2 * np.log((points - 1) / points),
                    "The spacing is 2·half_width/(points − 1): between `points` points lie `points` − 1 intervals.",
                ),
            ],
            message=f"With half_width={half_width:g} and points={points} the sum should be over that grid.",
        )
    require_default(student, "log_marginal", 2, "half_width", 5.0)
    require_default(student, "log_marginal", 3, "points", 201)


@pytest.mark.exercise("quadrature", points=0.5)
def test_stable_and_once(student):
    """It is right at −2,000 nats, and each grid point is decoded once."""
    case = grid_case(114, n=3)
    answer = ask_grid(student, case, "{'out': log_marginal(decoder, x, 4.0, 31), 'rows': log, 'modes': modes}")
    require_finite(answer["out"])
    require_inference(answer["modes"])
    rows = sum(answer["rows"])
    require(rows, "The decoder wasn't called.", expected="961 latent vectors", actual="none")
    require(
        rows < 2 * 961,
        "The grid is decoded several times, perhaps once for each image: decode it once for all images.",
        expected="961 latent vectors",
        actual=f"{rows}",
    )
    require(
        len(answer["rows"]) <= 100,
        "The grid points are decoded one by one: decode many in one call.",
        expected="961 latent vectors in a few passes",
        actual=f"{len(answer['rows'])} passes",
    )
    case = opposite_images(115)
    many = student.eval(
        "(lambda decoder: (decoder.set_weights([kernel, bias]), quick(decoder), "
        "log_marginal(decoder, x, 4.0, 21))[2])"
        "(keras.Sequential([keras.Input((2,)), keras.layers.Dense(4000, activation='sigmoid'), "
        "keras.layers.Reshape((50, 80, 1))]))",
        **case,
    )
    wanted = marginal(case, 4.0, 21)
    require(shape_of(many) == (2,), "There should be one log p(x) for each image.", expected="shape (2,)")
    finite = np.isfinite(np.asarray(many, float))
    if not finite.all():
        message = (
            "For an image of 4,000 pixels p(x|z) is 0 as a number and its sum too: stay in logarithms, log-sum-exp."
        )
        if finite.any():
            message = (
                "One of two images thousands of nats apart has no finite result: subtract from each its own largest."
            )
        fail(message, expected=wanted, actual=many)
    if np.abs(np.asarray(many, float) - wanted).max() > 40:
        fail("For an image of 4,000 pixels the result is off: stay in logarithms.", expected=wanted, actual=many)


def opposite_images(seed):
    """An image of 4,000 pixels that fits a decoder badly, its opposite that fits it worse, and the decoder's weights."""
    rng = np.random.default_rng(seed)
    bias = rng.choice([-4.0, 4.0], 4000).astype("float32")
    image = np.where(rng.random(4000) < 0.8, bias > 0, bias < 0).astype("float32").reshape(50, 80, 1)
    return {"x": np.stack([image, 1 - image]), "kernel": np.zeros((2, 4000), "float32"), "bias": bias}


# ---- posterior


def posterior(case, half_width=5.0, points=201):
    likelihood, prior = joint(case, reference_grid(half_width, points))
    log_joint = likelihood[0] + prior
    return np.exp(log_joint - logsumexp(log_joint)).reshape(points, points)


ASK_POSTERIOR = "posterior_on_grid(decoder, x[0], {grid})"


@pytest.mark.exercise("posterior", points=0.5)
def test_sums_to_one(student):
    """It is a table (points, points) of probabilities that sum to 1."""
    case = grid_case(121, n=1)
    found = ask_grid(student, case, ASK_POSTERIOR.format(grid="5.0, 41"))
    require(
        shape_of(found) != (41 * 41,),
        "The probabilities are in one long row: reshape them to (points, points).",
        expected="shape (41, 41)",
        actual="shape (1681,)",
    )
    expect(found, shape=(41, 41), message="The posterior should be a table (points, points), one entry a cell.")
    total = float(np.sum(found))
    cell = (10 / 40) ** 2
    sentence = "All entries together should sum to 1: divide by their sum."
    if np.isclose(total * cell, 1, rtol=1e-2):
        sentence = (
            "This is a density, which sums to 1 only after multiplying by the cell's area: divide by the sum instead."
        )
    if np.allclose(np.sum(found, axis=0), 1, rtol=1e-3) or np.allclose(np.sum(found, axis=1), 1, rtol=1e-3):
        sentence = "Every row or column sums to 1: all entries *together* should."
    if np.min(found) < 0:
        sentence = "There are negative entries, as logarithms have: take `np.exp` at the end."
    require(
        np.min(found) >= 0 and np.isclose(total, 1, rtol=1e-3), sentence, expected="a sum of 1", actual=f"{total:.4g}"
    )


@pytest.mark.exercise("posterior", points=0.5)
def test_posterior_in_place(student):
    """Each entry is p(z|x) of its cell: row z₂, column z₁, both rising."""
    case = grid_case(122, n=1, steep=1.5)
    right = posterior(case, 4.0, 31)
    likelihood, prior = joint(case, reference_grid(4.0, 31))
    expect(
        in_shape(ask_grid(student, case, ASK_POSTERIOR.format(grid="half_width=4.0, points=31")), (31, 31)),
        close_to=right,
        rel=1e-2,
        abs=1e-6,
        if_instead=[
            (right.T, "Rows and columns are exchanged: the row is the index of z₂, the column that of z₁."),
            (right[::-1], "z₂ falls from row to row: the first row should have the lowest z₂."),
            (right[:, ::-1], "z₁ falls along a row: it should rise."),
            (right[::-1, ::-1], "z₁ falls along a row and z₂ from row to row: both should rise."),
            (
                np.exp(likelihood[0] - logsumexp(likelihood[0])).reshape(31, 31),
                "The prior is missing: the posterior is proportional to p(x|z)·p(z).",
            ),
            (
                np.exp(prior - logsumexp(prior)).reshape(31, 31),
                "This is the prior: the posterior is proportional to p(x|z)·p(z).",
            ),
            (right / right.max(), "The largest entry is 1: divide by the sum, so that all entries sum to 1."),
            (right / (8 / 30) ** 2, "This is the density: the entries should be probabilities, which sum to 1."),
            (np.log(right), "These are the logarithms: take `np.exp` at the end."),
            (
                np.exp(likelihood[0] + prior).reshape(31, 31),
                "This is p(x|z)·p(z), not yet divided by its sum.",
            ),
        ],
        message="Entry [i, j] should be p(z|x) at z₂ number i and z₁ number j.",
    )


@pytest.mark.exercise("posterior", points=0.5)
def test_posterior_defaults(student):
    """half_width and points are 5 and 201 where a call leaves them out, and the table is right at −2,800 nats."""
    require_default(student, "posterior_on_grid", 2, "half_width", 5.0)
    require_default(student, "posterior_on_grid", 3, "points", 201)
    kernel, bias = np.zeros((2, 4000), "float32"), np.zeros(4000, "float32")
    found = student.eval(
        "(lambda decoder: (decoder.set_weights([kernel, bias]), quick(decoder), "
        "posterior_on_grid(decoder, x, 4.0, 21))[2])"
        "(keras.Sequential([keras.Input((2,)), keras.layers.Dense(4000, activation='sigmoid'), "
        "keras.layers.Reshape((50, 80, 1))]))",
        x=np.full((50, 80, 1), 0.5, "float32"),
        kernel=kernel,
        bias=bias,
    )
    prior = gaussian(reference_grid(4.0, 21), 0, 0).sum(1)
    wanted = np.exp(prior - logsumexp(prior)).reshape(21, 21)
    if shape_of(found) is not None and not np.isfinite(np.asarray(found, float)).all():
        fail(
            "For an image of 4,000 pixels every p(x|z) is 0 as a number: subtract the log-sum-exp before `np.exp`.",
            expected="finite probabilities",
            actual="NaN or infinity",
        )
    found = in_shape(found, (21, 21))
    expect(found, shape=(21, 21), message="The posterior should be a table (points, points).")
    peak = np.unravel_index(np.argmax(found), (21, 21))
    require(
        peak == (10, 10) and np.ptp(found) > 0.5 * np.ptp(wanted),
        "Where the decoder ignores z, the posterior should be the prior, with its peak at z = 0, for 4,000 pixels too: "
        "subtract the log-sum-exp before `np.exp`.",
        expected="the largest entry at [10, 10]",
        actual=f"at [{peak[0]}, {peak[1]}]",
    )


# ---- effective-sample-size


def ess(w):
    return np.exp(2 * logsumexp(w, axis=1) - logsumexp(2 * w, axis=1))


@pytest.mark.exercise("effective-sample-size", points=0.5)
def test_known_cases(student):
    """K equal weights count as K, one weight that dominates as 1."""
    equal, one = np.full((2, 9), -4.0), np.full((2, 9), -60.0)
    one[0, 3], one[1, 8] = 5.0, 1.0
    half = np.full((2, 9), -80.0)
    half[:, :4] = 2.0
    w = np.concatenate([equal, one, half])
    wanted = np.array([9.0, 9, 1, 1, 4, 4])
    expect(
        student.eval("effective_sample_size(w)", w=w),
        close_to=wanted,
        rel=1e-3,
        if_instead=[
            (wanted / 9, "These are shares of K: the effective sample size lies between 1 and K."),
            (1 / wanted, "This is the inverse: the square of the sum stands in the numerator."),
            (np.log(wanted), "This is its logarithm: take `np.exp` at the end."),
        ],
        message="9 equal weights should count as 9, one that dominates as 1, and 4 equal ones of 9 as 4.",
    )


@pytest.mark.exercise("effective-sample-size", points=0.5)
def test_square_of_the_sum(student):
    """(Σ w)² / Σ w² of each image, for weights of any spread."""
    w = np.random.default_rng(131).normal(-2, 1, (5, 12))
    weights = np.exp(w)
    raw = w.sum(axis=1) ** 2 / (w**2).sum(axis=1)
    expect(
        student.eval("effective_sample_size(w)", w=w),
        close_to=ess(w),
        rel=1e-4,
        if_instead=[
            (raw, "These are sums of the *log*-weights: w = exp(log_weights)."),
            (ess(w.T), "The sums run over the images: K is the second axis, axis=1."),
            (ess(w) / 12, "This is a share of K: the effective sample size lies between 1 and K."),
            (1 / ess(w), "This is the inverse: the square of the sum stands in the numerator."),
            (np.log(ess(w)), "This is its logarithm: take `np.exp` at the end."),
            (weights.sum(1) / weights.max(1), "The sum is divided by the largest weight: divide its square by Σ w²."),
            (weights.sum(1) / (weights**2).sum(1), "The sum in the numerator isn't squared."),
            (weights.sum(1) ** 2 / weights.sum(1), "The weights in the denominator aren't squared."),
            (np.full(5, ess(w.reshape(1, -1))[0]), "All images are in one sum: each has its own."),
            (ess(2 * w), "The weights are squared before they are used: w = exp(log_weights)."),
            (
                np.exp(-(weights / weights.sum(1, keepdims=True) * (w - logsumexp(w, axis=1)[:, None])).sum(1)),
                "This is the exponential of the entropy, another measure: asked for is (Σ w)²/Σ w².",
            ),
        ],
        message="It should be (Σ w)² / Σ w² of each row, with w = exp(log_weights).",
    )


@pytest.mark.exercise("effective-sample-size", points=0.5)
def test_weights_of_any_size(student):
    """It is the same for log-weights around −137, −1,200 and 1,000."""
    w = np.random.default_rng(132).normal(0, 1, (4, 10))
    for level in (-1200.0, 1000.0):
        found = student.eval("effective_sample_size(w)", w=w + level)
        if shape_of(found) is not None and not np.isfinite(np.asarray(found, float)).all():
            fail(
                f"Around {level:.0f} nats the result is not finite: use log-sum-exp, or subtract the largest first.",
                expected=ess(w),
                actual=found,
            )
        expect(
            found,
            close_to=ess(w),
            rel=1e-3,
            message=f"Log-weights around {level:.0f} should give the same as around 0: a common factor cancels.",
        )
    w += np.array([-1200.0, 0, 300, 1000])[:, None]
    w[:2, 0] -= 2000.0
    w[:2, 1] += 2000.0
    found = student.eval("effective_sample_size(w)", w=w)
    require(
        shape_of(found) is None or np.isfinite(np.asarray(found, float)).all(),
        "Where images or weights lie thousands of nats apart the result is not finite: subtract from each row its own "
        "largest log-weight.",
        expected=ess(w),
        actual=found,
    )
