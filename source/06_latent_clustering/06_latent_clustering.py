# %% [markdown]
# # 06 · Latent clustering: what the plane learned
#
# **You will be able to**
# - draw the plane of codes so that everyone can read it, the color-blind included, and say what each cloud is;
# - draw the whole plane as one picture of pictures, in one call of the decoder;
# - measure how pure the clusters are, in place of admiring them;
# - give unlabeled pictures a label from their neighbors, and find out how often that goes right;
# - say what a grid over the plane is, and what it isn't.
#
# **Time** about 60 minutes · **Points** 20 · **Builds on** lessons 03 and 05 · **Next** [lesson 07](../07_vae_class/07_vae_class.ipynb)
#
# The cells marked TO DO are yours. Under each stands a `check`: run it as often as you like.

# %%
import vaelab.quiet  # first, so that TensorFlow starts without its log lines

import math
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pyarrow as pa
from keras import layers, ops
from matplotlib.lines import Line2D
from pyarrow import csv
from scipy import stats
from scipy.spatial import KDTree

from autograder import check
from vaelab import LatentExplorer, datasets, plots
from vaelab.datasets.files import data_file
from vaelab.progress import LiveLine

keras.utils.set_random_seed(237)

# %% [markdown]
# ## 1 · Where we stand
#
# You need three things from earlier lessons: the pipeline of lesson 03, the VAE of lesson 05, and time to train it. The
# first two stand in the next cells, unchanged. Skim them; nothing in them is new. The third has been saved for you.

# %% tags=["given"]
PIXELS = [f"pixel{i}" for i in range(28 * 28)]


# %% tags=["given"]
# From lesson 3: read

# %% tags=["given"]
# From lesson 3: unlabeled

# %% tags=["given"]
# From lesson 3: combine

# %% tags=["given"]
# From lesson 3: hold-out

# %% tags=["given"]
# From lesson 3: images

# %% tags=["given"]
# From lesson 2: reparameterize

# %% tags=["given"]
# From lesson 2: sampling

# %% tags=["given"]
# From lesson 5: reconstruction-loss

# %% tags=["given"]
# From lesson 5: kl-divergence

# %% tags=["given"]
# From lesson 5: loss-layer

# %% tags=["given"]
# From lesson 5: build-vae

# %% [markdown]
# ### A wider pair
#
# `build_vae` takes any encoder and decoder. Ours are made of Dense layers, like the fast pair of lesson 05, with half
# as many units again and one layer more on either side. The code of a picture is still two numbers.


# %% tags=["given"]
def dense(units):
    """A hidden layer: ReLU, with the initial weights that suit it."""
    return layers.Dense(units, activation="relu", kernel_initializer="he_normal")


def build_encoder(latent_dim=2):
    """Dense encoder: images (batch, 28, 28, 1) → [z_mean, z_log_var], each (batch, latent_dim)."""
    images = keras.Input((28, 28, 1))
    h = dense(128)(dense(256)(dense(384)(layers.Flatten()(images))))
    z_mean, z_log_var = layers.Dense(latent_dim, name="z_mean")(h), layers.Dense(latent_dim, name="z_log_var")(h)
    return keras.Model(images, [z_mean, z_log_var], name="encoder")


def build_decoder(latent_dim=2):
    """Dense decoder: codes (batch, latent_dim) → images (batch, 28, 28, 1) in [0, 1]."""
    z = keras.Input((latent_dim,))
    h = dense(384)(dense(256)(dense(128)(z)))
    pixels = layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(h))
    return keras.Model(z, pixels, name="decoder")


# %% tags=["given"]
def train(vae, images, epochs, batch_size=256, peak=6e-3):
    """Train a VAE with Adam. Its learning rate climbs to `peak` in the first tenth, then falls to 0 along a cosine.

    images: (n, 28, 28, 1) in [0, 1]. Returns the History.
    """
    steps = epochs * math.ceil(len(images) / batch_size)
    climb = steps // 10
    rate = keras.optimizers.schedules.CosineDecay(
        peak / 10, decay_steps=steps - climb, warmup_target=peak, warmup_steps=climb
    )
    vae.compile(optimizer=keras.optimizers.Adam(rate), jit_compile=False)  # XLA gains nothing on a CPU
    return vae.fit(images, batch_size=batch_size, epochs=epochs, callbacks=[LiveLine()], verbose=0)


# %% tags=["skip-grading"]
train_raw, test_raw = read_raw(*datasets.mnist_csv_files())
train_rows, valid_rows = hold_out(combine(train_raw, mark_unlabeled(test_raw)))
x_train, y_train = to_images(train_rows)
x_valid, y_valid = to_images(valid_rows)
del train_raw, test_raw, train_rows, valid_rows
unlabeled = np.sum(y_valid == 11)
print(f"{len(x_train):,} pictures to train on; {len(x_valid):,} held out, {unlabeled:,} of them without a label")

