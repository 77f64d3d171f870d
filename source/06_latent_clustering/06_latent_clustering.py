# %% [markdown]
# # 06 · Latent clustering: what the latent space learned
#
# **You will be able to**
# - plot a latent space so that everyone can read it, color-blind readers included;
# - split the KL term into mutual information and the mismatch between the aggregate
#   posterior and the prior, and estimate both parts;
# - decode a grid of latent points in one call, and say what such a grid is and what it
#   isn't;
# - measure how pure the clusters are instead of admiring them;
# - label unlabeled images from their neighbors, and estimate how often that is right.
#
# **Time** about 75 minutes · **Points** 20 · **Builds on** lessons 03 and 05 ·
# **Next** [lesson 07](../07_vae_class/07_vae_class.ipynb)
#
# The cells marked TO DO are yours. Under each stands a `check`: run it as often as you
# like. `hint("encode")` in a cell of its own shows a hint, one step a call.

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
from scipy.special import logsumexp

from autograder import check, hint
from vaelab import LatentExplorer, datasets, plots
from vaelab.datasets.files import data_file
from vaelab.progress import LiveLine

keras.utils.set_random_seed(237)

# %% [markdown]
# ## 1 · The model
#
# You need three things from earlier lessons: the pipeline of lesson 03, the VAE of
# lesson 05, and time to train it. The first two stand in the next cells, folded and
# unchanged. The third has been saved for you.

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
# `build_vae` takes any encoder and decoder. The two below consist of Dense layers, like
# the fast pair of lesson 05, with three hidden layers on either side. The latent space
# still has two dimensions. `train` compiles and fits a VAE with a learning-rate schedule.


# %% tags=["given"]
def dense(units):
    """A hidden layer: ReLU, with initial weights that suit it."""
    return layers.Dense(units, activation="relu", kernel_initializer="he_normal")


def build_encoder(latent_dim=2):
    """Dense encoder: images (batch, 28, 28, 1) → [z_mean, z_log_var].

    Both outputs have the shape (batch, latent_dim).
    """
    images = keras.Input((28, 28, 1))
    h = dense(128)(dense(256)(dense(384)(layers.Flatten()(images))))
    z_mean = layers.Dense(latent_dim, name="z_mean")(h)
    z_log_var = layers.Dense(latent_dim, name="z_log_var")(h)
    return keras.Model(images, [z_mean, z_log_var], name="encoder")


def build_decoder(latent_dim=2):
    """Dense decoder: z (batch, latent_dim) → images (batch, 28, 28, 1) in [0, 1]."""
    z = keras.Input((latent_dim,))
    h = dense(384)(dense(256)(dense(128)(z)))
    pixels = layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(h))
    return keras.Model(z, pixels, name="decoder")


# %% tags=["given"]
def train(vae, images, epochs, batch_size=256, peak=6e-3):
    """Train a VAE with Adam.

    The learning rate rises to `peak` in the first tenth of the steps, then decays to 0
    along a cosine. images: (n, 28, 28, 1) in [0, 1]. Returns the History.
    """
    steps = epochs * math.ceil(len(images) / batch_size)
    climb = steps // 10
    rate = keras.optimizers.schedules.CosineDecay(
        peak / 10, decay_steps=steps - climb, warmup_target=peak, warmup_steps=climb
    )
    # XLA gains nothing on a CPU.
    vae.compile(optimizer=keras.optimizers.Adam(rate), jit_compile=False)
    options = {"batch_size": batch_size, "callbacks": [LiveLine()], "verbose": 0}
    return vae.fit(images, epochs=epochs, **options)


# %% tags=["skip-grading"]
train_raw, test_raw = read_raw(*datasets.mnist_csv_files())
train_rows, valid_rows = hold_out(combine(train_raw, mark_unlabeled(test_raw)))
x_train, y_train = to_images(train_rows)
x_valid, y_valid = to_images(valid_rows)
del train_raw, test_raw, train_rows, valid_rows
unlabeled = np.sum(y_valid == 11)
print(f"{len(x_train):,} training images")
print(f"{len(x_valid):,} held-out images, {unlabeled:,} of them without a label")

# %% [markdown]
# ### Train, or load
#
# `data/checkpoints/` holds the weights of this very model after 30 epochs (made by
# `data/make_mnist_checkpoint.py`; its scores lie beside it). `load_weights` reads them
# into a model of the same layers. To train one yourself, set `train_anew = True`: eight
# epochs take under a minute on two free cores and end a few nats short of the
# checkpoint. Your clusters will lie elsewhere (section 10 says why). Everything below
# works with either.

# %% tags=["skip-grading"]
train_anew = False
encoder, decoder = build_encoder(), build_decoder()
vae = build_vae(encoder, decoder)
if train_anew:
    losses = train(vae, x_train, epochs=8).history["loss"]
    print("loss of each epoch, nats:", ", ".join(f"{loss:.1f}" for loss in losses))
else:
    encoder.load_weights(data_file("checkpoints/mnist_2d_encoder.weights.h5"))
    decoder.load_weights(data_file("checkpoints/mnist_2d_decoder.weights.h5"))

scores = vae.evaluate(x_valid, batch_size=500, verbose=0, return_dict=True)
print(f"estimated −ELBO on the held-out set: {scores['loss']:.1f} nats")
print(f"reconstruction {scores['reconstruction_loss']:.1f}, KL {scores['kl_loss']:.2f}")

# %% [markdown]
# That is below 142 nats, where the two epochs of lesson 05 end just below 150. The loss
# contains no label: training never used one. So what does the latent space know about
# digits?
#
# ## 2 · Encode the images
#
# To plot an image as a point you need *one* latent vector for it, and the encoder
# returns a distribution, $q_\phi(z|x)$. Take its mean, `z_mean`. Why not a sample, as
# in training? Because a sample moves the same image each time. The noise is there to
# train the decoder; here it would only blur the plot. For the same reason each figure of
# *reconstructions* in this lesson decodes `z_mean`, while the ELBO always averages over
# samples of $z$.
#
# An encoder may have two outputs, `[z_mean, z_log_var]`, or three, with a sample `z`
# behind them (the class of lesson 07 has three). `predict` returns one array for each
# output, in a list:
#
# ```python
# outputs = encoder.predict(images, batch_size=512, verbose=0)
# outputs[1].shape  # (len(images), latent_dim): z_log_var
# ```
#
# The codes must be in the order of the images, all of them, the last incomplete batch
# included. Otherwise they no longer belong to their labels.
#
# ### TO DO · `encode`
# Encode any number of images, `batch_size` at a time.
#
# Stuck? Run `hint("encode")` in a cell of its own.


# %% exercise="encode"
def encode_means(encoder, images, batch_size=512):
    """z_mean of each image, in the order of the images, without noise.

    encoder: a Keras model with outputs [z_mean, z_log_var] or [z_mean, z_log_var, z].
    images: (n, height, width, channels). batch_size: how many images the encoder
    processes at a time, at most. Returns a NumPy array (n, latent_dim).
    """
    ### BEGIN SOLUTION
    return encoder.predict(images, batch_size=batch_size, verbose=0)[0]
    ### END SOLUTION


# %% check="encode"
check("encode")

