"""Public checks of lesson 01, autoencoder against VAE. Expected values come from NumPy and from geometry."""

import numpy as np
import pytest
from scipy.spatial import KDTree

from autograder.checking.ask import ask_with
from autograder.checking.expect import expect, expect_other, fail, in_shape, require, require_finite, shape_of

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]

HINTS = {
    "autoencoder": [
        "Which tensors go into each of the three models, and which come out? Start with the encoder: its input is "
        "`keras.Input((28, 28, 1))`.",
        "A layer is made first and then called on a tensor: `x = layers.Flatten()(images)`, then `Dense` layers on `x`. "
        "`keras.Model(inputs, outputs)` turns the chain into a model. The decoder has an input of its own, of shape "
        "`(latent_dim,)`.",
        "For the third model, call the two that you have on the encoder's input, one after the other, and make a "
        "`keras.Model` from that input to the result. Return the three in the order of the docstring.",
    ],
    "reconstruction-error": [
        "Which axes of `images` belong to one image, and which axis counts the images?",
        "Square the differences. Then `np.mean` with an `axis`, or `reshape` to one row for each image first.",
        "`reshape(len(squares), -1)` makes a row of all pixels of an image, whatever its shape. Average over axis 1.",
    ],
    "interpolate": [
        "How many steps lie between `steps` points? Which share of the way has point number k gone?",
        "`np.linspace` makes numbers at equal distances, both ends included. Look at what it does with two arrays.",
        "With your own formula: the shares as a column, shape `(steps, 1)`, times `z_end - z_start`, plus `z_start`.",
    ],
    "holes": [
        "When does a sample lie in a hole? Which one of all its distances to the codes decides?",
        "`KDTree(codes).query(samples)` returns a pair, `(distances, indices)`. You need the first part.",
        "Compare the distances with the radius. The mean of an array of True and False is the share of True.",
    ],
}

IMAGE = (28, 28, 1)
# Gives every weight of a model another value; whole numbers (the state of a noise layer) stay as they are.
NUDGE = "{0}.set_weights([w * 1.5 + 0.01 if w.dtype.kind == 'f' else w for w in {0}.get_weights()])"


def _images(seed, n=8):
    return (np.random.default_rng(seed).random((n, *IMAGE)) < 0.2).astype("float32")


# ---- autoencoder


# What each of three parts takes; of a model that doesn't tell its inputs, what it should take.
KINDS = (
    "[('codes' if len((describe_model(m)['inputs'] or [usual])[0]) == 2 else 'images') if is_instance(m, 'Model')"
    " else 'no model' for m, usual in zip(parts, ['bhwc', 'bz', *['bhwc'] * len(parts)])]"
    " if isinstance(parts, (tuple, list)) else None"
)
IN_ORDER = ["images", "codes", "images"]


def _ask_three(student, ask, build="build_autoencoder()", once=False, **given):
    """``ask`` of the three models e, d and a; they must be three models, in the order asked for.

    ``once``: see ask_once.
    """
    message = f"`{build}` makes models that don't fit together: use the argument everywhere, not the number 2."
    asked = f"(lambda e, d, a: {ask})(*parts) if kinds == {IN_ORDER} else None"
    question = f"(lambda parts: (lambda kinds: (kinds, {asked}))({KINDS}))"
    usual = f"{question}(build_autoencoder())"
    kinds, answer = ask_with(student, f"{question}({build})", message, usual, once=once, **given)
    require(
        kinds is not None and len(kinds) == 3 and "no model" not in kinds,
        "Three Keras models were expected: `return encoder, decoder, autoencoder`.",
        expected="three models",
        actual="something else" if kinds is None else f"{len(kinds) - kinds.count('no model')} models",
    )
    require(
        sorted(kinds) == sorted(IN_ORDER),
        "The encoder and the autoencoder take images, and the decoder takes codes: it has an input of its own, "
        "`keras.Input((latent_dim,))`.",
        expected="models that take images, codes and images",
        actual=f"models that take {', '.join(kinds)}",
    )
    require(
        kinds == IN_ORDER,
        "The three models are in another order: return encoder, decoder, autoencoder.",
        expected="models that take images, codes and images",
        actual=f"models that take {', '.join(kinds)}",
    )
    return answer


