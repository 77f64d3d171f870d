"""Public checks of lesson 06, latent clustering.

The models in these checks have a few weights that the check sets, so that NumPy can compute every code and every pixel
beforehand. Neighbors are found by brute force.
"""

import re

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from autograder.checking.expect import expect, fail, in_shape, require, require_finite, shape_of
from autograder.checking.modes import require_inference
from autograder.checking.promises import require_default
from autograder.checking.student import StudentError

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]
CALLS = {"label-unknown": ["known"], "manifold": ["grid"]}

HINTS = {
    "encode": [
        "Which of the encoder's outputs is the mean of q(z|x), and how does Keras return several outputs?",
        "`encoder.predict(images, batch_size=…, verbose=0)` goes through all images in order and returns a list.",
        "z_mean is the first array of that list, whether the list has two or three.",
    ],
    "known": [
        "Which comparison is true for the rows to keep, and false for the others?",
        "A boolean array selects rows: `codes[mask]`. Use the same mask for both arrays.",
    ],
    "scatter": [
        "How can one call of `ax.scatter` draw all points of one digit, with a label for the legend?",
        "Draw the unknown rows first, in a light gray. Then loop over the ten digits, and take the color of digit i "
        "from `plots.DIGIT_COLORS[i]`.",
        "Don't forget the last three: `ax.set(xlabel=…, ylabel=…, aspect=…)`, `ax.legend()`, and `return`. With `ax` "
        "given, don't make a new figure.",
    ],
    "aggregate-kl": [
        "q(z) is a mean of m densities. Which table holds log N(z_i; μ_j, σ_j²), and along which axis is the mean?",
        "log N of one dimension is −½·((z − μ)²/σ² + log σ² + log 2π), and `z_log_var` is log σ². Sum over dimensions, "
        "then `logsumexp` over the images, then subtract log m.",
        "For the memory: loop over chunks of z, for example of `np.array_split`, compute each chunk's table and keep "
        "only its (n_chunk,) result.",
    ],
    "grid": [
        "Which probabilities are evenly spaced, and which function turns a probability into a quantile?",
        "`values = stats.norm.ppf(np.linspace(low, high, n))` are the n values of each coordinate.",
        "z_1 runs through `values` in each row. z_2 is one value a row, the largest first: `values[::-1]`. "
        "`np.meshgrid` or `np.tile` and `np.repeat` build both columns.",
    ],
    "manifold": [
        "How do you decode all points of `latent_grid(n)` in one call?",
        "Reshape what `predict` returns to (n, n, 28, 28): row, column, y, x.",
        "Exchange the second and third axis, so that it is (row, y, column, x), and reshape once more.",
    ],
    "purity": [
        "How many neighbors do you have to ask for, if one of them is the row itself?",
        "`KDTree(codes).query(codes, k=k + 1)` returns distances and row numbers; leave out each row's own number.",
        "`labels[neighbors]` is a table of labels. Compare it with `labels[:, None]` and average along each row.",
    ],
    "label-unknown": [
        "Which rows may vote, and which rows get a new label?",
        "Build the `KDTree` of the known codes only, and query it with the unknown ones. Its row numbers count the known "
        "rows: index the known labels with them.",
        "Never ask for more neighbors than there are known rows, and give `query` a list of ranks, so that k = 1 works "
        "too. Write the votes into a copy of `labels`.",
    ],
}

# ---- encode

# An encoder of 2×3 images whose weights are known: [z_mean, z_log_var], and with {third} one output more. `log`
# gets the number of images of every pass, `modes` whether it was with training=True.
ASK_ENCODER = """
(lambda log, modes: (lambda i: (lambda h: (lambda m, s: (lambda model:
    (model.set_weights([mk, mb, sk, sb]), quick(model), {ask})[2]
)(keras.Model(i, [m, s{third}])))(
    keras.layers.Dense(mk.shape[1], name='z_mean')(h), keras.layers.Dense(mk.shape[1], name='z_log_var')(h)
))(keras.layers.Flatten()(watch_modes(modes)(watch_rows(log)(i)))))(keras.Input((2, 3, 1))))([], [])
"""


def encoder_case(seed, n, d):
    """Images and weights of a toy encoder whose variance is so large that a sample can't pass for the mean."""
    rng = np.random.default_rng(seed)
    return {
        "x": rng.uniform(0, 1, (n, 2, 3, 1)).astype("float32"),
        "mk": rng.normal(0, 1, (6, d)).astype("float32"),
        "mb": rng.normal(0, 1, d).astype("float32"),
        "sk": rng.normal(0, 0.1, (6, d)).astype("float32"),
        "sb": np.full(d, 3.0, "float32"),
    }


def ask_encoder(student, case, ask, third=""):
    """The answer to an expression over `model`, `x` and `log`."""
    return student.eval(" ".join(ASK_ENCODER.format(ask=ask, third=third).split()), **case)


def heads(case):
    """(z_mean, z_log_var) of the case's images."""
    x = case["x"].reshape(len(case["x"]), -1).astype(float)
    return x @ case["mk"] + case["mb"], x @ case["sk"] + case["sb"]


@pytest.mark.exercise("encode", points=0.5)
def test_posterior_mean(student):
    """The codes are z_mean, and the same each time."""
    case = encoder_case(61, 7, 2)
    first, second, modes = ask_encoder(student, case, "[encode_means(model, x), encode_means(model, x), modes]")
    mean, log_var = heads(case)
    _require_one_array(first, (7, 2))
    expect(
        first,
        close_to=mean,
        rel=1e-3,
        abs=1e-4,
        if_instead=[
            (log_var, "This is z_log_var: z_mean is the first output of the encoder."),
            (np.stack([mean, log_var]), "You returned both outputs, stacked: only z_mean is the code of an image."),
            (
                np.hstack([mean, log_var]),
                "You returned both outputs, side by side: only z_mean is the code of an image.",
            ),
            (mean.T, "The array is transposed: one row for each image."),
        ]
        if not _differ(first, second)
        else [],
        message="Two calls on the same images returned different codes: this is a sample of z. Return `z_mean`, without noise."
        if _differ(first, second)
        else "The codes should be `z_mean`, the encoder's first output, one row for each image.",
    )
    require_inference(modes, "The encoder")