# %% [markdown]
# ### Train, or load
#
# Trained by this very code, but over 30 epochs, a pair waits for you in `data/checkpoints/` (made by
# `data/make_mnist_checkpoint.py`; its scores stand beside it). To train one yourself, set `train_anew = True`: eight
# epochs, under a minute on two free cores, and a few nats short of the saved pair. Yours will arrange the clouds in
# another way (section 9 says why). Everything below works with either.

# %% tags=["skip-grading"]
train_anew = False
encoder, decoder = build_encoder(), build_decoder()
vae = build_vae(encoder, decoder)
if train_anew:
    losses = train(vae, x_train, epochs=8).history["loss"]
    print("loss of each epoch, in nats:", ", ".join(f"{loss:.1f}" for loss in losses))
else:
    encoder.load_weights(data_file("checkpoints/mnist_2d_encoder.weights.h5"))
    decoder.load_weights(data_file("checkpoints/mnist_2d_decoder.weights.h5"))

scores = vae.evaluate(x_valid, batch_size=500, verbose=0, return_dict=True)
parts = f"reconstruction {scores['reconstruction_loss']:.1f} + KL {scores['kl_loss']:.2f}"
print(f"held-out −ELBO {scores['loss']:.1f} nats = {parts}")

# %% [markdown]
# Below 142 nats, where the two epochs of lesson 05 end just below 150. No label went into this: the loss has
# never heard of digits. So what does the plane know of them?
#
# ## 2 · From pictures to points
#
# To draw a picture as a point you need *one* code for it, and the encoder gives a cloud. Take its middle, `z_mean`. Why
# not a draw, as in training? Because a draw puts the same picture in another place each time. Noise is there to teach
# the decoder; here it would only blur the map.
#
# An encoder may have two outputs, `[z_mean, z_log_var]`, or three, with a draw `z` behind them (the class of lesson 07
# has three). And the codes must come in the order of the pictures, all of them, the last incomplete batch too: else
# they no longer belong to their labels.
#
# ### TO DO · `encode`
# Encode any number of pictures, `batch_size` at a time.


# %% exercise="encode"
def encode_means(encoder, images, batch_size=512):
    """z_mean of each image, in the order of the images: always the same for the same image.

    encoder: a Keras model whose outputs are [z_mean, z_log_var] or [z_mean, z_log_var, z].
    images: (n, height, width, channels). batch_size: how many images pass through the encoder at a time, at most.
    Returns a NumPy array (n, latent_dim).
    """
    ### BEGIN SOLUTION
    return encoder.predict(images, batch_size=batch_size, verbose=0)[0]
    ### END SOLUTION


# %% check="encode"
check("encode")

# %% tags=["skip-grading"]
z_train, z_valid = encode_means(encoder, x_train), encode_means(encoder, x_valid)
for name, codes in {"trained on": z_train, "held out": z_valid}.items():
    mean, spread = codes.mean(axis=0).round(2), codes.std(axis=0).round(2)
    print(f"{name:>10}: {codes.shape}, mean {mean}, standard deviation {spread}")

# %% [markdown]
# Mean near 0 and standard deviation near 1, in both columns: the KL term has done its work, and the held-out pictures
# look like the others.
#
# ## 3 · Labels, and a label that is none
#
# In lesson 03 the 28,000 rows of `test.csv` got the label 11. It says "unknown", but it *is* a number, and nothing
# keeps a program from counting it as an eleventh digit. Two numbers that look like a result and are none:

# %% tags=["skip-grading"]
print(f"mean label of the held-out rows: {y_valid.mean():.2f}, without the elevens {y_valid[y_valid != 11].mean():.2f}")
print(f"'classes' found: {len(np.unique(y_valid))}")

# %% [markdown]
# So whatever computes with labels leaves the unknown ones out first.
#
# ### TO DO · `known`
# Keep the rows whose label is known, the codes and the labels together. Don't build 11 in: another data set will mark
# its unlabeled rows with −1.


# %% exercise="known"
def known_only(codes, labels, unknown=11):
    """The rows whose label is known, in their order: (codes, labels).

    codes: (n, d). labels: (n,) integers, `unknown` where nobody knows; both stay as they are.
    Returns arrays (m, d) and (m,).
    """
    ### BEGIN SOLUTION
    known = labels != unknown
    return codes[known], labels[known]
    ### END SOLUTION


# %% check="known"
check("known")

# %% [markdown]
# ## 4 · Ten colors that stay ten
#
# Ten digits need ten colors that everyone can tell apart. About one man in twelve and one woman in two hundred have a
# weakness for red or green. For the strong forms one can compute what a color looks like (Machado and others, 2009).
# Below, four palettes as three kinds of eyes see them. The number is the distance of the two most similar fields in
# CIELAB, a color space made so that a distance of about 2 can just be noticed.