@pytest.mark.exercise("autoencoder", points=0.5)
def test_three_models(student):
    """The function returns three models, in the order encoder, decoder, autoencoder."""
    given = {"x": _images(1), "z": np.random.default_rng(2).normal(size=(8, 2))}
    count = "len(found) if isinstance(found, (list, tuple, dict)) else 1"
    ask = f"[{count} for found in (e(tensor(x)), d(tensor(z)), a(tensor(x)))]"
    for name, outputs in zip(("encoder", "decoder", "autoencoder"), _ask_three(student, ask, **given), strict=True):
        message = f"The {name} should have one output."
        require(outputs == 1, message, expected="1 output", actual=f"{outputs} outputs")


def _codes(student):
    """Codes of images, of 64 inputs far from any image, and of these with the weights of the last layers turned.

    Turned are those of the last layer, then those of the one before it, too, and so on: a code may be a sum of several.
    """
    inputs = 1000 * np.random.default_rng(4).normal(size=(64, *IMAGE))
    turned = "[[w.assign(-w) for w in layer.trainable_weights] and e(tensor(far)) for layer in reversed(last)]"
    turned = f"(lambda last: {turned})(layers_with_weights(e, tensor(far))[-3:])"
    ask = f"[e(tensor(x)), e(tensor(far)), {turned}]"
    codes, far, turned = _ask_three(student, ask, once=True, x=_images(1), far=inputs)
    return codes, [far, *turned]


@pytest.mark.exercise("autoencoder", points=0.5)
def test_a_code_has_latent_dim_numbers(student):
    """The encoder maps images to codes of latent_dim numbers, by default two."""
    codes = _codes(student)[0]
    expect(codes, shape=(8, 2), message="Without an argument, a code should have two numbers.")
    codes = _ask_three(student, "e(tensor(x))", "build_autoencoder(latent_dim=5)", x=_images(1))
    expect(codes, shape=(8, 5), message="With `latent_dim=5` a code should have five numbers: use the argument.")


def _decoded(student):
    """64 images, of codes that are up to a hundred times as far out as usual."""
    codes = 30 * np.random.default_rng(3).normal(size=(64, 2))
    return _ask_three(student, "d(tensor(z))", once=True, z=codes)


@pytest.mark.exercise("autoencoder", points=0.5)
def test_the_decoder_outputs_images(student):
    """The decoder maps codes to images of shape (28, 28, 1)."""
    message = "The decoder should output images: Dense 784, then Reshape to (28, 28, 1)."
    expect(_decoded(student), shape=(64, *IMAGE), message=message)


@pytest.mark.exercise("autoencoder", points=0.5)
def test_pixels_lie_between_0_and_1(student):
    """For any code, the pixels of the decoded image lie between 0 and 1."""
    images = _decoded(student)
    message = "A pixel lies between 0 and 1: the last Dense layer of the decoder needs a sigmoid."
    expect(images, between=(0, 1), message=message)
    if np.allclose(np.reshape(images, (64, -1)).sum(axis=1), 1, atol=1e-3):
        fail(
            "The pixels of each image add up to 1, because a softmax makes them share one unit of ink. "
            "Each pixel has a value of its own: use a sigmoid.",
            expected="pixels that don't depend on one another",
            actual="a sum of 1 in every image",
        )


@pytest.mark.exercise("autoencoder", points=1)
def test_a_code_may_be_any_vector(student):
    """The numbers of a code are not confined: they can be negative, and larger than 1."""
    codes = _codes(student)[1]  # where nothing confines them, they turn with the weights
    expect(codes[0], shape=(64, None), message="The encoder should output one code for each image.")
    reason = "An activation on the last layer of the encoder confines the codes"
    low, high = float(np.min(codes)), float(np.max(np.abs(codes)))
    for confined, sentence in (
        (high <= 1.001, f"{reason} to a box: leave it out, a code can be any vector."),
        (low >= 0, f"{reason} to positive numbers: leave it out, a code can be any vector."),
        (not _turns(*codes), "An activation bends the codes: leave it out, a code can be any vector."),
    ):
        if confined:
            fail(sentence, expected="any real numbers", actual=f"from {low:.3g} to {np.max(codes):.3g}")