def _require_one_array(codes, shape):
    """Fail where the codes are a list of arrays: all outputs of the encoder, or those of each batch."""
    arrays = [shape_of(part) for part in codes] if isinstance(codes, tuple | list) else []
    given = {"expected": f"shape {shape}", "actual": f"a list of {len(arrays)}"}
    message = "You returned all outputs of the encoder: z_mean is the first of them."
    require(len(arrays) not in (2, 3) or set(arrays) != {shape}, message, **given)
    message = "You returned a list with the codes of each batch: join them to one array with `np.concatenate`."
    require(not any(part and len(part) == 2 for part in arrays), message, **given)


def _differ(first, second):
    """Whether two answers are arrays of one shape and other values."""
    one, two = (np.asarray(a) if isinstance(a, np.ndarray) else None for a in (first, second))
    return one is not None and two is not None and one.shape == two.shape and not np.allclose(one, two, atol=1e-4)


@pytest.mark.exercise("encode", points=0.5)
def test_all_images_in_order(student):
    """1,100 images have 1,100 codes, in the same order."""
    case = encoder_case(62, 1100, 2)
    codes = ask_encoder(student, case, "encode_means(model, x)")
    mean, log_var = heads(case)
    require(
        shape_of(codes) != (1024, 2),
        "The last batch, which isn't full, is lost: 1,100 images are two batches of 512 and one of 76.",
        expected="1100 codes",
        actual="1024 codes",
    )
    expect(codes, shape=(1100, 2), message="There should be one code for each image, the last batch included.")
    if np.allclose(codes, log_var, rtol=1e-3, atol=1e-3):
        return  # which output it is, is another check's business
    sorted_alike = np.allclose(np.sort(codes, axis=0), np.sort(mean, axis=0), atol=1e-3)
    message = "With 1,100 images each code should be the `z_mean` of its image."
    if sorted_alike:
        message = "All codes are present, but in another order than the images: they no longer belong to their labels."
    expect(codes, close_to=mean, rel=1e-3, abs=1e-3, message=message)


@pytest.mark.exercise("encode", points=0.5)
def test_batches(student):
    """The encoder processes at most batch_size images at a time."""
    case = encoder_case(63, 22, 2)
    answer = ask_encoder(student, case, "{'codes': encode_means(model, x, batch_size=10), 'rows': log}")
    require_finite(answer["codes"])
    largest = max(answer["rows"], default=0)
    require(
        largest <= 10,
        "The encoder got more images than `batch_size` at a time: pass it on, as in `predict(…, batch_size=batch_size)`.",
        expected="at most 10 images at a time",
        actual=f"{largest} at a time",
    )
    require(
        largest > 1,
        "The encoder got the images one by one: pass whole batches.",
        expected="batches of 10, 10 and 2 images",
        actual=f"{len(answer['rows'])} batches of one image",
    )
    require_default(student, "encode_means", 2, "batch_size", 512)


# ---- known

TWO_BACK = "Return (codes, labels): two arrays, the rows whose label is known."


def ask_known(student, codes, labels, call="known_only(codes, labels)"):
    """The two arrays that `call` returns."""
    answer = student.eval(call, codes=codes, labels=labels)
    require(
        answer is not None,
        "The function returned nothing: is a `return` missing?",
        expected="(codes, labels)",
        actual="None",
    )
    require(isinstance(answer, tuple | list) and len(answer) == 2, TWO_BACK, expected="(codes, labels)")
    return [np.asarray(part) for part in answer]


@pytest.mark.exercise("known", points=0.5)
def test_nothing_unknown_is_left(student):
    """Only rows with a known label are left, and all of them."""
    codes = np.arange(12.0).reshape(6, 2)
    labels = np.array([3, 11, 0, 11, 9, 3], "uint8")
    _, kept = ask_known(student, codes, labels)
    expect(
        kept,
        equals=np.array([3, 0, 9, 3]),
        if_instead=[
            (np.array([11, 11]), "These are the rows that are *unknown*: keep the others."),
            (labels, "The labels still contain 11: keep the rows with `labels != unknown`, in both arrays."),
            (np.array([3, 9, 3]), "The digit 0 was lost: a 0 counts as False. Compare with `unknown`."),
            (np.array([3, 0, 3]), "The digit 9 was lost: keep every label that isn't `unknown`."),
            (np.array([0, 3, 3, 9]), "The rows were sorted: keep them in their order."),
            (np.array([0, 3, 9]), "Each label is there once: keep every row, not every kind of label."),
        ],
        message="All labels but `unknown` should be left, in their order.",
    )


@pytest.mark.exercise("known", points=0.5)
def test_codes_stay_with_their_labels(student):
    """Each label keeps its code."""
    codes = np.arange(12.0).reshape(6, 2)
    labels = np.array([3, 11, 0, 11, 9, 3], "uint8")
    kept, kept_labels = ask_known(student, codes, labels)
    expect(
        kept,
        close_to=codes[[0, 2, 4, 5]],
        if_instead=[
            (codes, "The codes of the unknown rows are still there: drop the same rows from both arrays."),
            (codes[:4], "These are the first codes, not those of the known rows: they no longer belong to the labels."),
            (codes[[0, 2, 4, 5]].ravel(), "The codes lost their shape: select whole rows, `codes[rows]`."),
        ],
        message="Return the codes of the known rows, (m, d), in their order.",
    )
    require(len(kept) == len(kept_labels), "There should be as many codes as labels.")


@pytest.mark.exercise("known", points=0.5)
def test_another_mark(student):
    """The argument unknown says which label means "unknown"."""
    codes, labels = np.arange(10.0).reshape(5, 2), np.array([11, -1, 4, -1, 0])
    _, kept = ask_known(student, codes, labels, "known_only(codes, labels, unknown=-1)")
    expect(
        kept,
        equals=np.array([11, 4, 0]),
        if_instead=[
            (np.array([-1, 4, -1, 0]), "11 was dropped although `unknown` is −1 here: use the argument."),
            (np.array([], int), "Nothing is left: a label is known if it *differs* from `unknown`, larger or smaller."),
        ],
        message="With `unknown=-1`, drop the rows labeled −1 and no others.",
    )


# ---- scatter