# %% tags=["given"]
PALETTES = {
    "hsv": plt.colormaps["hsv"](np.linspace(0, 1, 10)),
    "tab10": plt.colormaps["tab10"].colors,
    "viridis": plt.colormaps["viridis"](np.linspace(0, 1, 10)),
    "Tol's, and black": [
        "#CC6677",
        "#332288",
        "#DDCC77",
        "#117733",
        "#88CCEE",
        "#882255",
        "#44AA99",
        "#999933",
        "#AA4499",
        "#000000",
    ],
}

# %% tags=["skip-grading"]
plots.show(
    plots.draw_palettes(PALETTES),
    alt="Four palettes of ten colors, as typical, red-blind and green-blind eyes see them, with the smallest "
    "difference in each. hsv: 6.7, 3.8 and 0.2; typical eyes find its first and last field equal too. tab10: "
    "27.7, 4.6 and 7.2. viridis: 14.4, 7.6 and 8.2. Tol's muted colors and black: 22.8, 15.6 and 17.3.",
)

# %% [markdown]
# What did we see?
#
# - **hsv**, the rainbow of many published latent plots, begins and ends with red: 0 and 9 are nearly one color to
#   everybody. To the red-blind and the green-blind so are several other pairs.
# - **tab10**, matplotlib's default, is clear to typical eyes. To the red-blind its 1 and 2, orange and green, are
#   nearly the same. And its 7 is gray, the color that we want for "unknown".
# - **viridis** holds for all, but its neighbors are close, and it puts the digits on a scale from small to large. A
#   digit isn't an amount.
# - Paul Tol's nine "muted" colors were chosen for this very purpose; black makes ten.
#
# The check below asks for a smallest difference of at least **6** in all three kinds of eyes, among the digits and
# between digits and gray. `plots.smallest_difference(colors)` gives it for your own list.
#
# ### TO DO · `scatter`
# Draw the map. What will be looked at:
#
# - `ax.scatter` draws every row; all points of a digit have one color, the same in each figure, whichever digits
#   are there;
# - unknown rows are gray and lie **behind** all others (drawn first, or with a lower `zorder`): they are two fifths of
#   all and would bury the rest;
# - a legend on the axes names each digit and says in words what gray is;
# - both axes have a label, and the same scale (`aspect="equal"`). The prior is round; a stretched map would show it as
#   an ellipse.


# %% exercise="scatter"
def plot_latent(codes, labels, unknown=11, ax=None):
    """A map of the plane of codes: a color for each digit, unlabeled rows gray and behind, legend, equal scales.

    codes: (n, 2). labels: (n,) integers 0 to 9, `unknown` where nobody knows.
    ax: the Axes to draw on, None for a new figure. Returns the Axes.
    """
    ### BEGIN SOLUTION
    if ax is None:
        _, ax = plt.subplots(figsize=(7.6, 6.4))
    colors = PALETTES["Tol's, and black"]
    hidden = labels == unknown
    if hidden.any():
        ax.scatter(*codes[hidden].T, s=5, color="0.75", linewidths=0, label="unknown", zorder=1)
    for digit in range(10):
        rows = labels == digit
        if rows.any():
            ax.scatter(*codes[rows].T, s=5, color=colors[digit], linewidths=0, label=str(digit), zorder=2)
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), markerscale=3)
    return ax
    ### END SOLUTION


# %% check="scatter"
check("scatter")


# %% tags=["skip-grading"]
def number_clouds(ax, codes, labels):
    """Write each digit on the middle of its cloud, so that the map can be read without colors too."""
    for digit in range(10):
        middle = np.median(codes[labels == digit], axis=0)
        ax.text(*middle, digit, ha="center", va="center", fontsize=11, weight="bold",
                bbox={"boxstyle": "circle,pad=0.1", "facecolor": "white", "alpha": 0.85, "linewidth": 0})  # fmt: skip


ax = plot_latent(z_valid, y_valid)
number_clouds(ax, *known_only(z_valid, y_valid))
ax.set(title="5,000 held-out pictures on the plane")
plots.show(
    ax.figure,
    alt="Scatter plot of the held-out codes: ten colored clouds around the origin, some with clear borders like 0 "
    "and 1, others mixed, such as 4 with 9. Gray points of the unlabeled rows lie behind and fill the same "
    "clouds.",
)

# %% [markdown]
# Nobody told the model that there are ten digits, and there they are. Some clouds, such as 0, 1 and 6, are islands;
# others run into each other, above all 4 and 9, which share most of their ink. The middle is crowded, and for a reason:
# the prior is densest there. And the gray points lie where the colored ones lie. Is that so, or does it only look like
# it? Measure: how far is an unlabeled picture from the nearest labeled one of the training set, and how far is a
# labeled one?

# %% tags=["skip-grading"]
labeled = KDTree(known_only(z_train, y_train)[0])
distances, _ = labeled.query(z_valid)
for name, rows in {"labeled": y_valid != 11, "unlabeled": y_valid == 11}.items():
    quartiles = ", ".join(f"{q:.4f}" for q in np.quantile(distances[rows], [0.25, 0.5, 0.75]))
    print(f"{name:>9} held-out codes: quartiles of the distance {quartiles}")