def _turns(far, *turned):
    """Whether each number of a code changes its sign with the last weights, or doesn't depend on those of the last layer."""

    def keep_size(after, signs):
        return all(
            any(np.allclose(new, sign * old, rtol=1e-3, atol=1e-3 * np.abs(far).max()) for sign in signs)
            for old, new in zip(np.transpose(far), np.transpose(after), strict=True)
        )

    return any(keep_size(after, (-1,) if k else (-1, 1)) for k, after in enumerate(turned))


@pytest.mark.exercise("autoencoder", points=1)
def test_the_three_share_their_weights(student):
    """The autoencoder is the encoder followed by the decoder, and stays so when their weights change."""
    both = "a(tensor(x)), d(e(tensor(x)))"
    ask = f"[{both}, {NUDGE.format('e')}, {NUDGE.format('d')}, {both}]"
    before, by_hand, _, _, after, by_hand_after = _ask_three(student, ask, x=_images(5))
    message = "An output of a model is in a list: write `keras.Model(images, code)` without brackets."
    require(
        shape_of(before) == shape_of(by_hand),
        message,
        expected="the same shape",
        actual=f"{shape_of(before)} and {shape_of(by_hand)}",
    )
    require_finite([before, by_hand, after, by_hand_after])
    require(
        np.allclose(before, by_hand, rtol=1e-3, atol=1e-4),
        "The autoencoder computes something other than the encoder followed by the decoder: make it from these two "
        "models, `decoder(encoder(images))`, not from new layers.",
        expected="autoencoder(images) equal to decoder(encoder(images))",
        actual="other images",
    )
    require(
        np.allclose(after, by_hand_after, rtol=1e-3, atol=1e-4),
        "The autoencoder has weights of its own: when those of encoder and decoder change, its output does not.",
        expected="autoencoder(images) equal to decoder(encoder(images)) for any weights",
        actual="other images",
    )


@pytest.mark.exercise("autoencoder", points=1)
def test_training_lowers_the_error(student):
    """Five training steps lower the error, and both encoder and decoder learn."""
    look = "e(tensor(x)), d(tensor(z))"
    train = "(lambda y: [a.train_on_batch(x, y) for _ in range(5)])(np.reshape(x, (16, *a(x).shape[1:])))"
    # Gradients are clipped to 1e-10, so that each weight moves by 3e-3, whatever the size of its gradient.
    signs = "keras.optimizers.SGD(3e7, clipvalue=1e-10)"
    compiled = f"a.compile(optimizer={signs}, loss='mse', run_eagerly=True)"
    codes, images, _, losses, codes_after, images_after = _ask_three(
        student,
        f"[{look}, {compiled}, {train}, {look}]",
        x=_images(6, 16),
        z=np.random.default_rng(6).normal(size=(16, 2)),
    )
    for name, old, new in (("encoder", codes, codes_after), ("decoder", images, images_after)):
        message = f"The {name} doesn't learn: no gradient reaches its weights, or they are frozen."
        expect_other(
            new,
            old,
            message,
            expected=f"another output of the {name} after five steps",
            what="the same output as before",
        )
    require_finite(losses)
    require(
        losses[-1] < losses[0],
        "Five training steps don't lower the error.",
        expected=f"less than {losses[0]:.4f}",
        actual=losses[-1],
    )


# ---- reconstruction-error


def _pairs(seed, shape=(8, *IMAGE)):
    rng = np.random.default_rng(seed)
    return {"x": rng.random(shape).astype("float32"), "r": rng.random(shape).astype("float32")}