# %% tags=["skip-grading"]
z_train, z_valid = encode_means(encoder, x_train), encode_means(encoder, x_valid)
for name, codes in {"training": z_train, "held out": z_valid}.items():
    mean, spread = codes.mean(axis=0).round(2), codes.std(axis=0).round(2)
    print(f"{name:>10}: {codes.shape}, mean {mean}, standard deviation {spread}")

# %% [markdown]
# The mean is near 0 and the standard deviation near 1 in both dimensions: the effect of
# the KL term. The held-out images are distributed like the others.
#
# ## 3 · Labels, and a label that is none
#
# In lesson 03 the 28,000 rows of `test.csv` got the label 11. It means "unknown", but it
# *is* a number, and nothing keeps a program from treating it as an eleventh digit. Two
# numbers that look like results and aren't:

# %% tags=["skip-grading"]
without = y_valid[y_valid != 11].mean()
print(f"mean label, held out: {y_valid.mean():.2f}, without 11: {without:.2f}")
print(f"'classes' found: {len(np.unique(y_valid))}")

# %% [markdown]
# So whatever computes with labels drops the unknown ones first.
#
# ### TO DO · `known`
# Keep the rows whose label is known, codes and labels together. Don't hard-code 11:
# another data set may mark its unlabeled rows with −1.
#
# Stuck? Run `hint("known")` in a cell of its own.


# %% exercise="known"
def known_only(codes, labels, unknown=11):
    """The rows whose label is known, in their order: (codes, labels).

    codes: (n, d). labels: (n,) integers, `unknown` where nobody knows; neither is
    changed. Returns arrays (m, d) and (m,).
    """
    ### BEGIN SOLUTION
    known = labels != unknown
    return codes[known], labels[known]
    ### END SOLUTION


# %% check="known"
check("known")

# %% [markdown]
# ## 4 · Ten colors that everyone can tell apart
#
# About one man in twelve and one woman in two hundred have weak red-green vision. Two
# strong forms have names: **protanopia** (red-blind: the cones for long wavelengths are
# missing) and **deuteranopia** (green-blind: those for medium wavelengths are missing).
# Machado and others (2009) computed what a color looks like to either. The figure shows
# five palettes for typical vision, protanopia and deuteranopia. The number under each
# is the distance between its two most similar colors in CIELAB, a color space in which a
# distance of about 2 is just noticeable.

# %% tags=["given"]
PALETTES = {
    "hsv": plt.colormaps["hsv"](np.linspace(0, 1, 10)),
    "tab10": plt.colormaps["tab10"].colors,
    "viridis": plt.colormaps["viridis"](np.linspace(0, 1, 10)),
    "Tol's, and black": [
        *("#CC6677", "#332288", "#DDCC77", "#117733", "#88CCEE"),
        *("#882255", "#44AA99", "#999933", "#AA4499", "#000000"),
    ],
    "petroff10": plots.DIGIT_COLORS,
}

# %% tags=["skip-grading"]
plots.show(
    plots.draw_palettes(PALETTES),
    alt="Five palettes of ten colors for typical, red-blind and green-blind vision, "
    "with the smallest difference in each. hsv: 6.7, 3.8 and 0.2; for typical vision "
    "its first and last colors look equal too. tab10: 27.7, 4.6 and 7.2. viridis: "
    "14.4, 7.6 and 8.2. Tol's muted colors and black: 22.8, 15.6 and 17.3. petroff10: "
    "19.3, 18.5 and 17.6.",
)

# %% [markdown]
# - **hsv**, the rainbow of many published latent plots, begins and ends with red: 0 and
#   9 look nearly the same to everybody. For protanopia and deuteranopia several other
#   pairs do too.
# - **tab10**, matplotlib's default, is clear for typical vision. For protanopia its 1
#   and 2, orange and green, are nearly the same. And its 7 is gray, the color that we
#   want for "unknown".
# - **viridis** works for all three, but neighboring colors are close, and it orders the
#   digits from small to large. A digit isn't an amount.
# - Paul Tol's nine "muted" colors were chosen for this very purpose; black makes ten.
# - **petroff10** (Petroff 2021) has the largest smallest difference. This course uses it
#   for the ten digits everywhere: `plots.DIGIT_COLORS`, a list of ten RGB tuples.
#
# The check below asks for a smallest difference of at least **6** for all three kinds of
# vision, among the digits and between digits and gray. How light must the gray be? Two
# colors of petroff10 are grayish themselves, so measure it:

# %% tags=["skip-grading"]
for gray in ("0.6", "0.75", "0.85", "0.92"):
    difference = plots.smallest_difference([*plots.DIGIT_COLORS, gray])
    print(f'petroff10 and gray "{gray}": smallest difference {difference:.1f}')

# %% [markdown]
# ### TO DO · `scatter`
# Plot the codes. What the check looks at:
#
# - `ax.scatter` draws every row. All points of a digit have one color, the same in each
#   figure, whichever digits are present.
# - Unknown rows are gray and lie **behind** all others (drawn first, or with a lower
#   `zorder`): they are two fifths of all and would hide the rest. Gray means equal red,
#   green and blue, neither black nor white.
# - The axes have a legend that names each of the ten digits that is drawn, and that says
#   in words what gray means.
# - Both axes have a label, and the same scale (`aspect="equal"`). The prior is round; a
#   stretched plot would show it as an ellipse.
#
# ```python
# ax.scatter(codes[rows, 0], codes[rows, 1], s=5, color="0.75", label="unknown", zorder=1)
# ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
# ```
#
# Stuck? Run `hint("scatter")` in a cell of its own.


# %% exercise="scatter"
def plot_latent(codes, labels, unknown=11, ax=None):
    """Scatter plot of latent codes: a color for each digit, unlabeled rows gray.

    codes: (n, 2). labels: (n,) integers 0 to 9, `unknown` where nobody knows.
    ax: the Axes to draw on, None for a new figure. Returns the Axes.
    """
    ### BEGIN SOLUTION
    if ax is None:
        _, ax = plt.subplots(figsize=(7.6, 6.4))
    dots = {"s": 5, "linewidths": 0}
    hidden = labels == unknown
    if hidden.any():
        ax.scatter(*codes[hidden].T, color="0.75", label="unknown", zorder=1, **dots)
    for digit, color in enumerate(plots.DIGIT_COLORS):
        rows = labels == digit
        if rows.any():
            ax.scatter(*codes[rows].T, color=color, label=str(digit), zorder=2, **dots)
    ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), markerscale=3)
    return ax
    ### END SOLUTION


# %% check="scatter"
check("scatter")


# %% tags=["skip-grading"]
def number_clusters(ax, codes, labels):
    """Write each digit at the median of its codes: the plot then reads in gray too."""
    white = {"boxstyle": "circle,pad=0.1", "facecolor": "white", "linewidth": 0}
    for digit in range(10):
        middle = np.median(codes[labels == digit], axis=0)
        ax.text(
            *middle, digit, ha="center", va="center", fontsize=11, weight="bold",
            bbox={**white, "alpha": 0.85},
        )  # fmt: skip


ax = plot_latent(z_valid, y_valid)
number_clusters(ax, *known_only(z_valid, y_valid))
ax.set(title="Posterior means of 5,000 held-out images")
plots.show(
    ax.figure,
    alt="Scatter plot of the held-out posterior means: ten colored clusters around the "
    "origin. Some, like 0 and 1, have clear borders; others overlap, such as 4 and 9. "
    "Gray points of the unlabeled rows lie behind and fill the same regions.",
)