# Simulated red-blind and green-blind vision on linear RGB: Machado, Oliveira and Fernandes 2009, severity 1.
VISIONS = {
    "typical": np.eye(3),
    "red-blind": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "green-blind": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
SMALLEST = 5.0  # in CIELAB, where about 2 can just be noticed; viridis in ten steps has 7.6, tab10 4.6
ASK_PLOT = (
    "(lambda plt, before: (lambda ax: {{'kind': type(ax).__name__, "
    "'axes': describe_axes(ax) if hasattr(ax, 'get_legend') else None, "
    "'closed': [plt.close(n) for n in plt.get_fignums() if n not in before]}})({call}))"
    "(*(lambda plt: (plt, plt.get_fignums()))(__import__('matplotlib.pyplot').pyplot))"
)

ASK_TWICE = (
    "(lambda plt, before: (lambda one, two: (one is two, [plt.close(n) for n in plt.get_fignums() if n not in before]))"
    "(plot_latent(codes, labels), plot_latent(codes, labels))[0])"
    "(*(lambda plt: (plt, plt.get_fignums()))(__import__('matplotlib.pyplot').pyplot))"
)


def labeled_codes(seed, digits=range(10), each=6, hidden=30, unknown=11):
    """Codes and labels in random order, with unknown rows among them."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation([*np.repeat(list(digits), each), *[unknown] * hidden])
    return rng.normal(0, 1.5, (len(labels), 2)), labels


def drawn(student, codes, labels, call="plot_latent(codes, labels)"):
    """The axes that `call` returns, described."""
    found = student.eval(ASK_PLOT.format(call=call), codes=codes, labels=labels)
    if found["kind"] == "NoneType":
        fail("plot_latent returned nothing: return the Axes.", expected="Axes", actual="None")
    require(found["axes"], "plot_latent should return the Axes.", expected="Axes", actual=f"a {found['kind']}")
    return found["axes"]


def rows_seen(axes, codes):
    """Of each row, its visible color, (n, 4), and a key (zorder, scatter, index) that grows towards the front."""
    colors, keys = np.full((len(codes), 4), np.nan), [None] * len(codes)
    for i, scatter in enumerate(axes["scatters"]):
        for j, point in enumerate(np.reshape(scatter["offsets"], (-1, 2))):
            distances = np.abs(codes - point).sum(axis=1)
            row, key = int(distances.argmin()), (scatter["zorder"], i, j)
            if distances[row] < 1e-4 and len(scatter["colors"]) and (keys[row] is None or key > keys[row]):
                keys[row], colors[row] = key, scatter["colors"][j % len(scatter["colors"])]
    missing = sum(key is None for key in keys)
    require(
        missing < len(codes) or not axes["lines"],
        "No points from `ax.scatter` were found: `ax.plot` draws lines, even where only their markers are visible.",
        expected=f"{len(codes)} points",
        actual="lines",
    )
    return colors, keys, missing


def seen_rows(student, codes, labels, needed):
    """Colors and keys of all rows; fails when one of the needed rows isn't drawn, at its code or with z_1 upwards."""
    axes = drawn(student, codes, labels, "plot_latent(codes, labels)")
    colors, keys, missing = rows_seen(axes, codes)
    if missing == len(codes):
        colors, keys, _ = rows_seen(axes, codes[:, ::-1])
    gone = sum(keys[row] is None for row in np.flatnonzero(needed))
    require(not gone, NOT_DRAWN, expected=f"{sum(needed)} points", actual=f"{sum(needed) - gone} of them")
    return colors, keys


NOT_DRAWN = "Not all rows are drawn at their code: each should be a point of `ax.scatter` at x = z_1, y = z_2."


@pytest.mark.exercise("scatter", points=0.5)
def test_every_row_is_a_point(student):
    """Every row is a point at its code, known or not."""
    codes, labels = labeled_codes(64)
    axes = drawn(student, codes, labels)
    _, keys, missing = rows_seen(axes, codes)
    turned = rows_seen({**axes, "lines": []}, codes[:, ::-1])[2]
    require(turned, "The coordinates are exchanged: x is z_1, y is z_2.", expected="(z_1, z_2)", actual="(z_2, z_1)")
    gone = np.array([key is None for key in keys])
    require(
        not (gone.any() and np.array_equal(gone, labels == 11)),
        "The unknown rows are missing: draw them too, in gray.",
        expected=f"{len(codes)} points",
        actual=f"{len(codes) - missing} points",
    )
    require(not missing, NOT_DRAWN, expected=f"{len(codes)} points", actual=f"{len(codes) - missing} of them")
    require(
        not student.eval(ASK_TWICE, codes=codes[:30], labels=labels[:30]),
        "A second call draws on the axes of the first: without `ax` make a new figure, for example with "
        "`plt.subplots()`.",
        expected="new axes",
        actual="the axes of the call before",
    )


def digit_colors(colors, labels, digits=range(10)):
    """The color of each digit, {digit: RGB}; fails when one has several."""
    found = {}
    for digit in digits:
        of_digit = np.unique(np.round(colors[labels == digit, :3], 4), axis=0)
        require(
            len(of_digit) == 1,
            f"The digit {digit} is drawn in several colors: all of its points have one.",
            expected="one color",
            actual=f"{len(of_digit)} colors",
        )
        found[digit] = of_digit[0]
    return found


@pytest.mark.exercise("scatter", points=0.5)
def test_a_color_for_each_digit(student):
    """Each digit has one color, and no two digits share one."""
    codes, labels = labeled_codes(65)
    colors, _ = seen_rows(student, codes, labels, labels != 11)
    found = digit_colors(colors, labels)
    for digit, color in found.items():
        for other in range(digit):
            require(
                not np.allclose(color, found[other], atol=0.004),
                f"{other} and {digit} have the same color: ten digits need ten. (A cycle of colors may be shorter.)",
                expected="ten colors",
                actual=f"{len(np.unique(np.round(list(found.values()), 3), axis=0))} colors",
            )


@pytest.mark.exercise("scatter", points=0.5, after="test_a_color_for_each_digit")
def test_colors_for_everyone(student):
    """The colors and the gray are distinct, also in red-blind and green-blind vision."""
    codes, labels = labeled_codes(66)
    colors, keys = seen_rows(student, codes, labels, labels != 11)
    named = {str(digit): color for digit, color in digit_colors(colors, labels).items()}
    if keys[int(np.argmax(labels == 11))] is not None:
        named["unknown"] = over_white(colors[labels == 11])[0]
    distance, one, other, vision = closest_pair(named)
    require(
        distance >= SMALLEST,
        f"In {vision} vision the colors of {one} and {other} are nearly the same; try other colors in "
        "`plots.smallest_difference`.",
        expected=f"a difference of at least {SMALLEST:g}",
        actual=f"{distance:.1f}",
    )


def over_white(colors):
    """RGB of RGBA on a white ground."""
    return colors[:, :3] * colors[:, 3:] + 1 - colors[:, 3:]


def closest_pair(named):
    """(distance, name, name, vision) of the two most similar colors of {name: sRGB}."""
    names, srgb = list(named), np.clip(np.array(list(named.values())), 0, 1)
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    best = (np.inf, "", "", "")
    for vision, matrix in VISIONS.items():
        lab = _lab(np.clip(linear @ matrix.T, 0, 1))
        distances = np.linalg.norm(lab[:, None] - lab[None], axis=2) + np.diag(np.full(len(names), np.inf))
        i, j = np.unravel_index(distances.argmin(), distances.shape)
        best = min(best, (float(distances[i, j]), names[min(i, j)], names[max(i, j)], vision))
    return best


def _lab(linear):
    """CIELAB of linear RGB, for daylight (D65)."""
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    )
    xyz = linear @ to_xyz.T / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