# %% [markdown]
# The same, to within chance. Both kinds of rows come from the same source, so they had better. In your own data it need
# not be: an unlabeled set from another camera, another clinic or another year lands elsewhere, and this plot is where
# you would see it first.
#
# ## 5 · Where the codes are, and where the prior is
#
# New pictures come from the prior $\mathcal{N}(0, I)$, so the map had better cover it and go no further. In two
# dimensions the prior puts the share $1 - e^{-r^2/2}$ into a circle of radius $r$. In words: half lies within 1.18 of
# the origin, nine tenths within 2.15.

# %% tags=["skip-grading"]
radii = {share: math.sqrt(-2 * math.log(1 - share)) for share in (0.5, 0.9, 0.99)}
figure, axes = plt.subplots(figsize=(6.6, 5.4))
bins = axes.hexbin(*z_train.T, gridsize=60, mincnt=1, cmap="Greys", bins="log")
figure.colorbar(bins, label="codes in a cell (logarithmic)")
for (share, radius), style in zip(radii.items(), ("-", "--", ":"), strict=True):
    axes.add_patch(plt.Circle((0, 0), radius, fill=False, linestyle=style, linewidth=1.8, color="C1"))
    axes.text(0, radius, f"{share:.0%}", ha="center", va="bottom", color="C1", weight="bold")
    print(f"within the prior's {share:.0%} circle: {np.mean(np.hypot(*z_train.T) < radius):.1%} of the codes")
axes.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal", title="65,000 codes, and three circles of the prior")
plots.show(
    figure,
    alt="Density of the training codes on the plane with three circles that hold 50, 90 and 99 percent of the prior. "
    "The codes fill the circles, denser in some spots, thinner along the seams between clouds; few lie beyond the"
    " outer circle.",
)

# %% [markdown]
# Roughly the shares that the circles promise, with seams in between. A draw from the prior that lands on a seam gives a
# picture between two digits. That is the price of having no holes (lesson 01).
#
# ## 6 · A map made of pictures
#
# The other way around: choose points all over the plane, decode each, and lay the pictures out as a mosaic. Which
# points? Spaced evenly *in probability*: if $\Phi$ is the distribution function of $\mathcal{N}(0, 1)$, take
#
# $$z = \Phi^{-1}(p), \qquad p \text{ evenly spaced from } 0.05 \text{ to } 0.95 .$$
#
# In words: in each dimension the strip between two neighboring values holds the same share of the prior, so the points
# stand close where codes are many and far apart where they are few. $\Phi^{-1}$ is
# [`scipy.stats.norm.ppf`](https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.norm.html).
#
# Then the order. A mosaic is filled as one reads, line by line from the top left. For the mosaic to lie like the map,
# $z_1$ must grow to the right and $z_2$ **upwards**: the first line holds the *largest* $z_2$.
#
# ### TO DO · `grid`
# For `n = 2` with the given limits the rows are (−1.64, 1.64), (1.64, 1.64), (−1.64, −1.64), (1.64, −1.64).


# %% exercise="grid"
def latent_grid(n, low=0.05, high=0.95):
    """n·n points of the plane at evenly spaced quantiles of N(0, 1), from `low` to `high` in each dimension.

    Returns (n·n, 2), line by line as one reads: in a line z_1 grows, from line to line z_2 falls.
    """
    ### BEGIN SOLUTION
    values = stats.norm.ppf(np.linspace(low, high, n))
    z_1, z_2 = np.meshgrid(values, values[::-1])
    return np.column_stack([z_1.ravel(), z_2.ravel()])
    ### END SOLUTION


# %% check="grid"
check("grid")

# %% [markdown]
# ### One call
#
# Decode the grid. Published code likes to do it in two nested loops, with one `predict` for each picture: 225 calls for
# 15×15, 1,600 for 40×40. A call has a price of its own, however little is in it. It sets up a loop over batches, wakes
# the callbacks, moves the data there and back. One call with 225 codes pays it once.
#
# What comes back is a stack of pictures (n², 28, 28, 1). To make a mosaic of it, give it the axes (line, column, y, x)
# and bring them into the order (line, y, column, x) before you flatten: a row of pixels in the mosaic runs through all
# pictures of a line.
#
# ### TO DO · `manifold`
# Put your `latent_grid` and a decoder together.


# %% exercise="manifold"
def decode_manifold(decoder, n=15):
    """A mosaic of n×n decoded pictures, over `latent_grid(n)`: one call of `decoder.predict` for all of them.

    decoder: a Keras model from codes (m, 2) to images (m, 28, 28, 1). Returns a NumPy array (28·n, 28·n).
    """
    ### BEGIN SOLUTION
    pictures = decoder.predict(latent_grid(n), batch_size=512, verbose=0)
    return pictures.reshape(n, n, 28, 28).swapaxes(1, 2).reshape(28 * n, 28 * n)
    ### END SOLUTION


