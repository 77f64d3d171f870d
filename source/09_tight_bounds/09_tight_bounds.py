# %% [markdown]
# # 09 · Tight bounds: what the ELBO leaves out
#
# **You will be able to**
# - say what the gap between $\log p(x)$ and the ELBO is, and derive it in two lines;
# - tighten the bound with importance weights, and say what that costs;
# - compute $\log p(x)$ on a grid, and tell when the grid is too narrow or too coarse;
# - split the gap into the encoder's share and the Gaussian's share, image by image;
# - judge from the effective sample size how far an estimate can be trusted.
#
# **Time** about 80 minutes · **Points** 20 · **Builds on** lessons 05 and 06
# · **Before this** [lesson 08](../08_fashion_mnist/08_fashion_mnist.ipynb) · **Next** [lesson 10](../10_conditional_vae/10_conditional_vae.ipynb)
#
# You complete the cells marked TO DO. Each is followed by a `check` that you can run as
# often as you like.

# %%
import vaelab.quiet  # first, so that TensorFlow starts without its log lines

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pyarrow as pa
import tensorflow as tf
from keras import layers, ops
from matplotlib.patches import Ellipse
from pyarrow import csv
from scipy.special import logsumexp

from autograder import check, hint
from vaelab import datasets, plots
from vaelab.datasets.files import data_file

keras.utils.set_random_seed(237)

# %% [markdown]
# ## 1 · Two numbers for one image
#
# A VAE says how probable an image is. Average the likelihood over the prior:
#
# $$p_\theta(x) = \int p_\theta(x|z)\, p(z)\, dz .$$
#
# This is the **marginal likelihood** of $x$: the latent variable is integrated out
# (marginalized). Bayesians call it the **evidence**, and that is the E in ELBO. In eight
# dimensions nobody can compute the integral, so lesson 05 trained on a lower bound. But
# the model of lesson 06 has *two* latent dimensions. In two dimensions you can compute
# it on a grid. So here you can do what is rarely possible: compare the bound with the
# truth.
#
# The folded cells below are the data pipeline of lesson 03, three functions of lessons 02
# and 05, and the dense encoder and decoder of lesson 06. Skim them; nothing in them is
# new.

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
# From lesson 5: reconstruction-loss

# %% tags=["given"]
# From lesson 5: kl-divergence


# %% tags=["given"]
def dense(units):
    """A hidden layer with ReLU, and the initial weights that suit it."""
    return layers.Dense(units, activation="relu", kernel_initializer="he_normal")


def build_encoder(latent_dim=2):
    """The encoder of lesson 06: images (batch, 28, 28, 1) → [z_mean, z_log_var]."""
    images = keras.Input((28, 28, 1))
    h = dense(128)(dense(256)(dense(384)(layers.Flatten()(images))))
    z_mean = layers.Dense(latent_dim, name="z_mean")(h)
    z_log_var = layers.Dense(latent_dim, name="z_log_var")(h)
    return keras.Model(images, [z_mean, z_log_var], name="encoder")


def build_decoder(latent_dim=2):
    """The decoder of lesson 06: z (batch, latent_dim) → images (batch, 28, 28, 1)."""
    z = keras.Input((latent_dim,))
    h = dense(384)(dense(256)(dense(128)(z)))
    pixels = layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(h))
    return keras.Model(z, pixels, name="decoder")


# %% [markdown]
# Load the trained weights, and take 300 held-out images, which the model has never seen.

# %% tags=["skip-grading"]
train_raw, test_raw = read_raw(*datasets.mnist_csv_files())
valid_rows = hold_out(combine(train_raw, mark_unlabeled(test_raw)))[1]
images = to_images(valid_rows[:300])[0]
del train_raw, test_raw, valid_rows

encoder, decoder = build_encoder(), build_decoder()
encoder.load_weights(data_file("checkpoints/mnist_2d_encoder.weights.h5"))
decoder.load_weights(data_file("checkpoints/mnist_2d_decoder.weights.h5"))
z_mean, z_log_var = encoder.predict(images, verbose=0)
print(f"{len(images)} images, z_mean of shape {z_mean.shape}")
print(f"median standard deviation of q(z|x): {np.median(np.exp(z_log_var / 2)):.3f}")
print(f"largest coordinate of a posterior mean: {np.abs(z_mean).max():.1f}")

# %% [markdown]
# ### Where the gap comes from
#
# Take any density $q(z|x)$ and multiply by $q/q$ under the integral:
#
# $$p_\theta(x) = \int q(z|x)\,\frac{p_\theta(x|z)\,p(z)}{q(z|x)}\,dz
# = \mathbb{E}_{q(z|x)}[\,w\,],
# \qquad w = \frac{p_\theta(x|z)\,p(z)}{q(z|x)} .$$
#
# The ratio $w$ is an **importance weight**: it corrects for sampling $z$ from $q$ and not
# from $p(z)$. So the evidence is the mean of $w$, and the ELBO is the mean of $\log w$.
# The logarithm is concave, and therefore the log of a mean is never smaller than the mean
# of the logs. This is **Jensen's inequality**:
#
# $$\log p_\theta(x) = \log \mathbb{E}_q[w] \;\ge\; \mathbb{E}_q[\log w] = \text{ELBO}.$$
#
# The two are equal only if $w$ is the same for every $z$, that is, if
# $q(z|x) = p_\theta(z|x)$, the true posterior. How large is the difference? Lesson 05
# derived it. Replace $p_\theta(x|z)\,p(z)$ by $p_\theta(z|x)\,p_\theta(x)$ in $w$ and take
# the mean of the log:
#
# $$\log p_\theta(x) - \text{ELBO}
# = \text{KL}\big(q_\phi(z|x)\,\|\,p_\theta(z|x)\big).$$
#
# In words: what the ELBO leaves out is the distance of the approximate posterior from the
# true one. This lesson measures that distance, and asks whose fault it is.
#
# **A caveat about gray pixels.** As lesson 05 said, for gray $x$ the cross-entropy is not
# the negative log of a normalized $p(x|z)$. Every inequality in this lesson holds all the
# same, because Jensen's inequality does not need a normalized likelihood, and neither
# does $p(z|x)$. But do not compare the numbers here with published ones for black and
# white MNIST. Section 4 repeats the main measurement on binarized images.
#
# ## 2 · Importance weights, as logarithms
#
# All three factors of $w$ are needed as logarithms: $p(x|z)$ of an image is around
# $e^{-130}$, and single precision ends at about $e^{-103}$. The first,
# $\log p_\theta(x|z)$, is minus the `reconstruction_loss` of lesson 05. The other two are
# Gaussian densities:
#
# $$\log \mathcal N(z;\mu,\sigma^2)
# = -\tfrac12\sum_j\Big(\log 2\pi + \log\sigma_j^2
# + \frac{(z_j-\mu_j)^2}{\sigma_j^2}\Big).$$
#
# ### TO DO · `log-normal`
# Write this with `log_var` for $\log\sigma^2$. Sum over the **last** axis, and let the
# shapes broadcast: `z` may be (n, k, d) with `mean` and `log_var` of shape (n, 1, d), and
# `mean` and `log_var` may also be plain numbers, as in `log_normal(z, 0.0, 0.0)`.
#
# Stuck? Run `hint("log-normal")` in a cell of its own.