@pytest.mark.exercise("scatter", points=0.5)
def test_unknown_rows_gray_and_behind(student):
    """The unknown rows are gray and lie behind all others."""
    codes, labels = labeled_codes(67)
    colors, keys = seen_rows(student, codes, labels, labels == 11)
    known = [key for key, label in zip(keys, labels, strict=True) if label != 11 and key is not None]
    require(known, NOT_DRAWN, expected="known rows in front", actual="none")
    unknown = over_white(colors[labels == 11])
    gray = (np.ptp(unknown, axis=1) < 0.08) & (unknown.mean(axis=1) > 0.2) & (unknown.mean(axis=1) < 0.96)
    require(
        gray.all(),
        "The unknown rows should be gray, neither a color of their own nor black or white.",
        expected='gray, for example `color="0.75"`',
        actual=f"RGB {np.round(unknown[~gray][0], 2).tolist()}" if not gray.all() else "",
    )
    front = max(key for key, label in zip(keys, labels, strict=True) if label == 11)
    back = min(known)
    require(
        front < back,
        "Unknown rows lie in front of known ones and hide them: draw them first, or with a lower `zorder`.",
        expected="all unknown rows behind",
        actual="some in front",
    )


@pytest.mark.exercise("scatter", points=0.5)
def test_legend_and_labels(student):
    """A legend names each digit and the gray, and both axes have a label."""
    codes, labels = labeled_codes(68)
    axes = drawn(student, codes, labels)
    require(
        axes["legend"] or not axes["colorbars"],
        "A color bar shows a scale, and digits are none: make a legend, with one entry for each digit.",
        expected="a legend",
        actual="a color bar",
    )
    require(axes["legend"], "There is no legend on the axes: `ax.legend()`.", expected="a legend", actual="none")
    numbers = {number for text in axes["legend"] for number in re.findall(r"\d+", text)}
    missing = [str(digit) for digit in range(10) if str(digit) not in numbers]
    require(
        not missing,
        "The legend should name every digit.",
        expected="0, 1, 2, 3, 4, 5, 6, 7, 8, 9, unknown",
        actual=", ".join(axes["legend"]),
    )
    require(
        _entries_in_words(axes["legend"]),
        "The legend should say in words what gray means, such as `unknown`: nobody knows what 11 means.",
        expected="an entry such as unknown",
        actual=", ".join(axes["legend"]),
    )
    _require_legend_colors(axes, codes, labels)
    x, y = axes["xlabel"].strip(), axes["ylabel"].strip()
    require(
        x and y and x != y,
        "Both axes need a label that names the coordinate, such as `$z_1$` and `$z_2$`.",
        expected="z_1 and z_2",
        actual=f"{x!r} and {y!r}",
    )
    numbers = [[int(number) for number in re.findall(r"\d+", label)] for label in (x, y)]
    require(
        not all(numbers) or numbers[0] <= numbers[1],
        "The labels of the axes are exchanged: x is z_1, y is z_2.",
        expected="z_1 and z_2",
        actual=f"{x!r} and {y!r}",
    )


def _entries_in_words(texts):
    """The entries that say something in words, and not just what the entries of the digits say of their number."""
    of_digits = {re.sub(r"\d", "", text) for text in texts if re.search(r"\b\d\b", text)}
    return [
        text
        for text in texts
        if re.search(r"[^\W\d_]|\?", text)
        and not re.search(r"\b\d\b", text)
        and not (re.search(r"\d", text) and re.sub(r"\d", "", text) in of_digits)
    ]


def _require_legend_colors(axes, codes, labels):
    """Fail where the legend shows beside a digit the color of others. Several colors are another check's business."""
    axes = axes | {"lines": []}
    colors, _, missing = rows_seen(axes, codes)
    if missing == len(codes):
        colors = rows_seen(axes, codes[:, ::-1])[0]
    seen = {int(label): np.unique(np.round(colors[labels == label, :3], 4), axis=0) for label in np.unique(labels)}
    named = {label: found[0] for label, found in seen.items() if len(found) == 1 and not np.isnan(found).any()}
    for text, color in zip(axes["legend"], axes["legend_colors"], strict=False):
        number = re.findall(r"\d+", text)
        if len(number) != 1 or int(number[0]) not in named or not color:
            continue
        alike = [label for label, other in named.items() if np.allclose(color[:3], other, atol=0.01)]
        others = ", ".join("the unknown rows" if label == 11 else str(label) for label in alike)
        require(
            not alike or int(number[0]) in alike,
            f"The legend shows the color of {others} as {number[0]}: give each call of `ax.scatter` its own `label=`.",
            expected=f"RGB {np.round(named[int(number[0])], 2).tolist()}",
            actual=f"RGB {np.round(color[:3], 2).tolist()}",
        )


@pytest.mark.exercise("scatter", points=0.5)
def test_equal_scales(student):
    """Both axes have the same scale."""
    axes = drawn(student, *labeled_codes(69))
    require(
        axes["aspect"] in ("1.0", "1", "equal"),
        'The scales differ, so that the round prior looks flat or tall: `ax.set_aspect("equal")`.',
        expected="aspect equal",
        actual=f"aspect {axes['aspect']}",
    )


# ---- aggregate-kl

ASK_PEAK = (
    "(lambda t: (t.start(), t.reset_peak(), t.get_traced_memory()[0], aggregate_posterior_log_density(z, m, v), "
    "t.get_traced_memory()[1], t.stop()))(__import__('tracemalloc'))"
)
ASK_DENSITY = "aggregate_posterior_log_density(z, m, v)"


def log_terms(z, mean, log_var):
    """log N(z_i; mean_j, exp(log_var_j)) in each dimension, (n, m, d)."""
    return stats.norm.logpdf(z[:, None], mean, np.exp(0.5 * log_var))