# %% check="manifold"
check("manifold")


# %% tags=["skip-grading"]
def show_mosaic(mosaic, values, ax):
    """Draw a mosaic with the z of some of its lines and columns along the sides; values: z of each column."""
    side = mosaic.shape[0] / len(values)
    ax.imshow(mosaic, vmin=0, vmax=1, interpolation="antialiased")
    some = np.linspace(0, len(values) - 1, 5).astype(int)
    ticks, names = side * (some + 0.5), [f"{values[i]:z.2f}" for i in some]
    ax.set_xticks(ticks, names)
    ax.set_yticks(ticks, names[::-1])
    ax.set(xlabel="$z_1$", ylabel="$z_2$")
    ax.grid(visible=False)


figure, axes = plt.subplots(figsize=(7.4, 7.4))
show_mosaic(decode_manifold(decoder), latent_grid(15)[:15, 0], axes)
axes.set(title="15×15 points of the plane, decoded")
plots.show(
    figure,
    alt="A mosaic of 15 by 15 decoded digits. Each digit has a region of its own; neighbors change into each other "
    "step by step, and pictures on the borders are blends.",
)

# %% [markdown]
# Hold it against the map in section 4: same digits, same places. And look at what changes *within* a digit: slant and
# thickness. Two numbers hold more than which digit it is.
#
# ### Walk there yourself
#
# Drag over the plane, or click into it and use the arrow keys. Find the place where a 4 turns into a 9, and look at the
# nearest known codes on the way.

# %% tags=["skip-grading"]
LatentExplorer(decoder, z_valid, y_valid)

# %% [markdown]
# Now finer, 40×40, with the price of both ways measured.

# %% tags=["skip-grading"]
start = time.perf_counter()
mosaic = decode_manifold(decoder, n=40)
print(f"40×40 = 1,600 pictures in one call: {time.perf_counter() - start:.2f} s")

start = time.perf_counter()
decode_manifold(decoder, n=15)
together = time.perf_counter() - start
start = time.perf_counter()
for code in latent_grid(15)[:45]:  # three of the fifteen lines are enough to see it
    decoder.predict(code[None], verbose=0)
one_by_one = 5 * (time.perf_counter() - start)
print(f"15×15 = 225 pictures in one call: {together:.2f} s")
print(f"in 225 calls: {one_by_one:.1f} s (five times what 45 took), {one_by_one / together:.0f} times as long")

figure, axes = plt.subplots(figsize=(8.2, 8.2))
show_mosaic(mosaic, latent_grid(40)[:40, 0], axes)
axes.set(title="40×40 points of the plane, decoded")
plots.show(
    figure,
    alt="A mosaic of 40 by 40 decoded digits, so fine that regions show like countries on a map: large ones for 0 and"
    " 1, narrow borders of blurred shapes in between.",
)

# %% [markdown]
# ## 7 · Find the bug
#
# This is how many published notebooks choose their grid:
#
# ```python
# grid_x = np.linspace(-4, 4, n)
# grid_y = np.linspace(-4, 4, n)[::-1]
# ```
#
# It runs, and a mosaic comes out. Before you go on: what is at $(4, 4)$?

# %% tags=["skip-grading"]
values = np.linspace(-4, 4, 15)
even = np.column_stack([axis.ravel() for axis in np.meshgrid(values, values[::-1])])
everyone = KDTree(z_train)
for name, grid in {"quantiles": latent_grid(15), "linspace(-4, 4)": even}.items():
    far, radius = everyone.query(grid)[0] > 0.25, np.hypot(*grid.T)
    print(f"{name:>16}: {np.mean(radius > radii[0.99]):.0%} of the points lie beyond the prior's 99 % circle,")
    print(f"{'':18}{np.sum(radius < radii[0.5])} of 225 within its 50 % circle; {np.mean(far):.0%} have no code near")
print(f"share of the prior as far out as (4, 4): {math.exp(-16):.0e}")

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 5.2))
left.hexbin(*z_train.T, gridsize=50, mincnt=1, cmap="Greys", bins="log")
left.plot(*even.T, "x", color="C1", markersize=5, label="linspace(-4, 4)")
left.plot(*latent_grid(15).T, "o", color="C0", markersize=3.5, label="quantiles, 0.05 to 0.95")
left.set(
    xlabel="$z_1$",
    ylabel="$z_2$",
    aspect="equal",
    title="Two grids over the training codes",
    xlim=(-4.9, 4.9),
    ylim=(-4.9, 4.9),
)
left.legend(loc="upper center", ncol=2)
pictures = decoder.predict(even, batch_size=512, verbose=0)
show_mosaic(pictures.reshape(15, 15, 28, 28).swapaxes(1, 2).reshape(420, 420), values, right)
right.set(title="What linspace(-4, 4) shows")
plots.show(
    figure,
    alt="Left: training codes in gray with both grids. The quantile grid stands within the codes, most crosses of the "
    "even grid stand where codes are few or none. Right: the mosaic of the even grid; a few digits take up most "
    "of it, nearly unchanged towards the corners.",
)