# %% exercise="log-normal"
def log_normal(z, mean, log_var):
    """Log-density of a Gaussian with a diagonal covariance at z, in nats.

    z: NumPy array (..., d). mean, log_var: numbers, or arrays that broadcast with z;
    log_var is the log of the variance. Returns (...), summed over the last axis.
    """
    ### BEGIN SOLUTION
    squared_distance = (z - mean) ** 2 / np.exp(log_var)
    return -0.5 * np.sum(np.log(2 * np.pi) + log_var + squared_distance, axis=-1)
    ### END SOLUTION


# %% check="log-normal"
check("log-normal")

# %% [markdown]
# Now the weights: $k$ samples of $z$ for each image, and the logarithm of $w$ for each of
# them. Three things matter.
#
# - Evaluate $\log p(x|z)$, $\log p(z)$ and $\log q(z|x)$ at the **same** $z$.
# - Every image has its own $k$ samples, and no noise is used twice.
# - Decode all $n \cdot k$ samples in **one** call. `z.reshape(n * k, d)` puts the $k$
#   samples of the first image first, and `np.repeat(images, k, axis=0)` repeats the
#   images in the same order:
#
# ```python
# np.repeat(np.array([1, 2]), 3, axis=0)    # array([1, 1, 1, 2, 2, 2])
# ops.convert_to_numpy(reconstruction_loss(a, b))   # a tensor (batch,) as an array
# ```
#
# ### TO DO · `log-weights`
# `np.random.default_rng(seed)` makes the noise reproducible: the same seed gives the same
# weights. The latent dimension is that of the encoder, and need not be 2.
#
# Stuck? Run `hint("log-weights")` in a cell of its own.


# %% exercise="log-weights"
def log_importance_weights(encoder, decoder, images, k, seed):
    """log w = log p(x|z) + log p(z) − log q(z|x) for k samples of each image, in nats.

    encoder: images → [z_mean, z_log_var]. decoder: z → images. images: (n, h, w, 1).
    The z are sampled from q(z|x), all decoded in one call. Returns an array (n, k).
    """
    ### BEGIN SOLUTION
    z_mean, z_log_var = encoder.predict(images, verbose=0)
    mean, log_var = z_mean[:, None], z_log_var[:, None]  # (n, 1, d)
    n, d = z_mean.shape
    epsilon = np.random.default_rng(seed).standard_normal((n, k, d), dtype="float32")
    z = mean + np.exp(log_var / 2) * epsilon  # (n, k, d)
    reconstructions = decoder.predict(z.reshape(n * k, d), batch_size=4096, verbose=0)
    loss = reconstruction_loss(np.repeat(images, k, axis=0), reconstructions)
    log_likelihood = -ops.convert_to_numpy(loss).reshape(n, k)
    return log_likelihood + log_normal(z, 0.0, 0.0) - log_normal(z, mean, log_var)
    ### END SOLUTION


# %% check="log-weights"
check("log-weights")

# %% [markdown]
# A thousand samples of each of 300 images are 300,000 latent vectors. Decoded at once
# they would take a gigabyte, so the helper below takes a few images at a time. The cell
# takes about ten seconds.

# %% tags=["skip-grading"]
K = 1000


def log_weights_in_parts(images, k, at_once=20):
    """log_importance_weights of many images, a few at a time. Returns (n, k)."""
    parts = [
        log_importance_weights(encoder, decoder, images[i : i + at_once], k, seed=i)
        for i in range(0, len(images), at_once)
    ]
    return np.concatenate(parts)


log_weights = log_weights_in_parts(images, K)
elbo = log_weights.mean(axis=1)
print(f"ELBO, estimated with {K:,} samples for each image: {elbo.mean():.1f} nats")

# %% [markdown]
# What do the weights of a single image look like?

# %% tags=["skip-grading"]
spread = log_weights.std(axis=1)
narrow, wide = np.argsort(spread)[[60, 270]]
figure, axes = plt.subplots(1, 2, figsize=(10, 3.4), sharey=True)
for ax, i, name in zip(axes, (narrow, wide), ("small spread", "large spread")):
    log_of_mean = logsumexp(log_weights[i]) - np.log(K)
    ax.hist(log_weights[i], bins=50, color="0.75")
    ax.axvline(elbo[i], color="C0", label=f"mean of logs: {elbo[i]:.1f}")
    label = f"log of mean: {log_of_mean:.1f}"
    ax.axvline(log_of_mean, color="C1", linestyle="--", label=label)
    ax.set(xlabel="log w (nats)", title=name)
    ax.legend(loc="upper left")
axes[0].set(ylabel="samples of 1,000")
plots.show(
    figure,
    alt="Histograms of 1,000 log-weights for two images. Left, small spread: the "
    "mean of the logs and the log of the mean nearly coincide. Right, large "
    "spread: a long tail to the left pulls the mean of the logs down, several "
    "nats below the log of the mean.",
)