def mixture(seed, n, m, d, spread=1.0):
    """Points and the Gaussians of m images: z (n, d), z_mean and z_log_var (m, d)."""
    rng = np.random.default_rng(seed)
    return {
        "z": rng.normal(0, spread, (n, d)),
        "m": rng.normal(0, 1, (m, d)),
        "v": rng.uniform(-1.5, 1.0, (m, d)),
    }


@pytest.mark.exercise("aggregate-kl", points=0.5)
def test_mean_of_the_densities(student):
    """It is the logarithm of the mean of the densities, at each point."""
    case = mixture(79, 7, 5, 2)
    z, m, v = case["z"], case["m"], case["v"]
    terms = log_terms(z, m, v)
    joint = terms.sum(axis=2)
    right = logsumexp(joint, axis=1) - np.log(5)
    found = student.eval(ASK_DENSITY, **case)
    for shape, sentence in (
        ((7, 5), "This is the table of all pairs: take the mean of the densities over the images, one number a point."),
        ((5,), "The mean runs over the points: it belongs over the images, one number for each z."),
        ((7, 2), "The dimensions are separate: sum the log densities over the last axis, one number a point."),
        ((), "This is one number: return log q(z) of each point, (n,)."),
    ):
        require(shape_of(found) != shape, sentence, expected="shape (7,)", actual=f"shape {shape}")
    expect(
        found,
        shape=(7,),
        close_to=right,
        if_instead=[
            (joint.mean(axis=1), "This is the mean of the logarithms: q(z) is the mean of the *densities*; log of it."),
            (right + np.log(5), "This is the logarithm of the *sum* of the densities: a mean needs − log m."),
            (np.exp(right), "This is q(z) itself: return its logarithm."),
            (-right, "The sign is wrong: return log q(z), not −log q(z)."),
            (joint.max(axis=1), "Only the largest density counts here: add up all of them, with log-sum-exp."),
            (joint.max(axis=1) - np.log(5), "Only the largest density counts here: add up all, with log-sum-exp."),
            (
                logsumexp(log_terms(z, m, 2 * v).sum(axis=2), axis=1) - np.log(5),
                "`z_log_var` was taken as log σ: it is the logarithm of the *variance*, so σ is exp(½·z_log_var).",
            ),
            (
                logsumexp(log_terms(z, m, 2 * np.log(np.abs(v))).sum(axis=2), axis=1) - np.log(5),
                "`z_log_var` was taken as σ: it is the logarithm of the variance.",
            ),
            (
                logsumexp(stats.norm.logpdf(z[:, None], m).sum(axis=2), axis=1) - np.log(5),
                "The variances aren't used: every Gaussian has its own, exp(z_log_var).",
            ),
            (right + np.log(2 * np.pi), "The term −½·log 2π of each dimension is missing: densities integrate to 1."),
            (
                logsumexp((terms + 0.5 * v).sum(axis=2), axis=1) - np.log(5),
                "The term −½·z_log_var is missing: a narrow Gaussian is higher.",
            ),
            (
                log_terms(z, m.mean(axis=0)[None], v.mean(axis=0)[None]).sum(axis=(1, 2)),
                "This is one Gaussian with the mean parameters: q(z) is a mixture of m Gaussians.",
            ),
            (
                logsumexp(terms, axis=1).sum(axis=1) - 2 * np.log(5),
                "You averaged each dimension on its own: sum over the dimensions first, then average over the images.",
            ),
        ],
        message="It should be log((1/m)·Σ N(z; z_mean, exp(z_log_var))), one number for each point.",
    )


@pytest.mark.exercise("aggregate-kl", points=0.5)
def test_far_from_every_image(student):
    """It stays finite where every single density underflows."""
    case = mixture(80, 6, 9, 2)
    case["z"] = case["z"] + np.array([90.0, -70.0])
    right = logsumexp(log_terms(case["z"], case["m"], case["v"]).sum(axis=2), axis=1) - np.log(9)
    found = student.eval(ASK_DENSITY, **case)
    values = np.asarray(found, dtype=float) if shape_of(found) == (6,) else np.zeros(0)
    require(
        not np.isneginf(values).any(),
        "Far from every image each density underflows to 0, and log 0 is −∞: stay in logarithms, use `logsumexp`.",
        expected=f"{right[0]:.1f} at the first point",
        actual="−inf",
    )
    offset = np.asarray(found, dtype=float) - right if values.size else None
    if offset is not None and np.isfinite(offset).all() and np.ptp(offset) < 1e-3:
        return  # a constant that is wrong is another check's business
    expect(found, close_to=right, rel=1e-3, message="Far from every image log q(z) should be finite, and right.")


@pytest.mark.exercise("aggregate-kl", points=0.5)
def test_bounded_memory(student):
    """4,000 points and 2,000 images need less than 100 MB, and no point is lost."""
    case = mixture(81, 3989, 2000, 2)
    *_, before, found, peak, _ = student.eval(ASK_PEAK, **case)
    expect(found, shape=(3989,), message="There should be one number for each point, those of the last chunk included.")
    some = slice(None, None, 97)
    right = logsumexp(log_terms(case["z"][some], case["m"], case["v"]).sum(axis=2), axis=1) - np.log(2000)
    offset = np.asarray(found, dtype=float)[some] - right
    require_finite(offset)
    if np.ptp(offset) > 1e-3:  # a constant that is wrong is another check's business
        _require_as_for_few(student, case, some, np.asarray(found, dtype=float)[some], right)
    require(
        peak - before <= 100e6,
        "The table of all pairs is in memory at once: process the points in chunks, and keep only each chunk's result.",
        expected="at most 100 MB",
        actual=f"{(peak - before) / 1e6:.0f} MB",
    )


def _require_as_for_few(student, case, some, values, right):
    """Fail where these values of a large array are wrong, unless they are as wrong with few points and few images."""
    alone = student.eval(ASK_DENSITY, **case | {"z": case["z"][some]})
    if shape_of(alone) == values.shape and np.allclose(alone, values, rtol=1e-3, atol=1e-3):
        few = mixture(79, 7, 5, 2)
        wanted = logsumexp(log_terms(few["z"], few["m"], few["v"]).sum(axis=2), axis=1) - np.log(5)
        found = student.eval(ASK_DENSITY, **few)
        if shape_of(found) != (7,) or not np.allclose(found, wanted, rtol=1e-3, atol=1e-3):
            return  # a formula that is wrong is another check's business
        expect(values, close_to=right, message="With 2,000 images the values are wrong, with a few they are right.")
    expect(values, close_to=right, message="In a large array the values differ from those of single points.")