# %% [markdown]
# At $(4, 4)$ there is nothing. No training code lies there, so the decoder was never asked, and what it answers is an
# extrapolation: more of the nearest cloud. Three fifths of this grid stand where the prior puts one hundredth, so four
# digits take up nearly the whole mosaic, while the middle, where half of all pictures are, gets a dozen cells. Whoever
# reads it as "what the model generates" sees above all what it hardly ever generates.
#
# The range isn't sacred (another model, one without a KL term, may well have codes out at 4). The rule is: look where
# the codes are, or where the prior is, and choose the grid from that.
#
# ### The grid that interpolates no two images
#
# Such mosaics are often captioned "interpolation between digits". Which digits? A grid point is a pair of quantiles. It
# is nobody's code, and no line of the mosaic leads from one real picture to another. An *interpolation* begins with two
# pictures, goes from code to code, and can be held against both ends. Here is one.

# %% tags=["skip-grading"]
first, last = (np.flatnonzero(y_valid == digit)[3] for digit in (0, 7))
path = np.linspace(z_valid[first], z_valid[last], 10)
decoded = decoder.predict(path, verbose=0)[..., 0]
_, nearest = KDTree(latent_grid(15)).query(z_valid[[first, last]])
places = [f"line {i // 15 + 1}, column {i % 15 + 1}" for i in nearest]
print(f"nearest grid points: {places[0]} and {places[1]}")

figure = plt.figure(figsize=(11, 4.6))
plane, strip = figure.subfigures(1, 2, width_ratios=[1, 1.5])
ax = plane.subplots()
ax.scatter(*z_valid.T, s=3, color="0.8", linewidths=0)
ax.plot(*latent_grid(15).T, "o", color="C0", markersize=2, label="grid")
ax.plot(*path.T, "D-", color="C1", markersize=5, label="from picture to picture")
ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal", xlim=(-3.5, 3.5), ylim=(-3.5, 3.5))
ax.legend(loc="upper center", ncol=2)
shown = [x_valid[first, ..., 0], *decoded, x_valid[last, ..., 0]]
titles = ["picture", *[f"step {i}" for i in range(10)], "picture"]
for ax, picture, title in zip(strip.subplots(2, 6).flat, shown, titles, strict=True):
    ax.imshow(picture, vmin=0, vmax=1)
    ax.set_title(title, fontsize=10)
    ax.axis("off")
plots.show(
    figure,
    alt="Left: the plane with the quantile grid and a straight path between two held-out codes that goes through no "
    "grid point. Right: the two real pictures, a 0 and a 7, and ten decoded steps from the one to the other; the "
    "first and last step resemble the pictures they come from.",
)

# %% [markdown]
# Now the ends mean something: step 0 is what two numbers keep of the first picture, and you see how much that is. And
# the steps in between tell something that no mosaic says: they aren't equal. In one of them the 0 is gone, the next
# ones look all alike, and a line that is straight on the plane may lead through other digits on its way. Call a mosaic
# a mosaic.
#
# ## 8 · How pure are the clusters?
#
# "Nice clusters" isn't a result. A number is: take a picture, look at its ten nearest neighbors on the plane, and count
# how many have the same label. Call that its **purity**. If all clouds were apart, it would be 1 nearly everywhere; if
# digits were strewn at random, about 0.1.
#
# Mind one thing: a point is its own nearest neighbor, at distance 0. Count it, and you have added a picture that agrees
# with itself to every result.
#
# ### TO DO · `purity`
# Compute it for each row. A [`KDTree`](https://docs.scipy.org/doc/scipy/reference/generated/scipy.spatial.KDTree.html)
# finds neighbors without a table of all distances, which for 65,000 codes would have four billion entries.


# %% exercise="purity"
def neighbor_purity(codes, labels, k=10):
    """For each row, the share of its k nearest other rows that have its label, from 0 to 1.

    codes: (n, d), n > k. labels: (n,) integers, all known. Returns (n,).
    """
    ### BEGIN SOLUTION
    _, neighbors = KDTree(codes).query(codes, k=k + 1)
    itself = neighbors == np.arange(len(codes))[:, None]
    itself[~itself.any(axis=1), -1] = True  # among many equal codes a row may miss itself: drop the last instead
    others = neighbors[~itself].reshape(len(codes), k)
    return np.mean(labels[others] == labels[:, None], axis=1)
    ### END SOLUTION


# %% check="purity"
check("purity")

# %% tags=["skip-grading"]
codes, labels = known_only(z_valid, y_valid)
purity = neighbor_purity(codes, labels)
of_digit = [purity[labels == digit].mean() for digit in range(10)]
at_random = neighbor_purity(codes, np.random.default_rng(237).permutation(labels)).mean()

