"""Hidden checks of lesson 06: the same promises on inputs that nobody could have written down beforehand."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from autograder.checking.expect import expect, in_shape, require, shape_of

# Right answers to what later exercises call.
STAND_INS = {
    "known": (
        "def known_only(codes, labels, unknown=11):\n    return codes[labels != unknown], labels[labels != unknown]"
    ),
    "grid": (
        "def latent_grid(n, low=0.05, high=0.95):\n"
        "    import numpy\n"
        "    import scipy.stats\n"
        "    z = scipy.stats.norm.ppf(numpy.linspace(low, high, n))\n"
        "    return numpy.column_stack([numpy.tile(z, n), numpy.repeat(z[::-1], n)])"
    ),
}

# ---- encode

THREE_OUTPUTS = (
    "(lambda i: (lambda h: (lambda m, s: (lambda model: (model.set_weights([mk, mb, sk, sb]), "
    "{'codes': encode_means(model, x, batch_size=5), 'images': x})[1])"
    "(keras.Model(i, [m, s, keras.layers.Rescaling(1.0, offset=50.0)(m)])))"
    "(keras.layers.Dense(3)(h), keras.layers.Dense(3)(h)))(keras.layers.Flatten()(i)))(keras.Input((3, 2, 1)))"
)


@pytest.mark.exercise("encode", points=0.5)
def test_any_encoder(student, rng):
    """It holds for an encoder with three outputs and three latent dimensions, and leaves the images as they are."""
    x = rng.uniform(0, 1, (12, 3, 2, 1)).astype("float32")
    mk, sk = (rng.normal(0, 1, (6, 3)).astype("float32") for _ in range(2))
    mb, sb = (rng.normal(0, 1, 3).astype("float32") for _ in range(2))
    answer = student.eval(THREE_OUTPUTS, x=x, mk=mk, mb=mb, sk=sk, sb=sb)
    mean = x.reshape(12, 6).astype(float) @ mk + mb
    expect(
        answer["codes"],
        close_to=mean,
        rel=1e-3,
        abs=1e-3,
        if_instead=[
            (mean + 50, "An encoder may have three outputs: z_mean is the first, not the last."),
            (mean[:, :2], "You returned only two latent dimensions: the encoder may have more."),
            (mean[:10], "The last batch, which isn't full, is lost."),
        ],
        message="It should hold for an encoder with three outputs and any number of latent dimensions.",
    )
    require(np.array_equal(answer["images"], x), "The images were changed: leave the input as it is.")


# ---- known


@pytest.mark.exercise("known", points=0.5)
def test_any_codes(student, rng):
    """It holds for any number of dimensions, also where all or no labels are known, and leaves its input as it is."""
    labels = rng.integers(0, 5, 40)
    for unknown in (int(rng.integers(0, 5)), 99):
        codes = rng.normal(0, 1, (40, 3))
        ask = f"(lambda c, l: {{'out': known_only(c, l, {unknown}), 'given': (c, l)}})(codes, labels)"
        answer = student.eval(ask, codes=codes, labels=labels)
        message = "It should hold for any codes, labels and mark, also where every label is known."
        require(isinstance(answer["out"], tuple | list) and len(answer["out"]) == 2, message)
        kept, kept_labels = answer["out"]
        expect(kept, close_to=codes[labels != unknown], message=message)
        expect(kept_labels, equals=labels[labels != unknown], message=message)
        given = answer["given"]
        require(
            np.array_equal(given[0], codes) and np.array_equal(given[1], labels),
            "The input was changed: return new arrays.",
        )


# ---- scatter

PLOT = (
    "(lambda plt, before: (lambda given: (lambda ax: {{'same': ax is given, 'kind': type(ax).__name__, "
    "'axes': describe_axes(ax if hasattr(ax, 'get_legend') else given), "
    "'opened': len([plt.close(n) for n in plt.get_fignums() if n not in before]) - 2}})({call}))"
    "([plt.figure().subplots(), plt.figure()][0]))"  # not the axes that pyplot is at
    "(*(lambda plt: (plt, plt.get_fignums()))(__import__('matplotlib.pyplot').pyplot))"
)


def _colors(axes, codes):
    """The visible color of each row, (n, 3)."""
    colors, fronts = np.full((len(codes), 3), np.nan), [(-np.inf,)] * len(codes)
    for i, scatter in enumerate(axes["scatters"]):
        for j, point in enumerate(np.reshape(scatter["offsets"], (-1, 2))):
            off = np.abs(codes - point).sum(axis=1)
            row, key = int(off.argmin()), (scatter["zorder"], i, j)
            if off[row] < 1e-4 and len(scatter["colors"]) and key > fronts[row]:
                fronts[row], colors[row] = key, scatter["colors"][j % len(scatter["colors"])][:3]
    return colors


@pytest.mark.exercise("scatter", points=0.5)
def test_on_given_axes(student, rng):
    """With ax it draws there, opens no other figure, and holds for another mark and where all labels are known."""
    codes, labels = rng.normal(0, 1, (40, 2)), rng.permutation(np.repeat([-1, 1, 4, 7], 10))
    ask = PLOT.format(call="plot_latent(codes, labels, unknown=-1, ax=given)")
    found = student.eval(ask, codes=codes, labels=labels)
    require(
        found["same"],
        "With `ax` given, draw on it and return it.",
        expected="the axes that were given",
        actual=f"another {found['kind']}",
    )
    require(not found["opened"], "With `ax` given, no other figure should be opened.")
    colors = _colors(found["axes"], codes)
    require(not np.isnan(colors).any(), "With `ax` given, all rows should be drawn on it, with any mark for unknown.")
    gray = np.ptp(colors, axis=1) < 0.08
    require(
        gray[labels == -1].all(),
        "With `unknown=-1` the rows labeled −1 should be gray: use the argument.",
        expected="gray",
        actual=f"RGB {np.round(colors[labels == -1][~gray[labels == -1]][:1], 2).tolist()}",
    )
    known = labels != -1
    ask = PLOT.format(call="plot_latent(codes, labels, ax=given)")
    colors = _colors(student.eval(ask, codes=codes[known], labels=labels[known])["axes"], codes[known])
    require(not np.isnan(colors).any(), "It should also draw where every label is known.")


@pytest.mark.exercise("scatter", points=0.5)
def test_same_colors_in_every_figure(student, rng):
    """A digit has the same color, whichever digits are present."""
    codes, labels = rng.normal(0, 1, (60, 2)), rng.permutation(np.repeat(np.arange(10), 6))
    few = np.isin(labels, rng.choice(np.arange(1, 9), 4, replace=False))  # without 0 and 9 no digit keeps its rank
    ask = PLOT.format(call="plot_latent(codes, labels)")
    whole, part = (
        _colors(student.eval(ask, codes=codes[rows], labels=labels[rows])["axes"], codes[rows])
        for rows in (np.ones(60, bool), few)
    )
    require(
        not np.isnan(part).any() and not np.isnan(whole).any(),
        "Draw all rows, whichever digits are present.",
    )
    off = ~np.isclose(whole[few], part, atol=0.005).all(axis=1)
    require(
        not off.any(),
        "A digit changes its color when other digits are missing: choose the color by the digit, not by its rank.",
        expected="the same color in every figure",
        actual=f"another color for {', '.join(map(str, np.unique(labels[few][off]).tolist()))}",
    )


# ---- aggregate-kl


@pytest.mark.exercise("aggregate-kl", points=0.5)
def test_any_mixture(student, rng):
    """It holds for any number of points, images and dimensions, and leaves its input as it is."""
    for n, m, d in ((int(rng.integers(2, 9)), int(rng.integers(10, 30)), int(rng.integers(3, 7))), (5, 1, 1)):
        z, mean, log_var = rng.normal(0, 1.5, (n, d)), rng.normal(0, 1, (m, d)), rng.uniform(-3, 2, (m, d))
        ask = "(lambda z, m, v: {'found': aggregate_posterior_log_density(z, m, v), 'given': (z, m, v)})(z, m, v)"
        answer = student.eval(ask, z=z, m=mean, v=log_var)
        terms = stats.norm.logpdf(z[:, None], mean, np.exp(0.5 * log_var)).sum(axis=2)
        right = logsumexp(terms, axis=1) - np.log(m)
        expect(
            answer["found"],
            close_to=right,
            rel=1e-3,
            if_instead=[
                (right + d / 2 * np.log(2 * np.pi) - np.log(2 * np.pi), "−½·log 2π belongs to *each* dimension."),
            ]
            if d != 2
            else [],
            message="It should hold for any number of points, images and dimensions.",
        )
        same = all(np.array_equal(a, b) for a, b in zip(answer["given"], (z, mean, log_var), strict=True))
        require(same, "The input was changed: leave z, z_mean and z_log_var as they are.")


@pytest.mark.exercise("aggregate-kl", points=0.5)
def test_five_thousand_images(student, rng):
    """200 points and 5,000 narrow Gaussians, in float32 as an encoder returns them, have the right values."""
    mean, log_var = rng.normal(0, 1, (5000, 2)), rng.uniform(-8, -5, (5000, 2))
    z = (mean + np.exp(0.5 * log_var) * rng.normal(0, 1, (5000, 2)))[:200]
    z, mean, log_var = (part.astype("float32") for part in (z, mean, log_var))
    found = student.eval("aggregate_posterior_log_density(z, m, v)", z=z, m=mean, v=log_var)
    expect(found, shape=(200,), message="There should be one number for each of the 200 points.")
    some = rng.choice(200, 40, replace=False)
    wide = [part.astype(float) for part in (z[some], mean, log_var)]
    terms = stats.norm.logpdf(wide[0][:, None], wide[1], np.exp(0.5 * wide[2])).sum(axis=2)
    message = "With 5,000 images the values should be right too."
    right = logsumexp(terms, axis=1) - np.log(5000)
    expect(np.asarray(found, dtype=float)[some], close_to=right, rel=1e-2, abs=1e-2, message=message)


# ---- grid


@pytest.mark.exercise("grid", points=0.5)
def test_any_grid(student, rng):
    """It holds for any number of rows and any limits."""
    for n in (2, int(rng.integers(4, 12))):
        low, high = float(rng.uniform(0.01, 0.3)), float(rng.uniform(0.6, 0.99))
        grid = student.eval(f"latent_grid({n}, low={low!r}, high={high!r})")
        z = stats.norm.ppf(np.linspace(low, high, n))
        wanted = np.array([(z[column], z[n - 1 - line]) for line in range(n) for column in range(n)])
        fixed = stats.norm.ppf(np.linspace(0.05, 0.95, n))
        mirrored = stats.norm.ppf(np.linspace(1 - high, high, n))
        expect(
            grid,
            close_to=wanted,
            if_instead=[
                (
                    np.array([(fixed[c], fixed[n - 1 - r]) for r in range(n) for c in range(n)]),
                    "The limits are always 0.05 and 0.95: use `low` and `high`.",
                ),
                (
                    np.array([(mirrored[c], mirrored[n - 1 - r]) for r in range(n) for c in range(n)]),
                    "The lower limit was taken as 1 − high: use `low`.",
                ),
                (
                    np.array([(z[c], -z[r]) for r in range(n) for c in range(n)]),
                    "z_2 was reversed by its sign: that is right only for symmetric limits. Reverse the order.",
                ),
            ],
            message="It should hold for any n, low and high.",
        )


# ---- manifold


@pytest.mark.exercise("manifold", points=0.5)
def test_any_decoder(student, rng):
    """It holds for any decoder and any number of rows."""
    n = int(rng.integers(2, 9))
    kernel, bias = rng.normal(0, 1, (2, 784)).astype("float32"), rng.normal(0, 1, 784).astype("float32")
    answer = student.eval(
        "(lambda decoder: (decoder.set_weights([kernel, bias]), "
        f"{{'large': decode_manifold(decoder, {n}), "
        f"'grid': raised(lambda: latent_grid({n})) or latent_grid({n})}})[1])"
        "(functional"
        "(keras.Sequential([keras.Input((2,)), keras.layers.Dense(784), keras.layers.Reshape((28, 28, 1))])))",
        kernel=kernel,
        bias=bias,
    )
    z = stats.norm.ppf(np.linspace(0.05, 0.95, n))
    grids = [np.array([(z[c], z[n - 1 - r]) for r in range(n) for c in range(n)])]
    if shape_of(answer["grid"]) == (n * n, 2):
        grids.append(np.asarray(answer["grid"], float))
    right = []
    for grid in grids:
        images = (grid @ kernel + bias).reshape(n, n, 28, 28)
        right.append(images.transpose(0, 2, 1, 3).reshape(28 * n, 28 * n))
    message = "It should hold for any decoder and any n."
    found = in_shape(answer["large"], (28 * n, 28 * n))
    expect(found, shape=(28 * n, 28 * n), message=message)
    if not any(np.allclose(found, large, rtol=1e-3, atol=1e-3) for large in right):
        expect(found, close_to=right[0], rel=1e-3, abs=1e-3, message=message)


# ---- purity


@pytest.mark.exercise("purity", points=0.5)
def test_any_neighbors(student, rng):
    """It holds for other k and more dimensions, and leaves its input as it is."""
    labels = rng.integers(0, 6, 200)
    codes = rng.normal(0, 1.5, (6, 5))[labels] + rng.normal(0, 1, (200, 5))
    table = np.linalg.norm(codes[:, None] - codes[None], axis=2) + np.diag(np.full(200, np.inf))
    order = table.argsort(axis=1)
    for k in (1, int(rng.integers(3, 30))):
        ask = f"(lambda c, l: {{'purity': neighbor_purity(c, l, {k}), 'given': (c, l)}})(codes, labels)"
        answer = student.eval(ask, codes=codes, labels=labels)
        wanted = (labels[order[:, :k]] == labels[:, None]).mean(axis=1)
        expect(answer["purity"], close_to=wanted, message="It should hold for any k and any number of dimensions.")
        require(
            np.array_equal(answer["given"][0], codes) and np.array_equal(answer["given"][1], labels),
            "The input was changed: leave codes and labels as they are.",
        )
    which = np.repeat(np.arange(4), 30)
    collapsed = rng.normal(0, 5, (4, 2))[which]
    purity = student.eval("neighbor_purity(codes, labels, 10)", codes=collapsed, labels=which)
    message = "Where many codes are equal, as in a collapsed latent space, the nearest rows are equal ones."
    expect(purity, close_to=np.ones(120), message=message)


# ---- label-unknown


@pytest.mark.exercise("label-unknown", points=0.5)
def test_share_that_is_right(student, rng):
    """On clusters whose labels only the instructor has, as many are right as a vote can get."""
    truth = rng.integers(0, 10, 700)
    codes = rng.normal(0, 2.5, (10, 4))[truth] + rng.normal(0, 1, (700, 4))
    hidden = rng.random(700) < 0.4
    found = student.eval("label_unknown(codes, labels, unknown=-1)", codes=codes, labels=np.where(hidden, -1, truth))
    expect(found, shape=(700,), message="Return the labels of all rows, (n,).")
    off = np.linalg.norm(codes[hidden][:, None] - codes[~hidden][None], axis=2)
    nearest = truth[~hidden][off.argsort(axis=1)[:, :15]]
    counts = (nearest[:, :, None] == np.arange(10)).sum(axis=1)
    wins = counts[np.arange(len(counts)), truth[hidden]]
    rivals = np.where(np.arange(10) == truth[hidden][:, None], -1, counts).max(axis=1)
    sure = float((wins > rivals).mean())  # however ties are broken
    share = float((np.asarray(found)[hidden] == truth[hidden]).mean())
    require(
        share >= sure - 1e-9,
        "Fewer hidden labels are right than the vote of the 15 nearest known rows gets, in four dimensions and "
        "with another mark.",
        expected=f"at least {sure:.1%} right",
        actual=f"{share:.1%} right",
    )


@pytest.mark.exercise("label-unknown", points=0.5)
def test_few_voters_and_input(student, rng):
    """With fewer than k known rows all of them vote, and the input stays as it is."""
    codes = rng.normal(0, 1, (30, 2))
    labels = np.full(30, 11)
    labels[:5] = (2, 7, 7, 7, 2)
    ask = "(lambda c, l: {'found': label_unknown(c, l), 'given': (c, l)})(codes, labels)"
    answer = student.eval(ask, codes=codes, labels=labels)
    require(
        np.array_equal(answer["given"][1], labels) and np.array_equal(answer["given"][0], codes),
        "The input was overwritten: fill a copy.",
    )
    wanted = np.array([2, 7, 7, 7, 2, *[7] * 25])
    expect(answer["found"], equals=wanted, message="Where fewer than k rows are known, all of them should vote.")