@pytest.mark.exercise("reconstruction-error", points=1)
def test_one_number_for_each_image(student):
    """The result has one error for each image."""
    errors = student.eval("reconstruction_error(x, r)", **_pairs(7))
    shape = shape_of(errors)
    message = {
        (): "Each image needs its own number: you averaged over the batch, too, so the result is a single value.",
        IMAGE: "You averaged over the images and kept the pixels: average over the pixels and keep the images.",
        (28, 28): "You averaged over the images and kept the pixels: average over the pixels and keep the images.",
        (8, 28, 28): "You averaged over the last axis only: all three axes after the first belong to one image.",
        (8, *IMAGE): "This is an error for each pixel: average over the pixels of each image.",
        (8, 1): "The result should have a single axis: shape (n,), not (n, 1).",
    }.get(shape, "Each image needs its own number.")
    expect(errors, shape=(8,), message=message)


@pytest.mark.exercise("reconstruction-error", points=1)
def test_mean_squared_error(student):
    """The error is the mean of the squared differences over the pixels of the image."""
    given = _pairs(8)
    errors, *after = student.eval("[reconstruction_error(x, r), x, r]", **given)
    errors = in_shape(errors, (8,))
    axes = (1, 2, 3)
    difference = given["x"].astype(float) - given["r"]
    mse = np.square(difference).mean(axis=axes)
    expect(
        errors,
        close_to=mse,
        rel=1e-3,
        if_instead=[
            (784 * mse, "You summed over the pixels: take their mean, which is the sum divided by 784."),
            (28 * mse, "You averaged over one axis of the image and summed over the other: average over both."),
            (0.5 * mse, "This is half of the error: there is no factor ½ in the mean squared error."),
            (np.sqrt(mse), "You took the square root: the mean squared error has none."),
            (np.abs(difference).mean(axis=axes), "These are absolute differences: square them."),
            (difference.mean(axis=axes), "Square before you average: positive and negative differences cancel."),
            (-difference.mean(axis=axes), "Square before you average: positive and negative differences cancel."),
            (np.square(difference.mean(axis=axes)), "Square first, then average: here the differences have canceled."),
            (np.full(8, mse.mean()), "All images have the same error: you averaged over the batch, too."),
        ],
        message="The error of an image should be the mean of (x − reconstruction)² over its pixels.",
    )
    require(
        np.array_equal(after[0], given["x"]) and np.array_equal(after[1], given["r"]),
        "The images that were passed in have changed: work on a copy, not in place.",
        expected="images and reconstructions as before",
        actual="other numbers",
    )


# ---- interpolate


@pytest.mark.exercise("interpolate", points=1)
def test_a_point_in_each_row(student):
    """The result has `steps` rows, with one point in each, for codes of any length."""
    for d, steps in ((2, 7), (3, 5), (8, 11)):
        start, end = np.random.default_rng(d).normal(size=(2, d))
        points = student.eval(f"interpolate(a, b, {steps})", a=start, b=end)
        message = {
            (d, steps): "The result is transposed: each row should be one point.",
            (steps + 1, d): "`steps` counts the points, not the steps between them: there is one point too many.",
            (steps - 1, d): "`steps` counts the points, both ends included: one point is missing.",
            (steps + 2, d): "The two ends are among the `steps` points: you added them to these.",
            (steps - 2, d): "Both ends belong to the interpolation: they are missing.",
        }.get(shape_of(points), f"The result should have {steps} points of {d} numbers each, one in each row.")
        expect(points, shape=(steps, d), message=message)


def _require_other_points(points):
    require(
        len(points) < 2 or np.ptp(points, axis=0).max() != 0,
        "All points are the same. (If you collect one array that you change in place, collect copies of it.)",
        expected="a point for each step",
        actual=f"{len(points)} times the same point",
    )