# %% [markdown]
# Nobody told the model that there are ten digits, and here they are. Some clusters, such
# as 0, 1 and 6, are islands. Others overlap, above all 4 and 9, which share most of
# their strokes. The middle is crowded, because the prior has its highest density there.
# And the gray points lie where the colored ones lie. Or does it only look like that?
# Measure it: how far is an unlabeled image from the nearest labeled one of the training
# set, and how far is a labeled one?

# %% tags=["skip-grading"]
labeled = KDTree(known_only(z_train, y_train)[0])
distances, _ = labeled.query(z_valid)
for name, rows in {"labeled": y_valid != 11, "unlabeled": y_valid == 11}.items():
    quartiles = np.quantile(distances[rows], [0.25, 0.5, 0.75])
    shown = ", ".join(f"{quartile:.4f}" for quartile in quartiles)
    print(f"{name:>9} held-out codes: quartiles of the distance {shown}")

# %% [markdown]
# The quartiles agree closely. They should, as both kinds of rows come from the same
# source. In your own data they may not: an unlabeled set from another camera, another
# clinic or another year would lie elsewhere, and this plot is where you might see it
# first.

# %% [markdown]
# ## 5 · The aggregate posterior and the prior
#
# Pick a training image at random, and sample $z$ from its approximate posterior. The
# distribution of this $z$ is the **aggregate posterior**: the average of
# $q_\phi(z|x_n)$ over the $N$ images of the data,
#
# $$q(z) = \frac1N \sum_{n=1}^{N} q_\phi(z|x_n) .$$
#
# In words: a mixture of $N$ Gaussians, one for each image. The decoder was trained on
# samples from $q(z)$. New images come from samples of the prior $p(z) =
# \mathcal{N}(0, I)$. So compare the two. In two dimensions the prior puts the share
# $1 - e^{-r^2/2}$ inside a circle of radius $r$: half within 1.18 of the origin, nine
# tenths within 2.15. The figure shows $\log q(z) - \log p(z)$, from a histogram of one
# sample for each of the 65,000 training images.

# %% tags=["skip-grading"]
rng = np.random.default_rng(237)
z_mean, z_log_var = encoder.predict(x_train, batch_size=2048, verbose=0)
noise = rng.standard_normal(z_mean.shape)
z_samples = z_mean + np.exp(0.5 * z_log_var) * noise  # one z for each image

edges = np.linspace(-3.6, 3.6, 61)
counts, *_ = np.histogram2d(*z_samples.T, bins=edges)
strips = np.diff(stats.norm.cdf(edges))  # the prior's probability of each strip
with np.errstate(divide="ignore"):  # the log of an empty cell: −∞, the darkest color
    log_ratio = np.log(counts / (len(z_samples) * np.outer(strips, strips)))

figure, axes = plt.subplots(figsize=(6.8, 5.4))
mesh = axes.pcolormesh(edges, edges, log_ratio.T, cmap="RdBu_r", vmin=-3, vmax=3)
figure.colorbar(mesh, label="log q(z) − log p(z) (nats)", extend="both")
radii = {share: math.sqrt(-2 * math.log(1 - share)) for share in (0.5, 0.9, 0.99)}
for (share, radius), style in zip(radii.items(), ("-", "--", ":"), strict=True):
    circle = plt.Circle((0, 0), radius, fill=False, linestyle=style, linewidth=1.8)
    axes.add_patch(circle)
    axes.text(0, radius, f"{share:.0%}", ha="center", va="bottom", weight="bold")
    inside = np.mean(np.hypot(*z_samples.T) < radius)
    print(f"inside the prior's {share:.0%} circle: {inside:.1%} of q(z)")
axes.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
axes.set(title="Where q(z) exceeds the prior, and where it falls short")
axes.grid(visible=False)
plots.show(
    figure,
    alt="Map of log q(z) minus log p(z) over the latent space with the circles that "
    "hold 50, 90 and 99 percent of the prior. Near the origin and inside the clusters "
    "q(z) exceeds the prior; along narrow seams between clusters it falls short by "
    "several nats. Far outside, red patches of one cluster alternate with empty cells.",
)

# %% [markdown]
# The shares are near those of the circles, and not equal to them. More samples than
# promised lie inside the 50 % circle. At the same time 2.3 to 2.4 % lie beyond the 99 %
# circle, more than twice the 1 % of the prior. And inside the circles there are seams
# where $q(z)$ falls short of the prior. A sample from the prior that lands on a seam
# decodes to an image between two digits: the decoder is a continuous function, and it
# has hardly been trained there. Lesson 01 counted such points as holes. Nothing in the
# loss asks for seams, and a prior that is covered better would have fewer of them.
#
# ### What the KL term pays for
#
# The average KL of the loss splits into two parts (Hoffman and Johnson, 2016). Insert
# $\log q(z) - \log q(z)$ into its definition:
#
# $$\frac1N \sum_n \mathrm{KL}\big(q_\phi(z|x_n)\,\|\,p(z)\big)
# = \underbrace{\mathbb{E}\big[\log q_\phi(z|x) - \log q(z)\big]}_{I(x;z)}
# + \underbrace{\mathbb{E}_{q(z)}\big[\log q(z) - \log p(z)\big]}_{
# \mathrm{KL}(q(z)\,\|\,p(z))} .$$
#
# In words: the first part is the **mutual information** between an image and its code.
# It says how many nats a sample $z$ tells about which of the $N$ images it came from;
# reconstruction needs it. The second part says how far the aggregate posterior is from
# the prior: it is what you just saw as seams and outliers. A KL of zero means that both
# are zero, and then $z$ tells nothing about $x$. So "bring the KL down" is no goal in
# itself: ask which of the two parts goes down.
#
# Both parts need $\log q(z)$: the logarithm of a mean of $N$ densities.
#
# $$\log q(z) = \log \frac1N \sum_{n=1}^{N} \mathcal{N}\big(z;\,\mu_n, \sigma_n^2\big)$$
#
# Two traps. A single density can underflow to 0, and $\log 0 = -\infty$: stay in
# logarithms and use log-sum-exp, which subtracts the largest term first.
#
# ```python
# log_terms = np.array([[-1000.0, -1001.0]])
# np.log(np.exp(log_terms).sum(axis=1))  # [-inf]: underflow
# logsumexp(log_terms, axis=1)           # [-999.69]
# ```
#
# And the table of all pairs is large: 1,000 points and 65,000 images in two dimensions
# are 1 GB. Process the points in chunks, such that a chunk has some 200,000 pairs.
#
# ### TO DO · `aggregate-kl`
# Compute $\log q(z)$ at each point. Remember which quantity `z_log_var` is the logarithm
# of. The check hands in up to 4,000 points with 2,000 images in two dimensions, and
# NumPy may hold at most 100 MB at once (the table of the differences alone would have
# 128 MB). It also hands in points so far out that every single density underflows.
#
# Stuck? Run `hint("aggregate-kl")` in a cell of its own.