# ---- grid


def reference_grid(n, low=0.05, high=0.95):
    """The grid, one point after the other."""
    p = np.linspace(low, high, n)
    z = stats.norm.ppf(p)
    return np.array([(z[column], z[n - 1 - line]) for line in range(n) for column in range(n)])


def ask_grid(student, n, call=None):
    """What `call` returns, as an array (n·n, 2)."""
    grid = student.eval(call or f"latent_grid({n})")
    pair = isinstance(grid, tuple | list) and len(grid) == 2 and shape_of(grid[0]) == (n, n)
    require(
        not pair,
        "You returned two tables, as from meshgrid: combine them into one array of points, (n·n, 2).",
        expected=f"shape ({n * n}, 2)",
        actual=f"two arrays of shape ({n}, {n})",
    )
    require(
        shape_of(grid) != (n, n, 2),
        "The points should be in one array, (n·n, 2), as a decoder takes them: reshape(-1, 2).",
        expected=f"shape ({n * n}, 2)",
        actual=f"shape ({n}, {n}, 2)",
    )
    require(
        shape_of(grid) != (2, n * n),
        "The array is transposed: one row for each point, (n·n, 2).",
        expected=f"shape ({n * n}, 2)",
        actual=f"shape (2, {n * n})",
    )
    expect(grid, shape=(n * n, 2), message="A grid of n rows and n columns has n·n points: return (n·n, 2).")
    return np.asarray(grid, dtype=float)


@pytest.mark.exercise("grid", points=1)
def test_quantiles_of_the_prior(student):
    """The coordinates are the quantiles of N(0, 1) at evenly spaced probabilities from 0.05 to 0.95."""
    grid = ask_grid(student, 5)
    p = np.linspace(0.05, 0.95, 5)
    z = stats.norm.ppf(p)
    known = [
        (np.linspace(-4, 4, 5), "These values are evenly spaced from −4 to 4, where no codes lie: use `norm.ppf`."),
        (
            np.linspace(z[0], z[-1], 5),
            "The ends are right, but the points are evenly spaced in z: space p evenly, then `norm.ppf(p)`.",
        ),
        (p, "These are the probabilities themselves: turn them into quantiles with `norm.ppf`."),
        (
            stats.norm.cdf(p),
            "`norm.cdf` turns z into probabilities; its inverse `norm.ppf` turns probabilities into z.",
        ),
        (stats.norm.pdf(p), "`norm.pdf` is the density; quantiles come from `norm.ppf`."),
        (
            stats.norm.ppf(np.linspace(0, 1, 7)[1:-1]),
            "The limits `low` and `high` aren't used: p runs from 0.05 to 0.95.",
        ),
        (
            stats.norm.ppf(np.linspace(0.05, 0.95, 5, endpoint=False)),
            "The end is missing: p = `high` belongs to the grid.",
        ),
        (stats.uniform.ppf(p), "The prior is the normal distribution: `norm.ppf`."),
    ]
    for i in (0, 1):
        values = np.sort(grid[:, i]).reshape(5, 5).mean(axis=1)
        expect(
            values,
            close_to=z,
            if_instead=known,
            message=f"The values of z_{i + 1} should be `norm.ppf(p)`, each five times, for p = 0.05 to 0.95.",
        )


@pytest.mark.exercise("grid", points=0.5)
def test_order_of_reading(student):
    """Along a row z_1 grows; from row to row z_2 falls."""
    grid = ask_grid(student, 3)
    right = reference_grid(3)
    for i in (0, 1):  # the values are another check's business: here their order counts
        values, rank = np.unique(np.round(grid[:, i], 6), return_inverse=True)
        grid[:, i] = right[:3, 0][rank] if len(values) == 3 else grid[:, i]
    table = right.reshape(3, 3, 2)
    expect(
        grid,
        close_to=right,
        if_instead=[
            (
                table[::-1].reshape(-1, 2),
                "The grid is upside down: the first row is the top one, with the *largest* z_2.",
            ),
            (
                table.swapaxes(0, 1).reshape(-1, 2),
                "The points go down the columns: go along the rows, z_1 changes from point to point.",
            ),
            (
                table.swapaxes(0, 1)[:, ::-1].reshape(-1, 2),
                "The points go up the columns: go along the rows, z_1 changes from point to point.",
            ),
            (right[:, ::-1], "The coordinates are exchanged: z_1 is the first column and changes from point to point."),
            (
                table[::-1].reshape(-1, 2)[:, ::-1],
                "The coordinates are exchanged: z_1 is the first column and changes from point to point.",
            ),
            (table[:, ::-1].reshape(-1, 2), "z_1 falls along a row: it should grow to the right."),
            (table[::-1, ::-1].reshape(-1, 2), "z_1 falls along a row: it should grow to the right, and z_2 upwards."),
        ],
        message="The first row has the largest z_2; along a row z_1 grows.",
    )


# ---- manifold

ASK_DECODER = (
    "(lambda log, modes: (lambda decoder: (decoder.set_weights([kernel, bias]), quick(decoder), {ask})[2])"
    "(functional"
    "(keras.Sequential([keras.Input((2,)), watch_rows(log), watch_modes(modes), keras.layers.Dense(784), "
    "keras.layers.Reshape((28, 28, 1))]))))([], [])"
)


def decoder_case(seed):
    """Weights of a linear decoder: its images differ from row to row and from column to column."""
    rng = np.random.default_rng(seed)
    return {
        "kernel": rng.normal(0, 1, (2, 784)).astype("float32"),
        "bias": rng.normal(0, 1, 784).astype("float32"),
    }


def right_tiles(student, case, n):
    """The right images, for the grid of this course and for the student's own, each (n, n, 28, 28)."""
    grids = [reference_grid(n)]
    try:
        own = np.asarray(student.eval(f"latent_grid({n})"), dtype=float)
        if own.shape == (n * n, 2):
            grids.append(own)
    except (StudentError, TypeError, ValueError):
        pass  # that is the business of the exercise `grid`
    return [(grid @ case["kernel"] + case["bias"]).reshape(n, n, 28, 28) for grid in grids]


def lay_out(tiles):
    """One large image of tiles (rows, columns, height, width)."""
    return np.block([list(line) for line in tiles])