# %% [markdown]
# The tail on the left pulls the mean of the logarithms down. It hardly changes the
# logarithm of the mean, because a weight of almost 0 is one small number among others.
#
# ## 3 · The importance-weighted bound
#
# Burda, Grosse and Salakhutdinov (2016) put the mean of $K$ weights inside the logarithm
# (**importance weighting**):
#
# $$\mathcal L_K = \mathbb{E}\Big[\log \frac1K \sum_{k=1}^K w_k\Big],
# \qquad \text{ELBO} = \mathcal L_1 \le \mathcal L_2 \le \dots \le \log p_\theta(x).$$
#
# It is a lower bound for every $K$, again by Jensen's inequality, and it never gets worse
# as $K$ grows. But how do you compute $\log \sum_k e^{a_k}$ for $a_k \approx -137$? In
# single precision every $e^{a_k}$ is 0, and the log of 0 is $-\infty$. Subtract the
# largest term first, and add it outside:
#
# $$\log \sum_k e^{a_k} = a_{\max} + \log \sum_k e^{a_k - a_{\max}} .$$
#
# Now the largest term is $e^0 = 1$. This is the **log-sum-exp** trick, and
# `scipy.special.logsumexp(a, axis=…)` does it.
#
# ### TO DO · `importance-bound`
# Estimate $\mathcal L_K$ of each image from its $K$ log-weights. The weights of an image
# are in a **row**.
#
# Stuck? Run `hint("importance-bound")` in a cell of its own.


# %% exercise="importance-bound"
def importance_weighted_bound(log_weights):
    """log (1/K Σ w) of each image, in nats.

    log_weights: (n, K), also where exp(log_weights) is 0 or infinite. Returns (n,).
    """
    ### BEGIN SOLUTION
    return logsumexp(log_weights, axis=1) - np.log(log_weights.shape[1])
    ### END SOLUTION


# %% check="importance-bound"
check("importance-bound")

# %% [markdown]
# One set of 1,000 weights serves for every smaller $K$: split it into groups of $K$,
# take the bound of each group, and average.

# %% tags=["skip-grading"]
COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]


def bound_for(k):
    """The importance-weighted bound of each image for k samples, over K/k groups."""
    bounds = importance_weighted_bound(log_weights.reshape(-1, k))
    return bounds.reshape(len(log_weights), -1).mean(axis=1)


bounds = np.array([bound_for(k).mean() for k in COUNTS])
for k, bound in zip(COUNTS, bounds):
    print(f"K = {k:5,}: {bound:.1f} nats")

# %% [markdown]
# The bound rises quickly at first and then ever more slowly. Does it approach
# $\log p(x)$, or does it get stuck below? The numbers alone do not say.
#
# ## 4 · The truth, on a grid
#
# Replace the integral by a sum over the points of a square grid with spacing $\Delta$.
# Each point stands for a cell of area $\Delta^2$:
#
# $$\log p_\theta(x) \approx \log \sum_{z \in \text{grid}}
# p_\theta(x|z)\, p(z)\, \Delta^2 .$$
#
# This is **quadrature**. It does not sample, and no $q$ occurs in it. Two helpers are
# given: the grid, and $\log p(x|z)$ of *every* image for *every* reconstruction, as a
# product of two matrices.


# %% tags=["given"]
def grid_points(half_width=5.0, points=201):
    """Square grid over [−half_width, half_width]², both ends included.

    Returns (points², 2): z₁ changes from point to point, z₂ from row to row; both rise.
    """
    axis = np.linspace(-half_width, half_width, points, dtype="float32")
    z_1, z_2 = np.meshgrid(axis, axis)
    return np.stack([z_1.ravel(), z_2.ravel()], axis=1)


def log_likelihood(images, reconstructions):
    """log p(x|z) of every image for every reconstruction, in nats.

    images: (n, h, w, 1). reconstructions: (m, h, w, 1) in [0, 1]. Returns (n, m).
    """
    x = np.reshape(images, (len(images), -1))
    r = np.reshape(reconstructions, (len(reconstructions), -1))
    r = np.clip(r, 1e-7, 1 - 1e-7)
    return x @ np.log(r).T + (1 - x) @ np.log1p(-r).T


# %% [markdown]
# The default grid has 201 × 201 = 40,401 points. Decode each of them **once**, not once
# for each image, and never make an array of (images × points × pixels): for 300 images it
# would have nine billion entries. `log_likelihood` gives (images × points). If you decode
# the grid in pieces, `np.logaddexp(a, b)` is $\log(e^a + e^b)$ and adds two partial sums:
#
# ```python
# for piece in np.array_split(grid_points(5.0, 201), 10):   # each (4,040 or 4,041, 2)
#     ...
# ```
#
# ### TO DO · `quadrature`
# Sum over the grid in logarithms. Between `points` points on a side lie `points − 1`
# intervals, which gives the spacing.
#
# Stuck? Run `hint("quadrature")` in a cell of its own.