figure, axes = plt.subplots(figsize=(8, 3.4))
bars = axes.bar(range(10), of_digit, edgecolor="white")
axes.bar_label(bars, fmt="%.2f", padding=2)
axes.axhline(purity.mean(), color="C1", linestyle="--", label=f"all digits: {purity.mean():.2f}")
axes.axhline(at_random, color="black", linestyle=":", label=f"labels shuffled: {at_random:.2f}")
axes.set(xlabel="digit", ylabel="purity, 10 neighbors", xticks=range(10), ylim=(0, 1.25))
axes.grid(axis="x", visible=False)
axes.legend(loc="upper right", ncol=2)
plots.show(
    figure,
    alt="Purity of each digit as bars. 0, 1 and 6 are near or above 0.9; 4, 5 and 9 are lowest. Dashed line: the mean"
    " of all digits, far above the dotted line of shuffled labels at 0.1.",
)

# %% [markdown]
# Nearly pure digits stand beside mixed ones, and one number for all would hide that. The dotted line is worth its line
# of code: it shows what the measure says where there is nothing to find. (Shuffle the labels whenever you have invented
# a score.)
#
# Is a mixed cloud the fault of the plane, or are these digits just alike? Ask the pixels themselves, 784 dimensions in
# place of two:

# %% tags=["skip-grading"]
pixels = known_only(x_valid.reshape(-1, 784), y_valid)
few = slice(0, 1500)
for name, points in {"two numbers": codes[few], "784 pixels": pixels[0][few]}.items():
    print(f"purity of 1,500 pictures by {name}: {neighbor_purity(points, labels[few]).mean():.2f}")

# %% [markdown]
# The pixels know the digits better, though not by much: most of the mixing is in the pictures themselves,
# at least for a measure that knows nothing but distances between pixels, and the rest is the price of having two
# numbers.
#
# ## 9 · A label from the neighbors
#
# An unlabeled picture lies among labeled ones. Let the $k$ nearest labeled rows vote. This is $k$-nearest neighbors,
# one of the oldest classifiers there are, on a map that was drawn without labels: a small case of *semi-supervised
# learning*.
#
# Two traps. Unlabeled rows must not vote: where many of them lie together, 11 would win. And a known label stays as it
# is, even where its neighbors disagree. (And mind the memory: a table of the distances between all rows is fine for a
# few thousand of them, but for 70,000 it takes more than most computers have. A `KDTree` builds no such table.)
#
# ### TO DO · `label-unknown`
# Return the labels of **all** rows: the known ones as they were, the others as their neighbors say.


# %% exercise="label-unknown"
def label_unknown(codes, labels, unknown=11, k=15):
    """Labels (n,) without an unknown one: known rows keep theirs, others get the most frequent of their neighbors.

    The neighbors of a row are the k nearest rows whose label is known (all of these, if there are fewer than k).
    If two labels are equally frequent, either will do. codes: (n, d). labels: (n,) integers; both stay as they are.
    """
    ### BEGIN SOLUTION
    known_codes, known_labels = known_only(codes, labels, unknown)
    nearest = np.arange(1, min(k, len(known_labels)) + 1)  # as a list of ranks, so that k = 1 gives a column too
    _, neighbors = KDTree(known_codes).query(codes[labels == unknown], k=nearest)
    completed = labels.copy()
    completed[labels == unknown] = stats.mode(known_labels[neighbors], axis=1).mode
    return completed
    ### END SOLUTION


# %% check="label-unknown"
check("label-unknown")

# %% [markdown]
# ### How often is it right?
#
# For the elevens nobody knows: that is what unknown means. So play the game with rows whose label you *do* know. Hide
# half of the known held-out labels, let the neighbors vote, and compare. The map had no part in it: these pictures were
# never trained on, and no label was.

# %% tags=["skip-grading"]
hide = np.random.default_rng(237).permutation(len(labels)) < len(labels) // 2
found = label_unknown(codes, np.where(hide, 11, labels))
right = found[hide] == labels[hide]
print(f"{hide.sum():,} hidden labels, voted for by {np.sum(~hide):,} known ones: {right.mean():.1%} right")

voters, votes = (part[:10_000] for part in known_only(z_train, y_train))
ballot = np.concatenate([votes, np.full(len(codes), 11)])
found_by_more = label_unknown(np.concatenate([voters, codes]), ballot)[len(voters) :]
share = np.mean(found_by_more == labels)
print(f"voted for by {len(voters):,} known rows of the training set: {share:.1%} right")

counts = np.zeros((10, 10), int)
np.add.at(counts, (labels, found_by_more), 1)
shares = counts / counts.sum(axis=1, keepdims=True)
figure, axes = plt.subplots(figsize=(6.4, 5.6))
image = axes.imshow(shares, vmin=0, vmax=1, cmap="Blues")
for (i, j), share in np.ndenumerate(shares):
    if share >= 0.005:
        axes.text(j, i, f"{100 * share:.0f}", ha="center", va="center", color="white" if share > 0.5 else "black")