@pytest.mark.exercise("manifold", points=0.5)
def test_one_large_image(student):
    """15×15 images form one of 420×420."""
    large = student.eval(ASK_DECODER.format(ask="decode_manifold(decoder)"), **decoder_case(71))
    require(
        shape_of(large) != (225, 28, 28, 1),
        "These are 225 single images: lay them out as one.",
        expected="shape (420, 420)",
        actual="shape (225, 28, 28, 1)",
    )
    require(
        shape_of(large) != (420, 420, 1),
        "The channel axis is left over: the result is a table of pixels, (28·n, 28·n).",
        expected="shape (420, 420)",
        actual="shape (420, 420, 1)",
    )
    expect(large, shape=(420, 420), message="With n = 15 the large image should have 28·15 = 420 rows and columns.")


@pytest.mark.exercise("manifold", points=1)
def test_each_image_in_its_cell(student):
    """The image in row i, column j is the decoded point i·n + j of the grid, upright."""
    case = decoder_case(72)
    large = student.eval(ASK_DECODER.format(ask="decode_manifold(decoder, n=4)"), **case)
    large = in_shape(large, (112, 112))
    expect(large, shape=(112, 112), message="With n = 4 the large image should have 28·4 = 112 rows and columns.")
    right = right_tiles(student, case, 4)
    for tiles in right:
        if np.allclose(large, lay_out(tiles), rtol=1e-3, atol=1e-3):
            return
    known = []
    for tiles in right:
        known += [
            (
                tiles.reshape(112, 112),
                "The images are cut to pieces: bring the axes into the order (row, y, column, x) before you flatten.",
            ),
            (
                lay_out(tiles.swapaxes(0, 1)),
                "Rows and columns of the grid are exchanged: point i·n + j belongs in row i, column j.",
            ),
            (lay_out(tiles[::-1]), "The grid is upside down: the first points of the grid are the top row."),
            (
                lay_out(tiles.swapaxes(2, 3)),
                "Each image is transposed: y is its first axis, x its second.",
            ),
            (
                lay_out(tiles.swapaxes(2, 3).swapaxes(0, 1)),
                "The whole grid is transposed: rows go down, columns to the right.",
            ),
            (lay_out(tiles[:, ::-1]), "Left and right of the grid are exchanged."),
        ]
    expect(
        large,
        close_to=lay_out(right[0]),
        rel=1e-3,
        abs=1e-3,
        if_instead=known,
        message="Row i, column j should show the image decoded from point i·n + j of `latent_grid(n)`.",
    )


@pytest.mark.exercise("manifold", points=0.5)
def test_one_call(student):
    """The decoder gets all n² points in one call."""
    ask = "{'large': decode_manifold(decoder, n=6), 'rows': log, 'modes': modes}"
    answer = student.eval(ASK_DECODER.format(ask=ask), **decoder_case(73))
    require_finite(answer["large"])
    rows = answer["rows"]
    require(rows, "The decoder wasn't called at all.", expected="one call with 36 points", actual="no call")
    require(
        max(rows) > 1,
        "You call the decoder for one point after the other: pass all n² points at once.",
        expected="one call with 36 points",
        actual=f"{len(rows)} calls with one point",
    )
    require(
        sum(rows) <= 36,
        "The decoder got more points than the grid has: each of them once is enough.",
        expected="36 points",
        actual=f"{sum(rows)} points",
    )
    require(
        len(rows) <= 2,  # predict, left alone, takes batches of 32: 32 + 4
        "You call the decoder for one row after the other: pass all n² points at once.",
        expected="one call with 36 points",
        actual=f"calls with {', '.join(map(str, rows))} points",
    )
    require_inference(answer["modes"], "The decoder")


# ---- purity


def distances(codes, others):
    """All distances, (n, m)."""
    return np.linalg.norm(np.asarray(codes, float)[:, None] - np.asarray(others, float)[None], axis=2)


def brute_purity(codes, labels, k):
    """Purity of each row, from the table of all distances."""
    table = distances(codes, codes) + np.diag(np.full(len(codes), np.inf))
    return (labels[table.argsort(axis=1)[:, :k]] == labels[:, None]).mean(axis=1)