# %% exercise="aggregate-kl"
def aggregate_posterior_log_density(z, z_mean, z_log_var):
    """log q(z) at each point z, in nats: q is the mean of N(z_mean, exp(z_log_var)).

    z: (n, d), the points. z_mean, z_log_var: (m, d), one Gaussian with independent
    dimensions for each of the m images. Returns (n,).
    """
    ### BEGIN SOLUTION
    variance = np.exp(z_log_var)
    constant = np.sum(z_log_var + np.log(2 * np.pi), axis=1)
    chunks = len(z) * len(z_mean) // 200_000 + 1
    log_density = []
    for points in np.array_split(z, chunks):
        squares = 0.0
        for d in range(z.shape[1]):  # NumPy is slow at sums over an axis of two
            offsets = points[:, d, None] - z_mean[:, d]
            squares = squares + offsets**2 / variance[:, d]
        log_density.append(logsumexp(-0.5 * (squares + constant), axis=1))
    return np.concatenate(log_density) - np.log(len(z_mean))
    ### END SOLUTION


# %% check="aggregate-kl"
check("aggregate-kl")

# %% [markdown]
# Now estimate both parts. Each needs an average over samples of $z$: 1,000 suffice for
# an error of a few hundredths of a nat. How many images should the mixture contain? Try
# several numbers. (This takes about 10 seconds.)


# %% tags=["skip-grading"]
def log_normal(z, mean, log_var):
    """log N(z; mean, exp(log_var)), summed over the last axis."""
    squares = (z - mean) ** 2 / np.exp(log_var)
    return -0.5 * np.sum(squares + log_var + np.log(2 * np.pi), axis=-1)


rows = []
image_order = rng.permutation(len(z_mean))
for m in (1_000, 5_000, 20_000, 65_000):
    mixture = image_order[:m]
    some = mixture[:1_000]  # the images whose samples z are averaged over
    points, gaussians = z_samples[some], (z_mean[mixture], z_log_var[mixture])
    log_q = aggregate_posterior_log_density(points, *gaussians)
    log_q_of_x = log_normal(points, z_mean[some], z_log_var[some])
    terms = log_q_of_x - log_q, log_q - log_normal(points, 0.0, 0.0)
    errors = [term.std() / math.sqrt(len(term)) for term in terms]
    kl = kl_divergence(z_mean[mixture], z_log_var[mixture])
    rows.append([m, float(np.mean(kl)), *(term.mean() for term in terms), *errors])
    print(
        f"mixture of {m:>6,}: average KL {rows[-1][1]:.2f} nats; estimated "
        f"I(x;z) {rows[-1][2]:.2f} ± {errors[0]:.2f}, "
        f"KL(q(z)‖p(z)) {rows[-1][3]:.2f} ± {errors[1]:.2f}"
    )

m_valid, v_valid = encoder.predict(x_valid[:1000], batch_size=500, verbose=0)
z_new = m_valid + np.exp(0.5 * v_valid) * rng.standard_normal(m_valid.shape)
log_q_new = aggregate_posterior_log_density(z_new, z_mean, z_log_var)
outside = np.mean(log_q_new - log_normal(z_new, 0.0, 0.0))
print(f"KL(q(z)‖p(z)) from z of held-out images: {outside:.2f} nats")

z_prior = rng.standard_normal((1000, 2))
log_q_prior = aggregate_posterior_log_density(z_prior, z_mean, z_log_var)
ratio = np.exp(log_q_prior - log_normal(z_prior, 0.0, 0.0))
shares = f"{np.mean(ratio < 0.5):.0%}, below a tenth: {np.mean(ratio < 0.1):.0%}"
print(f"samples from the prior where q(z) is below half of p(z): {shares}")

# %% tags=["skip-grading"]
m, kl, information, mismatch, *_ = np.array(rows).T
figure, axes = plt.subplots(figsize=(7.2, 3.6))
axes.bar(range(4), information, color="C0", label="mutual information I(x; z)")
hatched = {"color": "C1", "hatch": "//", "edgecolor": "white"}
axes.bar(range(4), mismatch, bottom=information, label="KL(q(z) ‖ p(z))", **hatched)
axes.plot(range(4), kl, "k_", markersize=42, label="average KL, in closed form")
for i, (low, high) in enumerate(zip(information, mismatch, strict=True)):
    axes.text(i, low / 2, f"{low:.2f}", ha="center", color="white", weight="bold")
    axes.text(i, low + high + 0.2, f"{high:.2f}", ha="center", weight="bold")
axes.set_xticks(range(4), [f"{int(number):,}" for number in m])
axes.set(xlabel="images in the mixture", ylabel="nats", ylim=(0, 9.9))
axes.grid(axis="x", visible=False)
axes.legend(loc="upper center", ncol=3, fontsize=9)
plots.show(
    figure,
    alt="Stacked bars for mixtures of 1,000, 5,000, 20,000 and 65,000 images. The "
    "total, the average KL, stays near 7 nats. With more images the mutual information "
    "grows from about 6.1 to 6.7 nats and KL(q(z)‖p(z)) shrinks from about 0.9 to 0.3.",
)

# %% [markdown]
# Nearly all of the 7 nats is mutual information: about 6.7 nats. The mismatch with the
# prior is about 0.3 nats. The estimate depends on the number of images in the mixture: a
# mixture of few narrow Gaussians is spiky, and looks farther from the prior than it is.
# With 5,000 images you would report about 6.5 + 0.5. A mixture of $N$ images can't even
# carry more than $\log N$ nats: 6.9 for 1,000.
#
# <details><summary>Is 0.3 still too high? How could you tell?</summary>
#
# Evaluate $q(z)$ at samples that aren't in the mixture: those of held-out images. On
# average, samples of images *in* the mixture estimate KL(q(z)‖p(z)) from above, and
# samples of new images from below (as long as both kinds of images have the same
# distribution). The last but one line of the output shows the second estimate. The two
# lie close together, so more images would change little.
#
# </details>
#
# The seams matter more than this number suggests, because the average runs over $q(z)$,
# and few samples of $q(z)$ lie there. Ask for samples of the *prior*, as in generation:
# the last line says that about 30 % of them lie where $q(z)$ is below half of $p(z)$, and
# 5 to 8 % where it is below a tenth. One cure is a prior that follows $q(z)$: the
# **VampPrior** (Tomczak and Welling, 2018) is a mixture of the encoder's posteriors at
# inputs that are learned along.
#
# ## 6 · Decode a grid
#
# Now the other way around. Choose points all over the latent space, decode each, and lay
# the images out as a grid of decoded samples. Everything this decoder can output lies on
# a two-dimensional surface in the space of 784 pixels, the learned **manifold**; the
# grid shows it. Which points? Evenly spaced *in probability*: if $\Phi$ is the
# distribution function of $\mathcal{N}(0, 1)$, take
#
# $$z = \Phi^{-1}(p), \qquad p \text{ evenly spaced from } 0.05 \text{ to } 0.95 .$$
#
# In words: in each dimension the strip between two neighboring values holds the same
# share of the prior. So the points are dense where the prior is dense. $\Phi^{-1}$ is
# [`scipy.stats.norm.ppf`](https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.norm.html):
# `stats.norm.ppf([0.05, 0.5])` is `[-1.64, 0.0]`.
#
# Then the order. The grid is filled as one reads, row by row from the top left. To match
# the scatter plot, $z_1$ must grow to the right and $z_2$ **upwards**: the first row
# holds the *largest* $z_2$.
#
# ### TO DO · `grid`
# For `n = 2` with the default limits the points are (−1.64, 1.64), (1.64, 1.64),
# (−1.64, −1.64), (1.64, −1.64). The check also tries limits that aren't symmetric.
#
# Stuck? Run `hint("grid")` in a cell of its own.