@pytest.mark.exercise("interpolate", points=1)
def test_both_ends_are_included(student):
    """The first point is z_start, and the last point is z_end."""
    start, end = np.array([1.0, -2.0]), np.array([4.0, 7.0])
    points = student.eval("interpolate(a, b, 10)", a=start, b=end)
    expect(points, shape=(None, 2), message="The result should have points of two numbers, one in each row.")
    _require_other_points(points)
    message = "The first point should be z_start."
    turned = "The interpolation goes the wrong way: it begins at z_end."
    expect(points[0], close_to=start, rel=1e-4, abs=1e-5, if_instead=[(end, turned)], message=message)
    short = "The interpolation stops one step before z_end: ten points have nine steps between them, so divide by `steps - 1`."
    message = "The last point should be z_end."
    before = [(start + 0.9 * (end - start), short)]
    expect(points[-1], close_to=end, rel=1e-4, abs=1e-5, if_instead=before, message=message)


@pytest.mark.exercise("interpolate", points=1)
def test_equal_steps_on_a_straight_line(student):
    """The points lie on the straight line between the codes, at equal distances."""
    start, end = np.array([0.5, 2.0, -1.0]), np.array([2.5, -2.0, 3.0])
    points = student.eval("interpolate(a, b, 9)", a=start, b=end)
    expect(points, shape=(None, 3), message="The result should have points of three numbers, one in each row.")
    _require_other_points(points)
    n = len(points)  # how many there are, and where they end, are questions of other checks
    share, short = (np.linspace(0, 1, n, endpoint=last)[:, None] for last in (True, False))
    inner = np.linspace(0, 1, n + 2)[1:-1, None]
    if n != 9 and np.allclose(points, start + inner * (end - start), atol=1e-5):
        return
    expect(
        points,
        close_to=start + share * (end - start),
        rel=1e-4,
        abs=1e-5,
        if_instead=[
            (end + share * (start - end), "The interpolation goes the wrong way: it begins at z_end."),
            (start + short * (end - start), "The interpolation stops one step before z_end: divide by `steps - 1`."),
            (start + share * end, "You add a share of z_end to z_start: add a share of z_end − z_start."),
            (
                np.repeat(np.asarray(points)[:, :1], 3, axis=1),
                "All numbers of a point are the same: interpolate each dimension of the code on its own.",
            ),
        ],
        message="Point k should be z_start + k / (steps − 1) · (z_end − z_start).",
    )


# ---- holes


@pytest.mark.exercise("holes", points=1)
def test_five_samples_by_hand(student):
    """Of five samples, the two that have no code near them lie in a hole."""
    codes = np.array([[0.0, 0.0], [1.0, 0.0]])
    samples = np.array([[0.0, 0.2], [0.0, 0.24], [0.1, 0.0], [0.0, 3.0], [2.0, -1.0]])
    share = student.eval("hole_fraction(codes, samples, 0.5)", codes=codes, samples=samples)
    if shape_of(share) == (5,):
        fail(
            "This is one value for each sample: return a single number, the share of the samples.",
            expected=0.4,
            actual=share,
        )
    expect(
        share,
        close_to=0.4,
        if_instead=[
            (0.6, "This is the share of samples *with* a code near them: a hole is where there is none."),
            (2, "This is the number of samples in a hole: divide it by the number of samples."),
            (40, "This is a percentage: return a share from 0 to 1."),
            (0.3, "`query` returns a pair, (distances, indices): compare only the distances with the radius."),
            (0.2, "These are the indices: `query` returns (distances, indices), in this order. Compare the distances."),
        ],
        message="Two of the five samples have no code within 0.5.",
    )


@pytest.mark.exercise("holes", points=0.5)
def test_exactly_the_radius_counts_as_near(student):
    """A code at a distance of exactly the radius counts as near."""
    codes = np.array([[0.0, 0.0], [20.0, 0.0]])
    samples = np.array([[3.0, 4.0], [0.0, -5.0], [20.0, 1.0], [10.0, 10.0]])  # distances 5, 5, 1 and √200
    share = student.eval("hole_fraction(codes, samples, 5.0)", codes=codes, samples=samples)
    expect(
        share,
        close_to=0.25,
        if_instead=[
            (
                0.75,
                "A code at exactly the radius counts as near, but here it does not: a sample lies in a hole only if its "
                "distance is *larger* than the radius, `>` and not `>=`. (`distance_upper_bound` leaves such a code out.)",
            ),
        ],
        message="Of four samples, at distances 5, 5, 1 and 14 from their nearest codes, one lies in a hole of radius 5.",
    )