axes.set(xlabel="label from the neighbors", ylabel="true label", xticks=range(10), yticks=range(10))
axes.grid(visible=False)
figure.colorbar(image, label="share of the true label's rows")
plots.show(
    figure,
    alt="Confusion matrix of the voted labels in percent. The diagonal is dark; the largest mistakes are between 4 "
    "and 9, and among 3, 5 and 8.",
)

# %% [markdown]
# Compare the rows with the purities of section 8: where the cloud is mixed, the vote goes wrong, and you see with whom
# it is mixed. More voters help, but not much: what overlaps on the map can't be told apart by any number of neighbors.
# An eight-dimensional code would do better (lesson 08 has one), and a small classifier trained on pixels far better.
# The map shows; it wasn't made to decide.
#
# Now the real unknowns. Nobody here can say how many of *these* come out right. But the hidden half was drawn at random
# from the same source, so its share is a fair estimate.

# %% tags=["skip-grading"]
completed = label_unknown(z_valid, y_valid)
given = y_valid != 11
figure, axes = plt.subplots(1, 2, figsize=(12, 5.2), sharex=True, sharey=True)
plot_latent(z_valid, y_valid, ax=axes[0]).set(title="Before: unlabeled rows in gray")
plot_latent(z_valid[~given], completed[~given], ax=axes[1]).set(
    title="After: the gray rows alone, with their new labels"
)
axes[0].get_legend().remove()
plots.show(
    figure,
    alt="Two maps. Left the held-out rows with unlabeled ones in gray. Right only those, colored by the labels their"
    " neighbors gave them: the same clouds in the same places, with borders that are sharper than those of the "
    "true labels.",
)
x_unknown, y_unknown = x_valid[~given], completed[~given]
figure, axes = plt.subplots(2, 12, figsize=(10, 2.1))
for ax, picture, label in zip(axes.flat, x_unknown, y_unknown, strict=False):
    ax.imshow(picture[..., 0], vmin=0, vmax=1)
    ax.set_title(label)
    ax.axis("off")
plots.show(
    figure,
    alt="24 unlabeled digits under the labels that their neighbors gave them: most are right, several are wrong.",
)

# %% [markdown]
# Look at the borders on the right: they are cleaner than in truth, because a vote removes the minority. Whoever
# computes a purity from *voted* labels measures the vote, not the map. And look at the pictures: about one label in
# five should be wrong, and you can find them by eye. Voted labels are an answer, not data.
#
# ### What the map isn't
#
# - **Its directions mean nothing.** Mirror the plane, or exchange its axes: encoder and decoder can follow, and the
#   loss stays exactly the same. Train anew with another seed and you get another arrangement of the same clouds. Say "4
#   lies beside 9", never "4 has a negative $z_1$".
# - **Its distances mean little.** The decoder may change a lot over a short way and little over a long one.
# - **A clear map isn't a good model.** The −ELBO scores the model; purity scores the map by labels that the model never
#   saw. With eight dimensions the former gets much better, and there is no map at all.
#
# ## What to take along
# - `z_mean` for maps, a draw for training; codes and labels in the same order, the last batch too.
# - A marker such as 11 goes out before anything is counted, and into the background of the plot.
# - Ten colors that stay ten for everyone; numbers on the clouds; equal scales.
# - A grid from the quantiles of the prior, decoded in one call. Look where the codes are before you choose its range.
# - An interpolation has two pictures at its ends; a mosaic has none.
# - Put a number to "nice clusters", leave the point itself out, and compare with shuffled labels.
# - To know how good a guess is, hide what you know and guess that.
#
# ## Where it comes from
# - D. P. Kingma, M. Welling: [Auto-Encoding Variational Bayes](https://arxiv.org/abs/1312.6114), 2013. The mosaic over
#   quantiles of the prior is in its appendix.
# - D. P. Kingma, D. J. Rezende, S. Mohamed, M. Welling: [Semi-supervised Learning with Deep Generative
#   Models](https://arxiv.org/abs/1406.5298), 2014. Few labels, many pictures, done properly.
# - G. M. Machado, M. M. Oliveira, L. A. F. Fernandes: [A Physiologically-based Model for Simulation of Color Vision
#   Deficiency](https://doi.org/10.1109/TVCG.2009.113), 2009.
# - P. Tol: *Colour Schemes*, technical note SRON/EPS/TN/09-002, 2021. Where nine of the ten colors come from.
# - T. M. Cover, P. E. Hart: [Nearest neighbor pattern classification](https://doi.org/10.1109/TIT.1967.1053964), 1967.
#
# [← Lesson 05: the VAE loss](../05_vae_loss/05_vae_loss.ipynb) · [Lesson 07: the VAE as a class →](../07_vae_class/07_vae_class.ipynb)