# %% exercise="grid"
def latent_grid(n, low=0.05, high=0.95):
    """n·n latent points at evenly spaced quantiles of N(0, 1), from `low` to `high`.

    Returns (n·n, 2), row by row as one reads: along a row z_1 grows, from row to row
    z_2 falls.
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
# Decode the grid. Published code often does it in two nested loops, with one `predict`
# for each image: 225 calls for 15×15, 1,600 for 40×40. Each call has a fixed cost,
# however little it computes: it sets up a loop over batches, runs the callbacks and
# copies data. One call with 225 points pays it once.
#
# `predict` returns the images as an array (n², 28, 28, 1), row by row of the grid. To
# lay them out, reshape to the axes (row, column, y, x), and reorder them to (row, y,
# column, x) before you flatten: a line of pixels runs through all images of a row.
# `a.swapaxes(1, 2)` exchanges two axes.
#
# ### TO DO · `manifold`
# Combine your `latent_grid` with a decoder.
#
# Stuck? Run `hint("manifold")` in a cell of its own.


# %% exercise="manifold"
def decode_manifold(decoder, n=15):
    """One large image of n×n decoded images, over `latent_grid(n)`.

    decoder: a Keras model from z (m, 2) to images (m, 28, 28, 1); it is called once,
    with all points. Returns a NumPy array (28·n, 28·n).
    """
    ### BEGIN SOLUTION
    images = decoder.predict(latent_grid(n), batch_size=512, verbose=0)
    return images.reshape(n, n, 28, 28).swapaxes(1, 2).reshape(28 * n, 28 * n)
    ### END SOLUTION


# %% check="manifold"
check("manifold")


# %% tags=["skip-grading"]
def show_grid(large, values, ax):
    """Draw a grid of decoded images with z_1 and z_2 along the sides.

    values: z_1 of each column, which is also z_2 of each row, from the bottom.
    """
    side = large.shape[0] / len(values)
    ax.imshow(large, vmin=0, vmax=1, interpolation="antialiased")
    some = np.linspace(0, len(values) - 1, 5).astype(int)
    ticks, names = side * (some + 0.5), [f"{values[i]:.2f}" for i in some]
    ax.set_xticks(ticks, names)
    ax.set_yticks(len(values) * side - ticks, names)
    ax.set(xlabel="$z_1$", ylabel="$z_2$")
    ax.grid(visible=False)


figure, axes = plt.subplots(figsize=(7.4, 7.4))
show_grid(decode_manifold(decoder), latent_grid(15)[:15, 0], axes)
axes.set(title="15×15 latent points, decoded")
plots.show(
    figure,
    alt="Grid of 15 by 15 decoded images; z_1 grows to the right, z_2 upwards. Each "
    "digit has a region of its own. Neighboring images change step by step, and those "
    "on the borders are blends.",
)

# %% [markdown]
# Compare it with the scatter plot in section 4: the same digits appear in the same
# regions. Also look at what changes *within* a digit: slant and stroke width. Two
# numbers encode more than which digit it is.
#
# ### Explore the latent space yourself
#
# Drag over the latent space, or click into it and use the arrow keys. Find the point
# where a 4 turns into a 9, and look at the nearest known images on the way.

# %% tags=["skip-grading"]
LatentExplorer(decoder, z_valid, y_valid)

# %% [markdown]
# Now a finer grid, 40×40, and the time that each way takes. (This takes some 5 seconds.)

# %% tags=["skip-grading"]
start = time.perf_counter()
large = decode_manifold(decoder, n=40)
print(f"40×40 = 1,600 images in one call: {time.perf_counter() - start:.2f} s")

start = time.perf_counter()
decode_manifold(decoder, n=15)
together = time.perf_counter() - start
start = time.perf_counter()
for point in latent_grid(15)[:30]:  # two of the fifteen rows are enough to see it
    decoder.predict(point[None], verbose=0)
one_by_one = 7.5 * (time.perf_counter() - start)
print(f"15×15 = 225 images in one call: {together:.2f} s")
print(f"in 225 calls: {one_by_one:.1f} s (7.5 times what 30 took),")
print(f"which is {one_by_one / together:.0f} times as long")

figure, axes = plt.subplots(figsize=(8.2, 8.2))
show_grid(large, latent_grid(40)[:40, 0], axes)
axes.set(title="40×40 latent points, decoded")
plots.show(
    figure,
    alt="Grid of 40 by 40 decoded images, so fine that the digits form regions like "
    "countries on a map: large ones for 0 and 1, narrow borders of blurred shapes in "
    "between.",
)

# %% [markdown]
# ## 7 · Find the bug
#
# Many published notebooks choose their grid like this:
#
# ```python
# grid_x = np.linspace(-4, 4, n)
# grid_y = np.linspace(-4, 4, n)[::-1]
# ```
#
# It runs and outputs a grid. Before you go on: what is at $(4, 4)$?

# %% tags=["skip-grading"]
values = np.linspace(-4, 4, 15)
even = np.column_stack([axis.ravel() for axis in np.meshgrid(values, values[::-1])])
training_codes = KDTree(z_train)
for name, grid in {"quantiles": latent_grid(15), "linspace(-4, 4)": even}.items():
    distance_to_nearest, _ = training_codes.query(grid)
    radius = np.hypot(*grid.T)
    beyond, inside = np.mean(radius > radii[0.99]), np.sum(radius < radii[0.5])
    far = np.mean(distance_to_nearest > 0.25)
    print(f"{name:>16}: {beyond:.0%} of the points lie beyond the prior's 99 % circle,")
    print(f"{'':18}{inside} of 225 within its 50 % circle;")
    print(f"{'':18}{far:.0%} have no training code within 0.25")
print(f"share of the prior as far out as (4, 4): {math.exp(-16):.0e}")

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 5.2))
left.hexbin(*z_train.T, gridsize=50, mincnt=1, cmap="Greys", bins="log")
left.plot(*even.T, "x", color="C1", markersize=5, label="linspace(-4, 4)")
left.plot(*latent_grid(15).T, "o", color="C0", markersize=3.5, label="quantiles")
left.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
left.set(title="Two grids over the training codes", xlim=(-4.9, 4.9), ylim=(-4.9, 4.9))
left.legend(loc="upper center", ncol=2)
decoded = decoder.predict(even, batch_size=512, verbose=0).reshape(15, 15, 28, 28)
show_grid(decoded.swapaxes(1, 2).reshape(420, 420), values, right)
right.set(title="What linspace(-4, 4) shows")
plots.show(
    figure,
    alt="Left: training codes in gray with both grids. The quantile grid lies within "
    "the codes; many crosses of the even grid lie where codes are few or none. Right: "
    "the decoded even grid; a few digits take up most of it, nearly unchanged towards "
    "the corners.",
)

# %% [markdown]
# There is nothing at $(4, 4)$. No training code lies there, so the decoder was never
# trained there, and its output is an extrapolation: more of the nearest cluster. Three
# fifths of this grid lie where the prior has one hundredth of its mass. So a few digits
# take up nearly the whole grid, while the middle, where half of all images lie, gets a
# dozen cells. Read as "what the model generates", it mostly shows what the model almost
# never generates.
#
# The range isn't sacred (another model, one without a KL term, may well have codes at
# 4). The rule is: look where the codes lie, or where the prior has its mass, and choose
# the grid accordingly.
#
# ### A grid is no interpolation
#
# Such grids are often captioned "interpolation between digits". Which digits? A grid
# point is a pair of quantiles. It isn't the code of any image, and no row of the grid
# leads from one real image to another. A row is a **latent traversal**: one latent
# dimension changes, the others stay fixed. A **latent interpolation** begins with two
# images, goes from one code to the other, and can be compared with both ends.

# %% tags=["skip-grading"]
first, last = (np.flatnonzero(y_valid == digit)[3] for digit in (0, 7))
interpolation = np.linspace(z_valid[first], z_valid[last], 10)
decoded = decoder.predict(interpolation, verbose=0)[..., 0]
_, nearest = KDTree(latent_grid(15)).query(z_valid[[first, last]])
cells = [f"row {i // 15 + 1}, column {i % 15 + 1}" for i in nearest]
print(f"nearest grid points: {cells[0]} and {cells[1]}")

figure = plt.figure(figsize=(11, 4.6))
plane, strip = figure.subfigures(1, 2, width_ratios=[1, 1.5])
ax = plane.subplots()
ax.scatter(*z_valid.T, s=3, color="0.8", linewidths=0)
ax.plot(*latent_grid(15).T, "o", color="C0", markersize=2, label="grid")
ax.plot(*interpolation.T, "D-", color="C1", markersize=5, label="interpolation")
ax.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal")
ax.set(xlim=(-3.5, 3.5), ylim=(-3.5, 3.5))
ax.legend(loc="upper center", ncol=2)
shown = [x_valid[first, ..., 0], *decoded, x_valid[last, ..., 0]]
titles = ["image", *[f"step {i}" for i in range(10)], "image"]
for ax, image, title in zip(strip.subplots(2, 6).flat, shown, titles, strict=True):
    ax.imshow(image, vmin=0, vmax=1)
    ax.set_title(title, fontsize=10)
    ax.axis("off")
plots.show(
    figure,
    alt="Left: the latent space with the quantile grid and a straight line between the "
    "posterior means of two held-out images; the line runs through no grid point. "
    "Right: the two images, a 0 and a 7, and ten decoded steps from one to the other; "
    "the first and last step resemble the images.",
)

# %% [markdown]
# Now the ends mean something: step 0 is what two dimensions keep of the first image, and
# you can see how much that is. The steps in between show something that no grid shows:
# they aren't equal. The 0 disappears within one of them, the next ones look alike, and a
# straight line in latent space may lead through other digits on its way.

# %% [markdown]
# ## 8 · How pure are the clusters?
#
# "Nice clusters" isn't a result. A number is: take an image, look at its ten nearest
# neighbors in latent space, and compute the share that has its label. Call this its
# **purity**. If all clusters were separate, it would be 1 nearly everywhere; if the
# digits were scattered at random, about 0.1.
#
# One trap: a point is its own nearest neighbor, at distance 0. If you count it, each
# result includes one image that agrees with itself.
#
# A [`KDTree`](https://docs.scipy.org/doc/scipy/reference/generated/scipy.spatial.KDTree.html)
# finds neighbors without a table of all distances, which for 65,000 codes would have four
# billion entries. Its `query` returns *two* arrays, the distances and the row numbers:
#
# ```python
# distances, neighbors = KDTree(codes).query(codes, k=3)  # each (n, 3), nearest first
# neighbors[0]  # for example [0, 17, 4]: row 0 itself, then rows 17 and 4
# ```
#
# ### TO DO · `purity`
# Compute the purity of each row. Where several rows have equal codes (in a collapsed
# latent space, for example), any of them may count as the nearest. The check tries equal
# codes only with equal labels.
#
# Stuck? Run `hint("purity")` in a cell of its own.


# %% exercise="purity"
def neighbor_purity(codes, labels, k=10):
    """For each row, the share of its k nearest other rows that have its label, 0 to 1.

    codes: (n, d), n > k. labels: (n,) integers, all known. Returns (n,).
    """
    ### BEGIN SOLUTION
    _, neighbors = KDTree(codes).query(codes, k=k + 1)
    itself = neighbors == np.arange(len(codes))[:, None]
    # Among many equal codes a row may miss itself: drop the last neighbor instead.
    itself[~itself.any(axis=1), -1] = True
    others = neighbors[~itself].reshape(len(codes), k)
    return np.mean(labels[others] == labels[:, None], axis=1)
    ### END SOLUTION


# %% check="purity"
check("purity")

# %% tags=["skip-grading"]
codes, labels = known_only(z_valid, y_valid)
purity = neighbor_purity(codes, labels)
of_digit = [purity[labels == digit].mean() for digit in range(10)]
shuffled_labels = np.random.default_rng(237).permutation(labels)
at_random = neighbor_purity(codes, shuffled_labels).mean()

figure, axes = plt.subplots(figsize=(8, 3.4))
bars = axes.bar(range(10), of_digit, edgecolor="white")
axes.bar_label(bars, fmt="%.2f", padding=2)
axes.axhline(purity.mean(), color="C1", ls="--", label=f"mean: {purity.mean():.2f}")
shuffled = f"shuffled labels: {at_random:.2f}"
axes.axhline(at_random, color="black", ls=":", label=shuffled)
axes.set(xlabel="digit", xticks=range(10), ylabel="purity, 10 neighbors", ylim=(0, 1.3))
axes.grid(axis="x", visible=False)
axes.legend(loc="upper right", ncol=2)
plots.show(
    figure,
    alt="Purity of each digit as bars. 0, 1 and 6 are near or above 0.9; 4, 5 and 9 "
    "are lowest. Dashed line: the mean over all images, far above the dotted line of "
    "shuffled labels at 0.1.",
)

# %% [markdown]
# Some digits are nearly pure, others are mixed, and a single number for all would hide
# that. The dotted line is worth its line of code: it shows the score where there is
# nothing to find. (Shuffle the labels whenever you have invented a score.)
#
# ### Is it the images, or the two dimensions?
#
# Are the mixed digits alike as images, or did the latent space lose the difference?
# Compute the same purity with distances between pixels: 784 dimensions instead of two.
# As a control, also with the first eight principal components of the pixels, a linear
# code without any training. And because the neighbors of a small sample are far away,
# vary the number of images. (This takes about 5 seconds.)


# %% tags=["skip-grading"]
def purity_of_some(points, labels, k=10, some=1000):
    """Mean purity of the first `some` rows among all rows, by matrix products.

    In 784 dimensions a k-d tree is slower than the table of distances.
    """
    some = min(some, len(points))
    table = np.sum(points**2, axis=1) - 2 * points[:some] @ points.T
    table[np.arange(some), np.arange(some)] = np.inf  # the row itself
    nearest = np.argpartition(table, k, axis=1)[:, :k]
    return np.mean(labels[nearest] == labels[:some, None])


order = np.random.default_rng(237).permutation(np.flatnonzero(y_train != 11))
pixels = x_train[order].reshape(-1, 784)
centered = pixels - pixels.mean(axis=0)
_, directions = np.linalg.eigh(centered.T @ centered)  # the largest come last
spaces = {
    "pixels, 784 dimensions": (pixels, "o-"),
    "principal components, 8 dimensions": (centered @ directions[:, -8:], "^:"),
    "this latent space, 2 dimensions": (z_train[order], "s-"),
    "principal components, 2 dimensions": (centered @ directions[:, -2:], "v:"),
}
sizes = (500, 1_500, 5_000, 15_000, len(order))
figure, axes = plt.subplots(figsize=(7.6, 4.2))
for name, (points, style) in spaces.items():
    means = [purity_of_some(points[:n], y_train[order][:n]) for n in sizes]
    axes.plot(sizes, means, style, label=name)
    print(f"{name:>35}:", ", ".join(f"{mean:.2f}" for mean in means))
print(f"{'number of images':>35}:", ", ".join(f"{n:,}" for n in sizes))
axes.set(xscale="log", xlabel="number of labeled training images", ylim=(0, 1))
axes.set(ylabel="mean purity, 10 neighbors")
axes.legend(loc="lower right", fontsize=9)
plots.show(
    figure,
    alt="Mean purity against the number of images, from 500 to 39,000. By pixels it "
    "grows from about 0.7 to above 0.9. By the two-dimensional latent space it stops "
    "growing near 0.76. Eight principal components come between, above 0.8; two stay "
    "near 0.4.",
)

# %% [markdown]
# With a few hundred images, pixels and latent codes seem equally good, and you would
# conclude that the digits are just alike. That is an artifact of the small sample. The
# more images, the purer the neighborhoods in pixel space: above 0.9. In latent space
# more images change little beyond a few thousand. So most of the mixing is not in the
# images. The code lost the difference.
#
# Why? The control points to the number of dimensions: eight principal components, a
# linear code that never saw a decoder, keep more of it than this latent space with two,
# once there are enough images; two principal components keep far less. (It is no proof
# that *no* two-dimensional code could do better. This one is trained to reconstruct
# pixels and not to separate digits.)
#
# ## 9 · A label from the neighbors
#
# An unlabeled image lies among labeled ones. Let the $k$ nearest labeled rows vote. This
# is $k$-nearest neighbors, one of the oldest classifiers, in a space that was learned
# without labels: a small case of *semi-supervised learning*.
#
# Two traps. Unlabeled rows must not vote: where many of them lie together, 11 would win.
# And a known label stays as it is, even where its neighbors disagree.
#
# `KDTree(points).query(others, k)` returns distances and row numbers, each (m, k). Two
# cases need care:
#
# ```python
# tree = KDTree(np.zeros((4, 2)))
# tree.query(np.ones((3, 2)), k=1)[1].shape    # (3,): with k = 1 one dimension less
# tree.query(np.ones((3, 2)), k=[1])[1].shape  # (3, 1): a list of ranks keeps it
# tree.query(np.ones((3, 2)), k=5)[1][0]       # ends with 4, which is no row number
# ```
#
# Where the tree has fewer than k points, the row number of a missing neighbor is the
# number of points, and its distance is infinite. For the vote,
# `stats.mode(table, axis=1).mode` is the most frequent value of each row of a table;
# `np.bincount(votes).argmax()` is that of one row.
#
# ### TO DO · `label-unknown`
# Return the labels of **all** rows: the known ones as they were, the others by vote. At
# least one label is known. The check tries `k = 1`, fewer known rows than `k`, and labels
# that are all known already: return these as they are. A table of all distances is fine
# for a few thousand rows; for 70,000 it needs more memory than most computers have.
#
# Stuck? Run `hint("label-unknown")` in a cell of its own.


# %% exercise="label-unknown"
def label_unknown(codes, labels, unknown=11, k=15):
    """Labels (n,) with every unknown one replaced by the vote of its neighbors.

    The neighbors of a row are the k nearest rows whose label is known (all of these, if
    there are fewer than k); the most frequent label wins. If two are equally frequent,
    either will do. codes: (n, d). labels: (n,) integers; neither is changed.
    """
    ### BEGIN SOLUTION
    known_codes, known_labels = known_only(codes, labels, unknown)
    completed = labels.copy()
    hidden = labels == unknown
    if hidden.any():
        ranks = np.arange(1, min(k, len(known_labels)) + 1)
        _, neighbors = KDTree(known_codes).query(codes[hidden], k=ranks)
        completed[hidden] = stats.mode(known_labels[neighbors], axis=1).mode
    return completed
    ### END SOLUTION


# %% check="label-unknown"
check("label-unknown")

# %% [markdown]
# ### How often is it right?
#
# For the rows labeled 11 nobody knows: that is what unknown means. So try it with rows
# whose label you *do* know. Hide half of the known held-out labels, let the neighbors
# vote, and compare. Neither these images nor any label took part in the training.

# %% tags=["skip-grading"]
hide = np.random.default_rng(237).permutation(len(labels)) < len(labels) // 2
found = label_unknown(codes, np.where(hide, 11, labels))
right = np.mean(found[hide] == labels[hide])
voting = np.sum(~hide)
print(f"{hide.sum():,} hidden labels, {voting:,} known rows vote: {right:.1%} right")

voters, votes = (part[:10_000] for part in known_only(z_train, y_train))
ballot = np.concatenate([votes, np.full(len(codes), 11)])
everyone = np.concatenate([voters, codes])
found_by_more = label_unknown(everyone, ballot)[len(voters) :]
share = np.mean(found_by_more == labels)
print(f"{len(voters):,} known rows of the training set vote: {share:.1%} right")

counts = np.zeros((10, 10), int)
np.add.at(counts, (labels, found_by_more), 1)
shares = counts / counts.sum(axis=1, keepdims=True)
figure, axes = plt.subplots(figsize=(6.4, 5.6))
image = axes.imshow(shares, vmin=0, vmax=1, cmap="Blues")
for (i, j), share in np.ndenumerate(shares):
    if share >= 0.005:
        color = "white" if share > 0.5 else "black"
        axes.text(j, i, f"{100 * share:.0f}", ha="center", va="center", color=color)
axes.set(xlabel="label by vote", ylabel="true label")
axes.set(xticks=range(10), yticks=range(10))
axes.grid(visible=False)
figure.colorbar(image, label="share of the true label's rows")
plots.show(
    figure,
    alt="Confusion matrix of the labels by vote, in percent. The diagonal is dark; the "
    "largest mistakes are between 4 and 9, and among 3, 5 and 8.",
)

# %% [markdown]
# Compare the rows with the purities of section 8: where a cluster is mixed, the vote
# goes wrong, and the matrix shows with which digit it is mixed. More voters help, but
# not much: what overlaps in latent space can't be told apart by any number of neighbors.
#
# Now the rows that are really unknown. Nobody here can say how many of *these* are
# right. But the hidden half was chosen at random from the same source, so its share is a
# fair estimate.

# %% tags=["skip-grading"]
completed = label_unknown(z_valid, y_valid)
given = y_valid != 11
figure, axes = plt.subplots(1, 2, figsize=(12, 5.2), sharex=True, sharey=True)
plot_latent(z_valid, y_valid, ax=axes[0]).set(title="Before: unlabeled rows in gray")
plot_latent(z_valid[~given], completed[~given], ax=axes[1])
axes[1].set(title="After: the unlabeled rows alone, labels by vote")
axes[0].get_legend().remove()
plots.show(
    figure,
    alt="Two scatter plots. Left: the held-out codes with the unlabeled ones in gray. "
    "Right: only these, colored by the labels that their neighbors voted for. The "
    "clusters lie in the same regions, with borders sharper than those of the true "
    "labels.",
)
x_unknown, y_unknown = x_valid[~given], completed[~given]
figure, axes = plt.subplots(2, 12, figsize=(10, 2.1))
for ax, image, label in zip(axes.flat, x_unknown, y_unknown, strict=False):
    ax.imshow(image[..., 0], vmin=0, vmax=1)
    ax.set_title(label)
    ax.axis("off")
plots.show(
    figure,
    alt="24 unlabeled digits under their labels by vote: most right, several wrong.",
)

# %% [markdown]
# Look at the borders on the right: they are cleaner than the true ones, because a vote
# removes the minority. If you compute a purity from labels *by vote*, you measure the
# vote and not the latent space. And look at the images: about one label in five should be
# wrong, and you can spot them. Labels by vote are an answer, not data.
#
# ## 10 · What the plot doesn't say
#
# **Does a direction mean anything?** Mirror the latent space, or exchange its axes:
# encoder and decoder can follow, and the loss stays exactly the same. So never say "4
# has a negative $z_1$"; another seed may turn it around. Does the same hold for a
# rotation? The prior is round, so the means and the decoder can follow. But
# $q_\phi(z|x)$ has independent dimensions, so its ellipses are always parallel to the
# axes. They can't turn along. Measure what that costs: rotate everything by an angle,
# give each image the best ellipse that is parallel to the axes again (where the precision
# of the turned one is $P$, that is a variance of $1 / P_{ii}$), and estimate the ELBO.
# (This takes about 5 seconds.)


# %% tags=["skip-grading"]
def rotated_elbo(degrees, images, mean, log_var, noise):
    """Terms of −ELBO, in nats, after a rotation of latent space: (reconstruction, KL).

    The decoder turns back by the same angle. noise: (samples, n, 2).
    """
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[c, -s], [s, c]])
    turned = mean @ turn.T
    variance = 1 / (np.exp(-log_var) @ (turn**2).T)
    error = 0.0
    for epsilon in noise:
        z = (turned + np.sqrt(variance) * (epsilon @ turn.T)) @ turn
        decoded = decoder.predict(z, batch_size=1000, verbose=0)
        error += np.mean(reconstruction_loss(images, decoded)) / len(noise)
    kl = np.mean(kl_divergence(turned, np.log(variance)))
    return float(error), float(kl)


angles = np.arange(0, 91, 15)
m_valid, v_valid = encoder.predict(x_valid[:1000], batch_size=1000, verbose=0)
noise = np.random.default_rng(237).standard_normal((4, 1000, 2))
arguments = x_valid[:1000], m_valid, v_valid, noise
terms = np.array([rotated_elbo(degrees, *arguments) for degrees in angles])
figure, axes = plt.subplots(figsize=(6.6, 3.4))
axes.plot(angles, (terms - terms[0]).sum(axis=1), "o-", label="−ELBO, estimated")
axes.plot(angles, (terms - terms[0])[:, 0], "s:", label="reconstruction")
axes.plot(angles, (terms - terms[0])[:, 1], "^--", label="KL")
axes.set(xlabel="rotation of the latent space (degrees)", xticks=angles)
axes.set(ylabel="change (nats)")
axes.legend()
plots.show(
    figure,
    alt="Change of the estimated negative ELBO against the angle of rotation: zero at "
    "0 and 90 degrees, about 0.2 nats at 45 degrees. Nearly all of it is KL.",
)

# %% [markdown]
# At 90 degrees nothing has changed: this rotation exchanges the axes and mirrors one. In
# between, the rotated model is worse, by about 0.2 nats at 45 degrees. So a VAE with a
# diagonal posterior prefers some orientations of its latent space to others. Rolinek and
# others (2019) show which: locally it aligns its axes with principal directions of the
# data, as PCA does. For this model the preference is weak.
#
# - **Up to mirroring and exchange, then, the axes aren't arbitrary; their names are.**
#   Say "4 lies next to 9". Another seed may also end in another arrangement altogether.
# - **Distances mean little.** The decoder may change a lot along a short line and little
#   along a long one.
# - **A clear plot doesn't make a good model.** The −ELBO scores the model; purity scores
#   its latent space by labels that the model never saw. With eight dimensions the former
#   gets much better (lesson 08), and there is no plane to plot.
#
# ## What to take along
# - `z_mean` for plots and reconstructions, samples for training and the ELBO; codes and
#   labels in the same order, the last batch too.
# - Drop a marker such as 11 before you compute anything, and draw it behind the rest.
# - Ten colors that everyone can tell apart; numbers on the clusters; equal scales.
# - The aggregate posterior q(z) is what the decoder was trained on; the prior is what you
#   sample from. Average KL = mutual information + KL(q(z) ‖ p(z)), and the estimate
#   depends on how many images are in it.
# - A grid from the quantiles of the prior, decoded in one call. Look where the codes lie
#   before you choose its range.
# - An interpolation has two images at its ends; a grid or a traversal has none.
# - Put a number on "nice clusters", leave out the point itself, compare with shuffled
#   labels, and vary the number of images before you name a cause.
# - To estimate how good a guess is, hide what you know and guess that.
#
# ## Where to go on
# - M. D. Hoffman, M. J. Johnson: [ELBO
#   surgery](http://approximateinference.org/accepted/HoffmanJohnson2016.pdf), 2016. The
#   split of section 5; their $q(n|z)$, the "index" of an image, is our $x$, and their
#   "average encoding distribution" is our aggregate posterior.
# - J. M. Tomczak, M. Welling: [VAE with a VampPrior](https://arxiv.org/abs/1705.07120),
#   2018. A prior made of the encoder's own posteriors at "pseudo-inputs".
# - M. Rolinek, D. Zietlow, G. Martius: [Variational Autoencoders Pursue PCA Directions
#   (by Accident)](https://arxiv.org/abs/1812.06775), 2019. Why a diagonal posterior
#   chooses the axes.
# - G. Arvanitidis, L. K. Hansen, S. Hauberg: [Latent Space
#   Oddity](https://arxiv.org/abs/1710.11379), 2018. How to measure distances in latent
#   space by what the decoder does along the way.
#
# ## Where it comes from
# - D. P. Kingma, M. Welling: [Auto-Encoding Variational
#   Bayes](https://arxiv.org/abs/1312.6114), 2013. The grid over quantiles of the prior is
#   in its appendix, under "learned manifold".
# - D. P. Kingma, D. J. Rezende, S. Mohamed, M. Welling: [Semi-supervised Learning with
#   Deep Generative Models](https://arxiv.org/abs/1406.5298), 2014. Few labels, many
#   images, done properly.
# - G. M. Machado, M. M. Oliveira, L. A. F. Fernandes: [A Physiologically-based Model for
#   Simulation of Color Vision Deficiency](https://doi.org/10.1109/TVCG.2009.113), 2009.
# - P. Tol: *Colour Schemes*, technical note SRON/EPS/TN/09-002, 2021. M. A. Petroff:
#   [Accessible Color Sequences for Data
#   Visualization](https://arxiv.org/abs/2107.02270), 2021. The palettes.
# - T. M. Cover, P. E. Hart: [Nearest neighbor pattern
#   classification](https://doi.org/10.1109/TIT.1967.1053964), 1967.
#
# [← Lesson 05: the VAE loss](../05_vae_loss/05_vae_loss.ipynb) ·
# [Lesson 07: the VAE as a class →](../07_vae_class/07_vae_class.ipynb)