# %% exercise="quadrature"
def log_marginal(decoder, images, half_width=5.0, points=201):
    """log p(x) of each image by quadrature over a square grid, in nats.

    decoder: z (m, 2) → images (m, h, w, 1). images: (n, h, w, 1). The grid is that of
    grid_points(half_width, points), each point decoded once. Returns (n,).
    """
    ### BEGIN SOLUTION
    total = np.full(len(images), -np.inf)
    for z in np.array_split(grid_points(half_width, points), points**2 // 4096 + 1):
        reconstructions = decoder.predict(z, batch_size=4096, verbose=0)
        log_joint = log_likelihood(images, reconstructions) + log_normal(z, 0.0, 0.0)
        total = np.logaddexp(total, logsumexp(log_joint, axis=1))
    spacing = 2 * half_width / (points - 1)
    return total + 2 * np.log(spacing)
    ### END SOLUTION


# %% check="quadrature"
check("quadrature")

# %% [markdown]
# ### Is the grid good enough?
#
# Quadrature goes wrong in two ways. A grid that is too **narrow** misses the images whose
# posterior lies outside. A grid that is too **coarse** steps over a posterior that is
# narrower than a cell. To see how far off it is you need a better grid:
# `data/make_tight_bounds.py` ran the same function with 1,601 points on a side for 300
# images, several minutes of computing, and stored the result. The cells below load it,
# and try worse grids. This takes about ten seconds.

# %% tags=["skip-grading"]
with np.load(data_file("checkpoints/tight_bounds.npz")) as file:
    stored = {name: file[name] for name in file}
log_p = stored["log_marginal"]  # (300,), from 1,601 × 1,601 points

HALF_WIDTHS, POINTS = [1.0, 2.0, 3.0, 4.0], [21, 51, 101, 201]
by_width = [log_marginal(decoder, images, h, points=151) - log_p for h in HALF_WIDTHS]
by_points = [log_marginal(decoder, images, points=m) - log_p for m in POINTS]
log_p_201 = by_points[-1] + log_p
print(f"201 × 201 points:     log p(x) = {log_p_201.mean():.2f} nats on average")
print(f"1,601 × 1,601 points: log p(x) = {log_p.mean():.2f} nats on average")
print(f"largest difference of one image: {np.abs(by_points[-1]).max():.1f} nats")

# %% tags=["skip-grading"]
figure, axes = plt.subplots(1, 2, figsize=(10.5, 3.8), sharey=True)
for ax, errors, labels in zip(axes, (by_width, by_points), (HALF_WIDTHS, POINTS)):
    for i, error in enumerate(errors):
        jitter = np.random.default_rng(i).uniform(-0.25, 0.25, len(error))
        ax.plot(i + jitter, error, ".", color="C0", alpha=0.35, markersize=4)
        ax.plot([i - 0.32, i + 0.32], [error.mean()] * 2, color="C1", linewidth=2.5)
    ax.axhline(0, color="0.5", linewidth=1)
    ax.set_xticks(range(len(labels)), [f"{label:g}" for label in labels])
    ax.set_yscale("symlog", linthresh=1)
    ax.set_yticks([-100, -10, -1, 0, 1], ["−100", "−10", "−1", "0", "1"])
axes[0].set(xlabel="half width, 151 points on a side", title="Too narrow")
axes[0].set(ylabel="error of log p(x) (nats)")
axes[1].set(xlabel="points on a side, half width 5", title="Too coarse")
plots.show(
    figure,
    alt="Error of the quadrature for each of 300 images, with the mean as a bar, on "
    "an axis that is linear between −1 and 1 nat and logarithmic outside. Left: "
    "at half width 1 many images are tens of nats too low; from 3 on the errors "
    "are small. Right: with 21 points many images are several to a hundred nats "
    "too low and a few slightly too high; with 201 points nearly all errors are "
    "far below one nat, a few reach some nats.",
)

# %% [markdown]
# - **Too narrow** always errs downwards: it leaves out part of the integral.
# - **Too coarse** errs in both directions. If the posterior fits between the grid points,
#   the sum misses it; if one grid point happens to hit its peak, the sum counts the whole
#   cell as if it were that high. The mean over images hides this: at 201 points it is
#   right to about a tenth of a nat, while single images are off by some nats. Their
#   posterior has a standard deviation of 0.01 and less, and a cell is 0.05 wide.
# - The default of half width 5 is safe here: section 1 printed the largest coordinate of a
#   posterior mean, and it is below 4.
#
# So the numbers below take $\log p(x)$ from the stored grid. Now put the truth next to
# the bounds:

# %% tags=["skip-grading"]
figure, ax = plt.subplots(figsize=(7.6, 4.2))
ax.plot(COUNTS, bounds, "o-", label="importance-weighted bound")
ax.axhline(log_p.mean(), color="C1", linestyle="--", label="log p(x), quadrature")
ax.annotate("ELBO", (1, bounds[0]), xytext=(1.15, bounds[0] - 0.05), va="top")
ax.set(xlabel="samples K", ylabel="mean over 300 images (nats)", xscale="log")
ax.legend(loc="lower right")
plots.show(
    figure,
    alt="The importance-weighted bound against the number of samples K on a "
    "logarithmic axis. It starts at the ELBO and rises, ever more slowly, and "
    "stays about two nats below the dashed line of log p(x) even at K = 1,000.",
)
gap = log_p - elbo
print(f"gap of the ELBO: {gap.mean():.2f} nats on average, median {np.median(gap):.2f}")
print(f"still missing at K = 1,000: {log_p.mean() - bounds[-1]:.2f} nats")

# %% [markdown]
# The bound keeps its promise: it rises, and it stays below the truth. But from $K = 10$ to
# $K = 1{,}000$ a hundred times the work brings about one nat. With more samples the bound
# converges to $\log p(x)$, but where $q$ puts almost no mass where the posterior has some,
# it may take millions of samples.
#
# ### The same with black and white pixels
#
# For gray pixels "log p(x)" is the log of an unnormalized quantity. To be sure that this
# does not make the gap, sample each pixel as black or white once, with its gray value as
# the probability (stochastic binarization), and measure again. For 0 and 1 the
# cross-entropy *is* the negative log of a probability.

# %% tags=["skip-grading"]
coin = np.random.default_rng(237).random(images.shape)
binary = (coin < images).astype("float32")
binary_log_p = log_marginal(decoder, binary).mean()
binary_elbo = log_weights_in_parts(binary, 50).mean()
print(f"binarized: ELBO {binary_elbo:.1f}, log p(x) {binary_log_p:.1f} nats")
print(f"gap {binary_log_p - binary_elbo:.1f} nats, for gray pixels {gap.mean():.1f}")

# %% [markdown]
# The gap has about the same size. The gray pixels do not make it.
#
# ## 5 · The true posterior
#
# What the quadrature sums up is, for one image, proportional to the **true posterior**
# $p_\theta(z|x) = p_\theta(x|z)\,p(z) / p_\theta(x)$. Divide by the sum, and you have the
# probability of each cell of the grid.
#
# ### TO DO · `posterior`
# Return it as a table that `plt.imshow(…, origin="lower")` draws the right way round:
# the row is the index of $z_2$, the column that of $z_1$, and both rise.
# `grid_points` is in this order, so `reshape(points, points)` is enough. Here one image
# is given, of shape (28, 28, 1), and the grid may be decoded in one call.
#
# Stuck? Run `hint("posterior")` in a cell of its own.


# %% exercise="posterior"
def posterior_on_grid(decoder, image, half_width=5.0, points=201):
    """Probability of each cell of the grid under p(z|x) of one image.

    decoder: z (m, 2) → images (m, h, w, 1). image: (h, w, 1).
    Returns (points, points), [index of z₂, index of z₁]; all entries together sum to 1.
    """
    ### BEGIN SOLUTION
    z = grid_points(half_width, points)
    reconstructions = decoder.predict(z, batch_size=4096, verbose=0)
    log_joint = log_likelihood(image[None], reconstructions)[0]
    log_joint = log_joint + log_normal(z, 0.0, 0.0)
    return np.exp(log_joint - logsumexp(log_joint)).reshape(points, points)
    ### END SOLUTION


# %% check="posterior"
check("posterior")


# %% tags=["given"]
def zoomed_posterior(decoder, image, center, half_width, points=161):
    """The posterior density around a center, largest value 1: a window of the grid."""
    z = grid_points(half_width, points) + np.asarray(center, "float32")
    reconstructions = decoder.predict(z, batch_size=4096, verbose=0)
    log_joint = log_likelihood(image[None], reconstructions)[0]
    log_joint = log_joint - 0.5 * np.sum(z**2, axis=1)
    return np.exp(log_joint - log_joint.max()).reshape(points, points)


def draw_gaussian(ax, mean, log_var, color, style="-", label=None):
    """The ellipse that holds 95 % of a two-dimensional Gaussian, and its mean."""
    width, height = 2 * np.sqrt(5.991) * np.exp(np.asarray(log_var) / 2)
    look = {"fill": False, "edgecolor": color, "linestyle": style, "linewidth": 2}
    ax.add_patch(Ellipse(mean, width, height, label=label, **look))
    ax.plot(*mean, "+", color=color, markersize=9)


# %% [markdown]
# Three images: one with a small gap (easy), one whose posterior has two peaks far apart
# (ambiguous), and one with a large gap (bad). The dashed ellipse holds 95 % of the
# encoder's Gaussian.

# %% tags=["skip-grading"]
order = np.argsort(gap)


def posterior_spread(i):
    """Standard deviation of z under the true posterior, both axes together."""
    p = posterior_on_grid(decoder, images[i], points=101).ravel()
    z = grid_points(5.0, 101)
    return np.sqrt(p @ np.sum((z - p @ z) ** 2, axis=1))


candidates = order[175:265:10]
ambiguous = max(candidates, key=posterior_spread)
chosen = {"easy": order[60], "ambiguous": ambiguous, "bad": order[-2]}
figure, axes = plt.subplots(2, 3, figsize=(10, 6.8), height_ratios=[1, 2.4])
for (name, i), top, ax in zip(chosen.items(), axes[0], axes[1]):
    top.imshow(images[i, ..., 0], vmin=0, vmax=1)
    top.set_title(f"{name}: gap {gap[i]:.1f} nats")
    top.axis("off")
    p = posterior_on_grid(decoder, images[i], points=201)
    rows, columns = np.nonzero(p > 1e-3 * p.max())
    peaks = np.linspace(-5, 5, 201)[np.stack([columns, rows])]
    points = np.concatenate([peaks, z_mean[[i]].T], axis=1)
    center = (points.min(axis=1) + points.max(axis=1)) / 2
    half_width = 0.65 * np.ptp(points, axis=1).max() + 0.05
    window = zoomed_posterior(decoder, images[i], center, half_width)
    extent = np.ravel([(c - half_width, c + half_width) for c in center])
    ax.imshow(np.sqrt(window), origin="lower", extent=extent, cmap="Blues")
    draw_gaussian(ax, z_mean[i], z_log_var[i], "C1", "--")
    ax.set(xlabel="$z_1$", ylabel="$z_2$" if name == "easy" else "")
    ax.grid(visible=False)
plots.show(
    figure,
    alt="Three held-out digits above their true posteriors in the latent plane, in "
    "blue, with the encoder's Gaussian as a dashed ellipse. Easy: the ellipse "
    "lies on the posterior. Ambiguous: the posterior has separate peaks and the "
    "ellipse covers only one of them. Bad: the posterior is a small spot that "
    "the ellipse misses.",
)

# %% [markdown]
# The figure shows the square root of the density, so that small peaks stay visible. Look
# at the scale of the axes: the windows have different sizes.
#
# - **Easy**: the true posterior is nearly a Gaussian, and the encoder has found it.
# - **Ambiguous**: two separate regions of the latent plane explain the image. A single
#   Gaussian can cover one of them, or a lot of empty space between them.
# - **Bad**: the posterior may well be close to a Gaussian, but the encoder puts its own in
#   another place.
#
# The last two are different faults, with different remedies.
#
# ## 6 · Whose gap is it?
#
# Cremer, Li and Duvenaud (2018) split the gap in two. Let $q^*$ be the *best* Gaussian
# for this image, with no encoder involved:
#
# $$\log p(x) - \text{ELBO}(q_\phi) =
# \underbrace{\log p(x) - \text{ELBO}(q^*)}_{\text{approximation gap}}
# + \underbrace{\text{ELBO}(q^*) - \text{ELBO}(q_\phi)}_{\text{amortization gap}}.$$
#
# - The **approximation gap** is the fault of the family: no Gaussian with a diagonal
#   covariance fits the posterior any better.
# - The **amortization gap** is the fault of the encoder. It does not search for the best
#   Gaussian of this image; one network answers for all images at once (lesson 05 called
#   this amortized inference).
#
# To find $q^*$, start from the encoder's answer and maximize the ELBO of each image over
# its own $\mu$ and $\log\sigma^2$, with Adam, while the decoder stays fixed.


# %% tags=["given"]
def refine(decoder, images, z_mean, z_log_var, steps=300, draws=16, seed=237):
    """Fit a Gaussian to each image by Adam on its ELBO; the decoder stays fixed.

    Returns z_mean, z_log_var (n, d) and the ELBO (n,) estimated at the end, in nats.
    """
    n, d = z_mean.shape
    mean, log_var = keras.Variable(z_mean), keras.Variable(z_log_var)
    rate = keras.optimizers.schedules.CosineDecay(0.03, steps)
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build([mean, log_var])
    noise = keras.random.SeedGenerator(seed)
    copies = ops.repeat(images, draws, axis=0)

    @tf.function
    def estimate():
        epsilon = keras.random.normal((n, draws, d), seed=noise)
        z = reparameterize(mean[:, None], log_var[:, None], epsilon)
        loss = reconstruction_loss(copies, decoder(ops.reshape(z, (n * draws, d))))
        mean_loss = ops.mean(ops.reshape(loss, (n, draws)), axis=1)
        return -mean_loss - kl_divergence(mean, log_var)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = -ops.sum(estimate())
        gradients = tape.gradient(loss, [mean.value, log_var.value])
        optimizer.apply(gradients, [mean, log_var])

    for _ in range(steps):
        step()
    elbo = np.mean([estimate().numpy() for _ in range(60)], axis=0)
    return mean.numpy(), log_var.numpy(), elbo


# %% [markdown]
# Try it on the twelve images with the largest gaps. This takes a few seconds. For all 300
# it would take a minute or more, so `data/make_tight_bounds.py` has run this function for
# you and stored the Gaussians and their ELBO.

# %% tags=["skip-grading"]
worst = order[-12:][::-1]
refined_worst = refine(decoder, images[worst], z_mean[worst], z_log_var[worst])[2]
difference = np.abs(refined_worst - stored["elbo"][worst])
print("ELBO before and after, and log p(x), in nats:")
for i, after in zip(worst[:6], refined_worst):
    print(f"  {elbo[i]:7.1f} → {after:7.1f}   log p(x) {log_p[i]:7.1f}")
print(f"median difference from the stored ELBO: {np.median(difference):.2f} nats")

# %% tags=["skip-grading"]
amortization = stored["elbo"] - elbo
approximation = log_p - stored["elbo"]
rows = {
    "ELBO of the encoder": elbo,
    "K = 10": bound_for(10),
    "K = 100": bound_for(100),
    "K = 1,000": bound_for(1000),
    "ELBO of the refined Gaussian": stored["elbo"],
    "log p(x)": log_p,
    "amortization gap": amortization,
    "approximation gap": approximation,
}
summary = {name: [v.mean(), np.median(v), v.min(), v.max()] for name, v in rows.items()}
columns = ["mean", "median", "min", "max"]
pd.DataFrame.from_dict(summary, orient="index", columns=columns).round(2)

# %% [markdown]
# Most of the mean gap is the encoder's. But compare the means with the medians: a few
# images make most of it. Sort them.

# %% tags=["skip-grading"]
figure, ax = plt.subplots(figsize=(9, 3.8))
ranks = np.arange(len(gap))
both = [np.maximum(approximation[order], 0), np.maximum(amortization[order], 0)]
names = ["approximation gap (the Gaussian's)", "amortization gap (the encoder's)"]
areas = ax.stackplot(ranks, both, labels=names, colors=["C1", "C0"], step="mid")
areas[0].set_alpha(0.4)  # so that they differ in gray, too
ax.set(xlabel="images, sorted by the gap of their ELBO", ylabel="gap (nats)")
ax.set(xlim=(0, len(gap) - 1), ylim=(0, 1.05 * gap.max()))
ax.legend(loc="upper left")
tenth = gap[order[-30:]].sum() / gap.sum()
print(f"the worst 30 of 300 images make {tenth:.0%} of the whole gap")
plots.show(
    figure,
    alt="Stacked gaps of 300 images in ascending order. For most images the gap is "
    "one or two nats, shared by both parts. It rises steeply for the last thirty "
    "images, and there nearly all of it is the amortization gap.",
)

# %% tags=["skip-grading"]
z_refined, log_var_refined = stored["z_mean"], stored["z_log_var"]
shown = worst[:6]
r_encoder = decoder.predict(z_mean[shown], verbose=0)
r_refined = decoder.predict(z_refined[shown], verbose=0)
figure, axes = plt.subplots(3, 6, figsize=(9, 5))
names = ["image", "encoder's mean", "refined mean"]
for row, pictures, name in zip(axes, (images[shown], r_encoder, r_refined), names):
    for ax, picture in zip(row, pictures):
        ax.imshow(picture[..., 0], vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[])
    row[0].set_ylabel(name)
for ax, i in zip(axes[0], shown):
    ax.set_title(f"{amortization[i]:.0f} nats", fontsize=10)
plots.show(
    figure,
    alt="The six images with the largest gaps. Top row: the images, above them their "
    "amortization gaps. Middle: the decoded mean of the encoder, often another "
    "digit or a blurred one. Bottom: the decoded mean of the refined Gaussian, "
    "which resembles the image more closely in most columns.",
)

# %% [markdown]
# As everywhere in the course, a reconstruction decodes the posterior mean. The gaps above
# the columns are averages over samples.
#
# For these images the decoder *can* produce something closer: the encoder pointed to the
# wrong region. Now look at the two Gaussians in the latent plane.

# %% tags=["skip-grading"]
figure, axes = plt.subplots(1, 3, figsize=(11, 4.2))
for ax, (name, i) in zip(axes, chosen.items()):
    both = np.stack([z_mean[i], z_refined[i]])
    center, sigma = both.mean(axis=0), np.exp(log_var_refined[i] / 2).max()
    half_width = 0.7 * np.ptp(both, axis=0).max() + 4 * sigma
    window = zoomed_posterior(decoder, images[i], center, half_width)
    extent = np.ravel([(c - half_width, c + half_width) for c in center])
    ax.imshow(np.sqrt(window), origin="lower", extent=extent, cmap="Blues")
    draw_gaussian(ax, z_mean[i], z_log_var[i], "C1", "--", "encoder (amortized)")
    draw_gaussian(ax, z_refined[i], log_var_refined[i], "black", "-", "refined")
    parts = f"{amortization[i]:.1f} + {approximation[i]:.1f} nats"
    ax.set(xlabel="$z_1$", title=f"{name}: {parts}")
    ax.grid(visible=False)
axes[0].set(ylabel="$z_2$")
axes[0].legend(loc="upper left", fontsize=8)
plots.show(
    figure,
    alt="The posteriors of the easy, the ambiguous and the bad image, each with the "
    "encoder's Gaussian as a dashed ellipse and the refined one as a solid "
    "ellipse; titles give amortization gap + approximation gap. Easy: both "
    "nearly coincide. Ambiguous: both cover one part of the posterior. Bad: the "
    "refined ellipse has moved onto the posterior, away from the encoder's.",
)

# %% [markdown]
# The ellipses can only stretch along the axes. A posterior that is tilted, bent or has a
# second peak leaves an approximation gap, whatever the encoder does.
#
# ## 7 · What many samples buy
#
# A mean of $K$ weights is only as good as the number of weights that count. If one of
# them is a thousand times larger than the rest, you have one sample, however large $K$
# is. The **effective sample size** (Kish) puts a number to it:
#
# $$\text{ESS} = \frac{\big(\sum_k w_k\big)^2}{\sum_k w_k^2} .$$
#
# It is $K$ if all weights are equal, and 1 if a single weight has it all. It does not
# change if all weights are multiplied by the same factor.
#
# ### TO DO · `effective-sample-size`
# Compute it from log-weights of any size: −137 here, +1,000 in the check. Note that
# $\log w^2 = 2\log w$.
#
# Stuck? Run `hint("effective-sample-size")` in a cell of its own.


# %% exercise="effective-sample-size"
def effective_sample_size(log_weights):
    """(Σ w)² / Σ w² of each image, between 1 and K.

    log_weights: (n, K), also where exp(log_weights) is 0 or infinite. Returns (n,).
    """
    ### BEGIN SOLUTION
    log_sum = logsumexp(log_weights, axis=1)
    log_sum_of_squares = logsumexp(2 * log_weights, axis=1)
    return np.exp(2 * log_sum - log_sum_of_squares)
    ### END SOLUTION


# %% check="effective-sample-size"
check("effective-sample-size")

# %% tags=["skip-grading"]
sizes = [effective_sample_size(log_weights[:, :k]) for k in COUNTS]
quantiles = [np.quantile(size, [0.1, 0.5, 0.9]) for size in sizes]
low, middle, high = np.array(quantiles).T
figure, axes = plt.subplots(1, 2, figsize=(11, 4.2))
axes[0].plot(COUNTS, COUNTS, ":", color="0.4", label="all weights equal: ESS = K")
axes[0].fill_between(COUNTS, low, high, color="C0", alpha=0.2, label="10 % to 90 %")
axes[0].plot(COUNTS, middle, "o-", color="C0", label="median of the images")
axes[0].set(xscale="log", yscale="log", xlabel="samples K", ylabel="ESS")
axes[0].legend(loc="upper left")
size = effective_sample_size(log_weights)
missing = log_p - importance_weighted_bound(log_weights)
axes[1].plot(size, np.maximum(missing, 1e-3), ".", color="C0", alpha=0.6)
axes[1].set(xscale="log", yscale="log", xlabel="ESS at K = 1,000")
axes[1].set(ylabel="log p(x) − bound (nats)")
plots.show(
    figure,
    alt="Left: effective sample size against K, both logarithmic. The median image "
    "has an effective sample size of about a seventh of K at K = 1,000; the "
    "lowest tenth stays near a few samples. Right: what the bound with 1,000 "
    "samples still misses against the effective sample size. Below about ten "
    "effective samples many nats are missing; above a hundred most images miss "
    "little, with exceptions.",
)
few = size < 10
print(f"{few.sum()} images have fewer than 10 effective samples of 1,000.")
others = missing[~few].mean()
print(f"They miss {missing[few].mean():.1f} nats, the others {others:.2f}.")
unseen = np.sum((size > 100) & (missing > 1))
print(f"{unseen} images have ESS > 100 and still miss more than a nat.")

# %% [markdown]
# A small effective sample size is a warning that you can trust. A large one is no proof:
# it sees only the samples that it has. If none of the 1,000 samples reaches the second
# peak of the posterior, the weights look even, and the bound is still too low. This is why
# the truth on a grid is worth having.
#
# ### A tighter bound need not train a better encoder
#
# You could train on $\mathcal L_K$ and not on the ELBO. For the decoder that helps: its
# gradient follows $\log p(x)$ more closely. But Rainforth and others (2018) showed that
# the *encoder's* gradient drowns in noise. The better the weighted average, the less it
# matters where the samples come from, so the expected gradient of $\phi$ shrinks like
# $1/K$, its standard deviation only like $1/\sqrt K$. Measure the signal-to-noise ratio,
# $\|\mathbb E[g]\| / \sqrt{\mathbb E\|g - \mathbb E[g]\|^2}$, of both gradients, over 500
# repetitions, for ten images. This takes some five seconds.


# %% tags=["given"]
@tf.function
def bound_gradients(image, z_mean, z_log_var, k, repeats):
    """Gradients of `repeats` importance-weighted bounds of one image, k samples each.

    Returns those by z_mean (repeats, d), and by the biases of the decoder's last layer
    (repeats, pixels): for a sigmoid and cross-entropy these are Σ w (x − r) / Σ w.
    """
    d = len(z_mean)
    epsilon = tf.random.normal((repeats, k, d))
    mean = tf.tile(z_mean[None], (repeats, 1))
    with tf.GradientTape() as tape:
        tape.watch(mean)
        z = reparameterize(mean[:, None], z_log_var, epsilon)
        r = tf.reshape(decoder(tf.reshape(z, (-1, d))), (repeats, k, -1))
        r = tf.clip_by_value(r, 1e-7, 1 - 1e-7)
        x = tf.reshape(image, (1, 1, -1))
        log_p = tf.reduce_sum(x * tf.math.log(r) + (1 - x) * tf.math.log1p(-r), axis=-1)
        log_p -= tf.reduce_sum(z**2, axis=-1) / 2
        noise = (z - mean[:, None]) / tf.exp(z_log_var / 2)
        log_q = -tf.reduce_sum(noise**2 + z_log_var, axis=-1) / 2
        bound = tf.reduce_logsumexp(log_p - log_q, axis=1)
    weights = tf.nn.softmax(log_p - log_q, axis=1)[..., None]
    return tape.gradient(bound, mean), tf.reduce_sum(weights * (x - r), axis=1)


# %% tags=["skip-grading"]
REPEATS, SIZES = 500, [1, 4, 16, 32]


def signal_to_noise(gradients):
    """Length of the mean gradient against the spread around it, bias removed."""
    mean, noise = np.mean(gradients, axis=0), np.var(gradients, axis=0).sum()
    return np.sqrt(max(np.sum(mean**2) - noise / len(gradients), 0) / noise)


ratios = []
for i in order[30:300:30]:
    given = [tf.constant(value[i]) for value in (images, z_mean, z_log_var)]
    both = [bound_gradients(*given, k, REPEATS) for k in SIZES]
    ratios.append([[signal_to_noise(g.numpy()) for g in pair] for pair in both])
of_encoder, of_decoder = np.median(ratios, axis=0).T

figure, ax = plt.subplots(figsize=(6.8, 4))
ax.plot(SIZES, of_decoder, "s-", color="C0", label="decoder (biases of the last layer)")
ax.plot(SIZES, of_encoder, "o--", color="C1", label="encoder (z_mean)")
ax.set(xscale="log", yscale="log", xlabel="samples K", xticks=SIZES)
ax.set_xticks(SIZES, SIZES)
ax.set(ylabel="signal-to-noise ratio of the gradient")
ax.legend()
plots.show(
    figure,
    alt="Signal-to-noise ratio of the gradients against K, both axes logarithmic, "
    "median of nine images. The decoder's rises with K, the encoder's falls.",
)
print("K:      ", *[f"{k:6}" for k in SIZES])
print("decoder:", *[f"{ratio:6.2f}" for ratio in of_decoder])
print("encoder:", *[f"{ratio:6.2f}" for ratio in of_encoder])

# %% [markdown]
# One model, two opinions about $K$: the decoder gains from more samples, the encoder
# loses. Better estimators repair the encoder's gradient (the last section names one). The
# lesson to keep is more general: a tighter bound and a better gradient are different
# things.
#
# ## 8 · Reading the gap
#
# ### TO DO · `written-gap` (3 points)
# Look once more at the table and the figures of section 6. Answer in about six sentences.
#
# 1. How large is the gap of the ELBO on average, which share of it is the encoder's and
#    which the Gaussian's, and how was this found out?
# 2. Why does the mean alone mislead here?
# 3. A colleague wants to close the gap and has three proposals: (a) a larger encoder,
#    trained longer; (b) a more flexible posterior, such as a mixture or a normalizing
#    flow; (c) training with $K = 100$ importance samples. Which would you try first for
#    *this* model, and what does each of the other two act on?

# %% [markdown] written="written-gap" points=3
# *Your answer:*
#
# ### BEGIN SOLUTION
# The ELBO lies about 4 nats below $\log p(x)$ on average over the 300 images. When each
# image gets its own Gaussian, fitted by Adam with the decoder fixed, the bound rises by
# about three quarters of that: this is the amortization gap, the encoder's share. What
# remains up to $\log p(x)$ from the grid, about one nat, is the approximation gap: no
# Gaussian of this family does better. The mean misleads because the gap is very uneven.
# The median image misses far less, and a tenth of the images makes more than half of the
# whole gap; there the encoder points to the wrong region of the latent space. So (a)
# acts on the larger share, and comes first (also: a few refining steps for each image).
# (b) acts on the approximation gap alone, a nat at most. (c) tightens the bound and its
# gradient helps the decoder, but the signal-to-noise ratio of the encoder's gradient falls
# with K, so it need not give a better encoder.
#
# Rubric
# - ½ names the size of the gap and the split with numbers from the table (encoder's share
#   clearly the larger one)
# - ½ says how: refined Gaussian for each image against the encoder's (amortization), and
#   the rest up to log p(x) from quadrature (approximation)
# - ½ the gap is uneven: mean far above the median, or few images make most of it
# - ½ (a) acts on the amortization gap and is the first choice here (semi-amortized
#   refinement counts as well)
# - ½ (b) acts on the approximation gap, which is small here
# - ½ (c) tightens the bound, but does not by itself improve the encoder (gradient noise),
#   or helps the decoder
# ### END SOLUTION

# %% [markdown]
# ## What to take along
# - $\log p(x) = \text{ELBO} + \text{KL}(q(z|x)\,\|\,p(z|x))$: the gap is the distance of
#   the approximate posterior from the true one.
# - Put the mean of $K$ importance weights inside the logarithm and the bound gets tighter,
#   with quickly falling returns. Compute it with log-sum-exp, and divide by $K$ once.
# - In two dimensions a grid gives $\log p(x)$. Test it: wider and finer must not change it.
# - Amortization gap: the encoder's. Approximation gap: the family's. Only a per-image
#   posterior tells them apart.
# - Report the effective sample size with each importance-weighted estimate. Small means
#   unreliable; large does not mean right.
# - A tighter bound is a better *measurement*. It need not be a better *training objective*
#   for the encoder.
#
# ## Where to go on
# - Y. Burda, R. Grosse, R. Salakhutdinov: [Importance Weighted
#   Autoencoders](https://arxiv.org/abs/1509.00519), 2016. Trains on $\mathcal L_K$ and
#   proves that it rises with $K$; the model is called IWAE. Your `importance-bound`.
# - C. Cremer, X. Li, D. Duvenaud: [Inference Suboptimality in Variational
#   Autoencoders](https://arxiv.org/abs/1801.03558), 2018. Amortization and approximation
#   gap, measured on larger models, with more flexible posteriors. Your section 6.
# - T. Rainforth and others: [Tighter Variational Bounds are Not Necessarily
#   Better](https://arxiv.org/abs/1802.04537), 2018. The signal-to-noise ratio of section 7,
#   with proof. G. Tucker and others: [Doubly Reparameterized Gradient Estimators for Monte
#   Carlo Objectives](https://arxiv.org/abs/1810.04152), 2018, give an estimator that does
#   not have this fault.
# - Y. Wu, Y. Burda, R. Salakhutdinov, R. Grosse: [On the Quantitative Analysis of
#   Decoder-Based Generative Models](https://arxiv.org/abs/1611.04273), 2017. How to
#   estimate $\log p(x)$ where no grid is possible: annealed importance sampling.
#
# [← Lesson 08: Fashion-MNIST](../08_fashion_mnist/08_fashion_mnist.ipynb)