def _distances(codes, samples):
    return np.linalg.norm(samples[:, None] - codes[None], axis=2)


@pytest.mark.exercise("holes", points=0.5)
def test_against_all_distances(student):
    """The share is the same as when all distances between samples and codes are computed."""
    rng = np.random.default_rng(9)
    codes, samples = rng.normal(0, 1, (300, 2)), rng.uniform(-3, 3, (250, 2))
    for radius in (0.2, 0.6):
        distance = _distances(codes, samples)
        share = student.eval("hole_fraction(codes, samples, r)", codes=codes, samples=samples, r=radius)
        apart = np.abs(samples[:, None] - codes[None])
        expect(
            share,
            close_to=np.mean(distance.min(axis=1) > radius),
            if_instead=[
                (np.mean(distance.min(axis=1) <= radius), "This is the share of samples *with* a code near them."),
                (
                    np.mean(distance.min(axis=0) > radius),
                    "You have swapped codes and samples: count the samples that have no code near them.",
                ),
                (
                    np.mean(distance.min(axis=1) ** 2 > radius),
                    "You compare a squared distance with the radius: take its root, or square the radius.",
                ),
                (
                    np.mean(distance.min(axis=1) > radius**2),
                    "You compare a distance with the squared radius: square both, or neither.",
                ),
                (
                    np.mean(np.sort(distance, axis=1)[:, 1] > radius),
                    "You use the second nearest code: the samples are not among the codes, so the nearest one counts.",
                ),
                (
                    np.mean(apart.sum(axis=2).min(axis=1) > radius),
                    "You add up the differences along the axes: use the Euclidean distance.",
                ),
                (
                    np.mean(apart.max(axis=2).min(axis=1) > radius),
                    "You look in a square: use the Euclidean distance.",
                ),
                (
                    np.mean(np.linalg.norm(samples - codes.mean(axis=0), axis=1) > radius),
                    "You measure the distance to the mean of the codes: a hole is far from *every* code.",
                ),
                (
                    np.mean(distance > radius),
                    "This is the share of pairs: for each sample, only the nearest code counts.",
                ),
            ],
            message=f"This is not the share of samples without a code within {radius}.",
        )


@pytest.mark.exercise("holes", points=1)
def test_fifty_thousand_codes(student):
    """50,000 codes take less than a second."""
    rng = np.random.default_rng(10)
    given = {"codes": rng.normal(size=(50_000, 2)), "samples": rng.normal(size=(1000, 2))}

    def seconds(n_codes, n_samples):
        call = f"hole_fraction(codes[:{n_codes}], samples[:{n_samples}], 0.05)"
        runs = student.eval(f"[seconds(lambda: {call}) for _ in range(2)]", **given)
        nearest, _ = KDTree(given["codes"][:n_codes]).query(given["samples"][:n_samples])
        message = f"With {n_codes:,} codes and {n_samples:,} samples the share is wrong, however long it takes."
        for run in runs:
            expect(run["result"], close_to=np.mean(nearest > 0.05), message=message)
        return min(run["seconds"] for run in runs)

    # Small first: an answer that compares every pair would keep the student waiting, or fill the memory.
    small = seconds(1000, 100)
    if small > 0.1:
        _too_slow(small * 500)
    pairs = seconds(50_000, 100) - seconds(50_000, 1)
    if pairs > 0.1:
        _too_slow(pairs * 10)
    whole = seconds(50_000, 1000)
    if whole > 1:
        _too_slow(whole)


def _too_slow(seconds):
    fail(
        "This compares each sample with each code, or makes a new tree for each sample. Make one "
        "`KDTree(codes)` and `query` it with all samples at once: it only looks at the codes nearby.",
        expected="less than a second for 50,000 codes and 1,000 samples",
        actual=f"about {seconds:.1f} s" if seconds < 10 else f"about {seconds:.0f} s",
    )