def overlapping(seed, n, d, classes):
    """Clusters that overlap: codes (n, d) and their labels."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n)
    return rng.normal(0, 2, (classes, d))[labels] + rng.normal(0, 1, (n, d)), labels


@pytest.mark.exercise("purity", points=0.5)
def test_a_share_for_each_row(student):
    """Each row has a purity of its own, from 0 to 1."""
    codes, labels = overlapping(74, 80, 2, 4)
    purity = student.eval("neighbor_purity(codes, labels)", codes=codes, labels=labels)
    require(
        shape_of(purity) != (),
        "This is one number: return the purity of each row, (n,). The mean is taken afterwards.",
        expected="shape (80,)",
        actual="a single number",
    )
    require(
        shape_of(purity) != (4,),
        "This is one number for each label: return the purity of each row, (n,).",
        expected="shape (80,)",
        actual="shape (4,)",
    )
    expect(purity, shape=(80,), message="There should be one purity for each row, (n,).")
    require(
        np.max(purity) <= 1 + 1e-6,
        "Purity is a share: divide the number of neighbors with the same label by k.",
        expected="from 0 to 1",
        actual=f"up to {np.max(purity):.3g}",
    )
    expect(purity, between=(0, 1 + 1e-6), message="Purity is a share, from 0 to 1.")
    require_default(student, "neighbor_purity", 2, "k", 10)


@pytest.mark.exercise("purity", points=1)
def test_against_brute_force(student):
    """It is the share of the k nearest other rows with the same label."""
    codes, labels = overlapping(75, 150, 2, 4)
    purity = student.eval("neighbor_purity(codes, labels, k=7)", codes=codes, labels=labels)
    table = distances(codes, codes)
    order = table.argsort(axis=1)
    same = labels[order] == labels[:, None]
    expect(
        purity,
        close_to=brute_purity(codes, labels, 7),
        if_instead=[
            (same[:, :7].mean(axis=1), "The row itself is counted as its own nearest neighbor: leave it out."),
            (
                same[:, :8].mean(axis=1),
                "The row itself is counted as its own nearest neighbor, as number k + 1: leave it out.",
            ),
            (
                same[:, 1:7].mean(axis=1),
                "Only k − 1 neighbors are counted: ask for k + 1, as the first is the row itself.",
            ),
            (
                same[:, 1:7].sum(axis=1) / 7,
                "Only k − 1 neighbors are counted: ask for k + 1, as the first is the row itself.",
            ),
            (same[:, 1:11].mean(axis=1), "Ten neighbors are counted, whatever k is: use the argument."),
            (same[:, -7:].mean(axis=1), "These are the k rows that are farthest away: take the nearest."),
            (1 - same[:, 1:8].mean(axis=1), "This is the share of neighbors with *another* label."),
            (same.mean(axis=1), "All rows are counted as neighbors: only the k nearest."),
        ],
        message="It should be the share of the k nearest other rows that have the row's own label.",
    )


# ---- label-unknown


def votes(codes, labels, k, unknown=11):
    """For each unknown row, the labels that are most frequent among its k nearest known rows."""
    known = labels != unknown
    order = distances(codes[~known], codes[known]).argsort(axis=1)[:, :k]
    return [_most_frequent(row) for row in labels[known][order]]


def _most_frequent(labels):
    values, counts = np.unique(labels, return_counts=True)
    return set(values[counts == counts.max()].tolist())


def labels_found(student, codes, labels, call="label_unknown(codes, labels)", unknown=11):
    """What `call` returns, one label for each row and none of them unknown."""
    found = student.eval(call, codes=codes, labels=labels)
    hidden = int((labels == unknown).sum())
    require(
        shape_of(found) != (hidden,),
        "These are only the labels of the unknown rows: return those of all rows, the known ones as they were.",
        expected=f"shape ({len(labels)},)",
        actual=f"shape ({hidden},)",
    )
    expect(found, shape=(len(labels),), message="Return the labels of all rows, (n,).")
    return np.asarray(found)


@pytest.mark.exercise("label-unknown", points=0.5)
def test_known_labels_stay(student):
    """The known rows keep their labels, and no label is unknown anymore."""
    codes, labels = overlapping(76, 120, 2, 3)
    labels[::3] = 11
    found = labels_found(student, codes, labels)
    known = labels != 11
    require(
        np.array_equal(found[known], labels[known]),
        "Known labels were changed: only rows labeled `unknown` get a new one.",
        expected="the known labels as they were",
        actual=f"{int((found[known] != labels[known]).sum())} of {int(known.sum())} changed",
    )
    require(
        not (found == 11).any(),
        "Some rows are still labeled 11: unknown rows must not vote, and every one of them gets a label.",
        expected="no 11 left",
        actual=f"{int((found == 11).sum())} left",
    )


@pytest.mark.exercise("label-unknown", points=1)
def test_known_neighbors_vote(student):
    """An unknown row gets the most frequent label of its 15 nearest known rows."""
    codes, labels = overlapping(77, 300, 2, 4)
    rng = np.random.default_rng(77)
    labels[rng.random(300) < 0.6] = 11
    compare_votes(student, codes, labels, 15, "label_unknown(codes, labels)")


def compare_votes(student, codes, labels, k, call):
    """Hold the answer to `call` against the vote of the k nearest known rows, and against known mistakes."""
    found = labels_found(student, codes, labels, call)
    known = labels != 11
    right, got = votes(codes, labels, k), found[~known].tolist()
    off = [i for i, (label, modes) in enumerate(zip(got, right, strict=True)) if label not in modes]
    if not off:
        return
    order = distances(codes[~known], codes).argsort(axis=1)
    middles = np.array([codes[labels == digit].mean(axis=0) for digit in range(4)])
    among_all = [_most_frequent(row[row != 11]) if (row != 11).any() else {11} for row in labels[order[:, :k]]]
    mistakes = [
        (
            [_most_frequent(row) for row in labels[order[:, :k]]],
            "Unknown rows took part in the vote: look for neighbors among the known rows only.",
        ),
        (
            among_all,
            "Fewer than k known rows voted: find the k nearest among the known rows, not the known among the k "
            "nearest.",
        ),
        (
            [{int(m)} for m in distances(codes[~known], middles).argmin(axis=1)],
            "The nearest cluster mean decided: let the k nearest known rows vote.",
        ),
        (votes(codes, labels, 1), "Only the nearest known row decided: let the k nearest vote."),
        (votes(codes, labels, 15), "15 neighbors voted, whatever k is: use the argument."),
        (
            [_most_frequent(labels[known])] * len(got),
            "Every row got the most frequent label of all: only the k nearest vote.",
        ),
    ]
    for wrong, sentence in mistakes:
        if all(label in modes for label, modes in zip(got, wrong, strict=True)):
            fail(sentence, expected="the vote of the k nearest known rows", actual=f"{len(off)} of {len(got)} differ")
    if _voted_along(codes, labels, got, k):
        fail(
            "Rows whose label was just found voted too: only rows whose label was known from the start may vote.",
            expected="the vote of the k nearest known rows",
            actual=f"{len(off)} of {len(got)} differ",
        )
    mean = np.array([np.mean(row) for row in _nearest_labels(codes, labels, k)])
    if k > 1 and all(label in (np.floor(m), np.round(m)) for label, m in zip(got, mean, strict=True)):
        fail(
            "The labels of the neighbors were averaged: between a 0 and a 2 lies no 1. Take the most frequent one.",
            expected="the vote of the k nearest known rows",
            actual=f"{len(off)} of {len(got)} differ",
        )
    fail(
        "An unknown row should get the most frequent label of its k nearest known rows.",
        expected=f"{sorted(right[off[0]])[0]} for unknown row {off[0]}",
        actual=f"{got[off[0]]} ({len(off)} of {len(got)} differ)",
    )


def _voted_along(codes, labels, got, k):
    """Whether each unknown row has the label that wins among the k nearest rows that are known or came before it."""
    filled, voters = np.array(labels), labels != 11
    filled[~voters] = got
    for row in np.flatnonzero(labels == 11):
        nearest = np.flatnonzero(voters)[distances(codes[[row]], codes[voters])[0].argsort()[:k]]
        if filled[row] not in _most_frequent(filled[nearest]):
            return False
        voters[row] = True
    return True


def _nearest_labels(codes, labels, k):
    known = labels != 11
    return labels[known][distances(codes[~known], codes[known]).argsort(axis=1)[:, :k]]


@pytest.mark.exercise("label-unknown", points=0.5)
def test_k_neighbors(student):
    """k says how many neighbors vote, also k = 1; without an unknown row the labels stay as they are."""
    codes, labels = overlapping(78, 200, 2, 4)
    labels[::2] = 11
    for k in (1, 5):
        compare_votes(student, codes, labels, k, f"label_unknown(codes, labels, k={k})")
    known = labels != 11
    found = student.eval("label_unknown(codes, labels)", codes=codes[known], labels=labels[known])
    expect(found, equals=labels[known], message="Where every label is known, return the labels as they are.")
