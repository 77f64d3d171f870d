# %% [markdown]
# # 02 · Reparameterization: how to backpropagate through a random sample
#
# **You will be able to**
# - say why a gradient cannot pass a sampling step, and what to do about it;
# - turn a log-variance into a standard deviation without confusing the two;
# - write a Keras layer that samples, reproducibly, inside any model;
# - say when the reparameterized gradient has low variance, and when it does not;
# - spot a bug that many published VAEs share, and measure what it does.
#
# **Time** about 45 minutes · **Points** 20 · **Builds on** lesson 01 ·
# **Next** [lesson 03](../03_mnist_pipeline/03_mnist_pipeline.ipynb)
#
# The cells marked TO DO are yours. Under each stands a `check`: run it as often as you like.

# %%
import vaelab.quiet  # first, so that TensorFlow starts without its log lines

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import ops
from scipy import stats

from autograder import check, hint
from vaelab import plots

keras.utils.set_random_seed(237)

# %% [markdown]
# ## 1 · A random sample in the middle of a network
#
# An autoencoder maps an image $x$ to one point of the latent space. A *variational*
# autoencoder (VAE) maps it to a distribution over the latent space, a small cloud instead
# of a point: a Gaussian with mean $\mu$ and variance $\sigma^2$ in each latent dimension.
# It is written $q_\phi(z|x)$ and called the **approximate posterior** of $z$ given $x$,
# because it approximates the true posterior $p(z|x)$. Another name for it is
# **variational distribution**. $\phi$ are the weights of the encoder. The encoder outputs
# the **posterior mean** $\mu$, `z_mean` in the code, and the logarithm of the variance,
# `z_log_var`. The decoder then receives a latent vector $z$ **sampled** from
# $q_\phi(z|x)$.
#
# Training needs the gradient of the loss with respect to `z_mean` and `z_log_var`. On the
# left of the next figure the sampling step blocks it: "sample a number" has no derivative.
# On the right the same sample is written as
#
# $$z = \mu + \sigma \cdot \varepsilon, \qquad \varepsilon \sim \mathcal{N}(0, 1).$$
#
# This is the **reparameterization trick**: write the sample as a deterministic function of
# the parameters and of noise. In words: all randomness now sits in $\varepsilon$, which
# does not depend on any parameter. What remains is a product and a sum, and the gradient
# passes through both.

# %% tags=["skip-grading"]
plots.show(
    plots.draw_reparameterization(),
    alt="Two computation graphs. Left: mu and sigma lead into a random node z, and the "
    "gradient stops there. Right: mu, sigma and a separate random epsilon lead into "
    "the formula z = mu + sigma * epsilon; the gradient flows back to mu and sigma.",
)

# %% [markdown]
# ## 2 · Variance, its logarithm, and the standard deviation
#
# Why does the encoder output the *logarithm* of the variance? A Dense layer can output any
# real number, but a variance must be positive. The exponential of any number is positive,
# so nothing needs to be clipped.
#
# | symbol | name in the code | meaning |
# |---|---|---|
# | $\log\sigma^2$ | `z_log_var` | what the encoder outputs, any real number |
# | $\sigma^2$ | `exp(z_log_var)` | the variance |
# | $\sigma$ | `exp(0.5 * z_log_var)` | the standard deviation, the width of $q_\phi(z\vert x)$ |
#
# The half comes from
# $\sigma = \sqrt{\sigma^2} = (e^{\log\sigma^2})^{1/2} = e^{\frac12\log\sigma^2}$.
# In words: halving a logarithm takes the square root.
#
# Use the functions of `keras.ops` for this. They work like NumPy's, on tensors of any
# shape: `ops.exp(ops.array([0.0, 1.0]))` is a tensor that holds 1 and 2.718. `np.exp`
# returns the same numbers, but as an array that TensorFlow cannot differentiate. Section 5
# and every training run need the derivative.

# %% [markdown]
# ### TO DO · `std`
# Return the standard deviation that belongs to a log-variance.
#
# Stuck? Run `hint("std")` in a cell of its own.


# %% exercise="std"
def std_from_log_var(z_log_var):
    """Standard deviation σ of a normal distribution whose log-variance is given.

    z_log_var: any shape. Returns the same shape.
    """
    ### BEGIN SOLUTION
    return ops.exp(0.5 * z_log_var)
    ### END SOLUTION


# %% check="std"
check("std")

# %% [markdown]
# ## 3 · The noise as an argument
#
# Now the formula itself. Pass the noise in as an argument. Then the function is
# deterministic: you can test it, differentiate it and reproduce it. (Where the noise comes
# from is the subject of the next section.)
#
# ### TO DO · `reparameterize`
# Scale and shift the noise. The shapes need not be equal as long as they broadcast: one
# `epsilon` of shape `(1, d)` may serve a whole batch. You may call `std_from_log_var`.
#
# Stuck? Run `hint("reparameterize")` in a cell of its own.


# %% exercise="reparameterize"
def reparameterize(z_mean, z_log_var, epsilon):
    """z = z_mean + σ·epsilon, with σ from the log-variance.

    z_mean, z_log_var: (batch, latent_dim).
    epsilon: standard normal noise, any shape that broadcasts with them.
    Returns (batch, latent_dim), in the data type of the inputs.
    """
    ### BEGIN SOLUTION
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon
    ### END SOLUTION


# %% check="reparameterize"
check("reparameterize")

# %% [markdown]
# Below, the *same* 2,000 samples of $\varepsilon$ become samples of four different
# Gaussians. They differ only in shift and scale.

# %% tags=["skip-grading"]
noise = keras.random.normal((2000, 2), seed=1)
gaussians = {
    "μ = (0, 0), log σ² = (0, 0)": (0.0, 0.0, 0.0, 0.0),
    "μ = (5, 0), log σ² = (−2, −2)": (5.0, 0.0, -2.0, -2.0),
    "μ = (0, 6), log σ² = (1, −3)": (0.0, 6.0, 1.0, -3.0),
    "μ = (8, 4), log σ² = (−3, 1)": (8.0, 4.0, -3.0, 1.0),
}

figure, axes = plt.subplots(figsize=(8.4, 4.4))
for (label, (m1, m2, s1, s2)), marker in zip(gaussians.items(), "o^sD", strict=True):
    z = reparameterize(ops.array([[m1, m2]]), ops.array([[s1, s2]]), noise)
    z = ops.convert_to_numpy(z)
    axes.scatter(z[:, 0], z[:, 1], s=5, marker=marker, label=label, alpha=0.5)
axes.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal", xlim=(-5.5, 19))
axes.legend(loc="center right", markerscale=2)
plots.show(
    figure,
    alt="Samples of four Gaussians in a two-dimensional latent space: one round and "
    "wide at the origin, one small and round, one wide and flat, one narrow and tall, "
    "each centered at its mean.",
)

# %% [markdown]
# ## 4 · A layer that samples
#
# Inside a model the noise has to come from somewhere, and three things can go wrong:
#
# - **Frozen noise.** `numpy.random` inside `call` is evaluated once, when TensorFlow traces
#   the model. After that the "random" numbers are a constant.
# - **The same noise each time.** `keras.random.normal(shape, seed=7)` with a plain integer
#   returns the same numbers at every call. That is what an integer seed *means* in Keras 3.
# - **Noise that nobody can reproduce.** Without any seed an experiment cannot be repeated.
#
# Keras' answer is a
# [`SeedGenerator`](https://keras.io/api/random/seed_generator/): a small counter that the
# layer holds and that advances with each call. Two layers made with the same seed sample
# the same sequence. Within one layer each call samples anew:
#
# ```python
# generator = keras.random.SeedGenerator(7)
# keras.random.normal((2, 3), seed=generator)  # a second call returns other numbers
# ```
#
# Three more things that the layer needs:
#
# - **The shape.** While Keras builds a model the batch size is unknown, and `z_mean.shape`
#   is `(None, 2)`. A `None` is no size, so `keras.random.normal(z_mean.shape)` fails there.
#   `ops.shape(z_mean)` returns the actual shape at each call.
# - **`get_config`.** To save a model Keras asks each layer for a dictionary, and to load it
#   calls the class with its entries: `Sampling(**config)`. The base class contributes name
#   and data type; you add each argument of your `__init__`, under its own name. Here that
#   is the `seed` as it was given, for example
#   `{**super().get_config(), "seed": self.seed}`. The check saves a model, loads it, and
#   asks for `"seed"`.
# - **A registered name.** The line above the class,
#   `@keras.saving.register_keras_serializable(package="vaelab")`, makes the class known to
#   Keras, so that a saved model finds it again.
#
# ### TO DO · `sampling`
# Write the layer. In `__init__` keep the seed and make the generator. In `call` sample
# noise in the shape and data type of `z_mean` and pass it to your `reparameterize`. In
# `get_config` return what `__init__` needs.
#
# Stuck? Run `hint("sampling")` in a cell of its own.


# %% exercise="sampling"
@keras.saving.register_keras_serializable(package="vaelab")
class Sampling(keras.layers.Layer):
    """Samples z from N(z_mean, exp(z_log_var)), once for each row and dimension.

    Called on [z_mean, z_log_var], each (batch, latent_dim).
    Returns (batch, latent_dim).
    seed: an integer for the same sequence of samples each time, or None to let Keras
    choose a seed.
    """

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        ### END SOLUTION

    def call(self, inputs):
        ### BEGIN SOLUTION
        z_mean, z_log_var = inputs
        shape, dtype = ops.shape(z_mean), z_mean.dtype
        epsilon = keras.random.normal(shape, dtype=dtype, seed=self.seed_generator)
        return reparameterize(z_mean, z_log_var, epsilon)
        ### END SOLUTION

    def get_config(self):
        ### BEGIN SOLUTION
        return {**super().get_config(), "seed": self.seed}
        ### END SOLUTION


# %% check="sampling"
check("sampling")

# %% [markdown]
# What does `seed=None` mean? Keras chooses a seed with Python's own generator. After
# `keras.utils.set_random_seed(237)`, which the first cell of this lesson calls, that choice
# is reproducible too. Without that call it differs from run to run.

# %% tags=["skip-grading"]
zeros = ops.zeros((1, 2))
for attempt in ("first", "second"):
    keras.utils.set_random_seed(237)
    for layer in ("one layer", "another"):
        z = ops.convert_to_numpy(Sampling()([zeros, zeros]))
        print(f"{attempt} time, {layer}: {z[0].round(3)}")

# %% [markdown]
# Two layers with `seed=None` sample different numbers, and the second time both repeat what
# they sampled the first time.
#
# ## 5 · The gradient of a sample
#
# If $z = \mu + \sigma\varepsilon$ and $\sigma = e^{\frac12\log\sigma^2}$, then
#
# $$\frac{\partial z}{\partial \mu} = 1, \qquad
# \frac{\partial z}{\partial \log\sigma^2} = \tfrac12\,\sigma\,\varepsilon .$$
#
# In words: shifting the distribution shifts every sample by as much. Widening it moves a
# sample in proportion to its distance from the mean. You need not trust the formula: let
# TensorFlow differentiate your function.
#
# ### TO DO · `gradients`
# Use a [`tf.GradientTape`](https://www.tensorflow.org/guide/autodiff). It records what
# happens to variables by itself, but a plain tensor only after `tape.watch(tensor)`. For
# two gradients from one tape, ask for both at once:
#
# ```python
# with tf.GradientTape() as tape:
#     tape.watch([a, b])
#     target = a * b
# tape.gradient(target, [a, b])  # a list: [b, a]
# ```
#
# Stuck? Run `hint("gradients")` in a cell of its own.


# %% exercise="gradients"
def reparameterization_gradients(z_mean, z_log_var, epsilon):
    """Gradients of z in z_mean and in z_log_var, by automatic differentiation.

    z_mean, z_log_var, epsilon: tensors (batch, latent_dim).
    Returns (dz_dmean, dz_dlog_var), each (batch, latent_dim).
    """
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        tape.watch([z_mean, z_log_var])
        z = reparameterize(z_mean, z_log_var, epsilon)
    return tuple(tape.gradient(z, [z_mean, z_log_var]))
    ### END SOLUTION


# %% check="gradients"
check("gradients")

# %% [markdown]
# ## 6 · Why not do without the trick?
#
# There is another way to differentiate through a sample, the *score-function* estimator
# (REINFORCE, Williams 1992). It needs no derivative of the loss $f$:
#
# $$\nabla_\mu\, \mathbb{E}[f(z)] = \mathbb{E}\big[(f(z) - b)\,\nabla_\mu \log q_\mu(z)\big]
# \qquad\text{against}\qquad \mathbb{E}\big[f'(\mu + \sigma\varepsilon)\big].$$
#
# The constant $b$ is a *baseline*. It leaves the average unchanged, because the score
# $\nabla_\mu \log q_\mu(z)$ averages to 0, but it changes the variance. A common choice is
# $b = \mathbb{E}[f(z)]$. Both estimators are right on average. They differ in how much one
# sample tells you.
#
# Take a toy whose gradient is known: $f(z) = (z - 3)^2$ and $z \sim \mathcal{N}(\mu, 1)$.
# The true gradient is $2(\mu - 3)$, and $\mathbb{E}[f(z)] = (\mu - 3)^2 + 1$. On the right,
# $f$ also gets a ripple: $f(z) = (z - 3)^2 + \cos(\omega z)$, at $\mu = 0$.

# %% tags=["skip-grading"]
rng = np.random.default_rng(237)
mu = np.linspace(-4, 4, 33)
epsilon = rng.standard_normal((33, 20_000))
z = mu[:, None] + epsilon
f, mean_f = (z - 3) ** 2, ((mu - 3) ** 2 + 1)[:, None]
estimates = {  # the score of N(mu, 1) is z - mu, which is epsilon
    "score function, b = 0": (f * epsilon, "s:"),
    "score function, b = E[f]": ((f - mean_f) * epsilon, "^-."),
    "reparameterized": (2 * (z - 3), "o--"),
}
omega, z = np.arange(0, 31, 2)[:, None], rng.standard_normal(20_000)  # mu = 0
f = (z - 3) ** 2 + np.cos(omega * z)
rippled = [f * z, (f - f.mean(1, keepdims=True)) * z]
rippled.append(2 * (z - 3) - omega * np.sin(omega * z))

figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.8))
left.plot(mu, 2 * (mu - 3), "k-", label="true gradient")
for (name, (estimate, style)), other in zip(estimates.items(), rippled, strict=True):
    left.plot(mu, estimate[:, :10].mean(1), style, markersize=4)
    middle.semilogy(mu, estimate.var(1), style, markersize=4)
    right.semilogy(omega[:, 0], other.var(1), style, markersize=4, label=name)
    at_4, at_0, at_3 = estimate.var(1)[[0, 16, 28]]
    print(f"{name:>24}: var. {at_4:.0f} at μ = -4, {at_0:.0f} at 0, {at_3:.0f} at 3")
left.set(xlabel="$\\mu$", ylabel="gradient", title="Estimates from 10 samples")
middle.set(xlabel="$\\mu$", ylabel="variance of one sample", title="Quadratic f")
right.set(xlabel="frequency $\\omega$ of the ripple", title="Rippled f, $\\mu = 0$")
left.legend()
figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=3)
figure.set_layout_engine("constrained")
plots.show(
    figure,
    alt="Left: with ten samples the reparameterized gradient follows the true line; "
    "both score-function estimates scatter more. Middle: variance of one sample, log "
    "axis. Reparameterized it is 4 everywhere; the score function's is larger, less "
    "so with the baseline. Right: as the ripple gets faster the reparameterized "
    "variance rises and crosses both of the score function's, which stay level.",
)

# %% [markdown]
# On the quadratic toy the reparameterized gradient has the same variance everywhere. This
# is a property of the toy: $f'$ is linear, so the variance is $4\sigma^2$ wherever $\mu$
# lies, as long as $\sigma$ is fixed. The score function's variance is several times larger
# at $\mu = 3$ and some 750 times larger at $\mu = -4$. The baseline reduces it there from about
# 3,000 to about 400, which is still some 100 times more.
#
# Neither estimator wins always. The right panel shows a loss with a steep ripple: its
# derivative is large, and from $\omega$ of about 13 on the score function with its baseline
# has the lower variance. And where $f$ has no derivative, or $z$ is discrete, the
# reparameterized gradient does not exist at all.
#
# A VAE's loss is smooth in $z$, so the trick usually pays off. Kingma and Welling found
# one sample per image enough if the minibatch is large enough, 100 images for example.
#
# ## 7 · Find the bug
#
# Many published VAEs, some of them very well known, contain this line:
#
# ```python
# z = z_mean + exp(z_log_var) * epsilon
# ```
#
# It runs, the loss falls, and the model generates images. Stop for a moment: what is wrong?
# And at which value of `z_log_var` could you never see it?

# %% tags=["skip-grading"]
log_var = np.linspace(-4, 2, 200)
epsilon = rng.standard_normal(20_000)
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
left.plot(log_var, np.exp(0.5 * log_var), label="$\\exp(\\frac{1}{2}\\log\\sigma^2)$")
left.plot(log_var, np.exp(log_var), "--", label="published: $\\exp(\\log\\sigma^2)$")
left.axvline(0, color="gray", linewidth=0.8)
left.set(xlabel="z_log_var", ylabel="standard deviation of z", title="Equal only at 0")
left.legend()
grid = np.linspace(-3, 3, 300)
sigma = np.exp(0.5 * -2.0)
right.plot(grid, stats.norm.pdf(grid, scale=sigma), "k-", label="N(0, exp(−2))")
filled = {"density": True, "histtype": "stepfilled", "alpha": 0.35}
outline = {"density": True, "histtype": "step", "linewidth": 1.5}
right.hist(sigma * epsilon, 80, label="exp(½·z_log_var)", **filled)
right.hist(np.exp(-2.0) * epsilon, 80, label="exp(z_log_var)", **outline)
right.set(xlabel="z", ylabel="density", title="Samples at z_log_var = −2")
right.set(xlim=(-2, 2), ylim=(0, 4.6))
right.legend(loc="upper left")
plots.show(
    figure,
    alt="Left: standard deviation of the samples against z_log_var; the right and the "
    "published formula cross only at 0. Right: at z_log_var = -2 the published "
    "sampler's histogram is narrower and taller than the density it should follow.",
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The line multiplies by the *variance* where the standard deviation belongs. At
# `z_log_var = 0` both are 1, and a model whose heads start near zero starts exactly there:
# a test on a fresh model finds nothing.
#
# </details>
#
# The published sampler still samples from *some* normal distribution: one whose standard
# deviation is `exp(z_log_var)`.
#
# ### TO DO · `published-bug`
# Which log-variance does that distribution really have? Return it as a function of the
# `z_log_var` that the encoder reported.
#
# Stuck? Run `hint("published-bug")` in a cell of its own.


# %% exercise="published-bug"
def implied_log_var(z_log_var):
    """Log-variance of the distribution of z_mean + exp(z_log_var)·epsilon.

    z_log_var: any shape. Returns the same shape.
    """
    ### BEGIN SOLUTION
    return 2.0 * z_log_var
    ### END SOLUTION


# %% check="published-bug"
check("published-bug")

# %% [markdown]
# ### What it does to the model
#
# The loss has two terms, which lesson 05 derives: the reconstruction error, and the KL term
# (Kullback–Leibler divergence), which measures how far $q_\phi(z|x)$ is from the prior
# $p(z)$. With the bug, the KL term is computed from the reported `z_log_var`, but the
# reconstructions use the distribution that is really sampled. The two terms no longer
# describe the same distribution.
#
# A toy shows where that leads, because its posterior is known: prior
# $z\sim\mathcal{N}(0,1)$, data $x = z + $ noise of variance ¼. Bayes' rule gives the
# posterior variance $1/(1 + 4) = 0.2$ and the mean $0.8\,x$. Also known is
# $p(x) = \mathcal{N}(x;\, 0, 1.25)$. We take $x = 0$, so the posterior mean is 0 and only
# the variance is left to find. Lesson 05 shows that a correct loss can never be less than
# $-\log p(x)$. Let both samplers find their optimum.

# %% tags=["skip-grading"]
spread = np.linspace(-3.5, 0.5, 400)  # z_log_var as reported
kl = 0.5 * (np.exp(spread) - 1 - spread)
noise_term = 0.5 * np.log(2 * np.pi * 0.25)
floor = 0.5 * np.log(2 * np.pi * 1.25)  # -log p(x) at x = 0
sampled = {"right sampler": np.exp(spread), "published sampler": np.exp(2 * spread)}

figure, axes = plt.subplots(figsize=(6.8, 4))
for (name, variance), style in zip(sampled.items(), ("-", "--"), strict=True):
    loss = noise_term + 2 * variance + kl  # E[(x - z)²] / (2 · ¼) is 2 · variance
    best = loss.argmin()
    label = f"{name}: optimum at {variance[best]:.2f}"
    axes.plot(variance, loss, style, label=label)
    axes.plot(variance[best], loss[best], "ko")
    print(
        f"{name}: variance {variance[best]:.3f}, σ {variance[best] ** 0.5:.3f}, "
        f"reported variance {np.exp(spread[best]):.3f}, loss {loss[best]:.3f} nats"
    )
print(f"true posterior: variance 0.200, σ {0.2**0.5:.3f}; -log p(x) {floor:.3f} nats")
axes.axvline(0.2, color="gray", linewidth=0.8, label="true posterior variance, 0.20")
axes.axhline(floor, color="gray", linestyle=":", label="$-\\log p(x)$")
axes.set(xlabel="variance of the distribution really sampled from")
axes.set(ylabel="loss (nats)", xlim=(0, 0.6), ylim=(0.55, 1.9))
axes.legend()
plots.show(
    figure,
    alt="Loss in nats against the variance really sampled from. The right sampler has "
    "its minimum at the true posterior variance of 0.2 and touches minus log p(x). "
    "The published sampler's minimum lies at less than half that variance, and well "
    "below minus log p(x).",
)

# %% [markdown]
# The right sampler finds the true posterior, and its loss equals $-\log p(x)$ there. The
# published one settles on a distribution with about 0.44 times the variance. Its $\sigma$
# is about 0.66 times the right one: variance and standard deviation are easy to confuse
# here, too. It *also* reports a variance of about 0.30, which is neither the true one nor
# its own. Its loss is lower, and that is the trap. It lies below $-\log p(x)$, so it is no
# longer a bound, and it cannot be compared with a correct loss.
#
# ## What to take along
# - The encoder describes an approximate posterior $q_\phi(z|x)$ by `z_mean` and `z_log_var`.
# - A gradient cannot pass a sampling step. Write $z = \mu + \sigma\varepsilon$, and it can.
# - `z_log_var` is the log of the *variance*; $\sigma$ is `exp(0.5 * z_log_var)`. Test your
#   code away from 0.
# - Noise in a Keras layer comes from a `SeedGenerator` that the layer holds.
# - For smooth losses such as a VAE's the reparameterized gradient usually has much lower
#   variance than the score function's. For steep or discrete ones that can reverse.
#
# ## Where to go on
# - D. P. Kingma, M. Welling:
#   [Auto-Encoding Variational Bayes](https://arxiv.org/abs/1312.6114), 2013. Section 2.4 is
#   the reparameterization trick. What you called encoder is its *recognition model*.
# - D. J. Rezende, S. Mohamed, D. Wierstra:
#   [Stochastic Backpropagation](https://arxiv.org/abs/1401.4082), 2014. The same idea under
#   the name of its title, found independently.
# - R. J. Williams:
#   [Simple statistical gradient-following algorithms](https://doi.org/10.1007/BF00992696),
#   1992. The score-function estimator, here called *REINFORCE*, with baselines.
# - S. Mohamed and others:
#   [Monte Carlo Gradient Estimation in Machine Learning](https://arxiv.org/abs/1906.10652),
#   2019. When which estimator has the lower variance. The reparameterized gradient is
#   called *pathwise* there.
#
# [← Lesson 01: autoencoder against VAE](../01_autoencoder_vs_vae/01_autoencoder_vs_vae.ipynb) ·
# [Lesson 03: the MNIST pipeline →](../03_mnist_pipeline/03_mnist_pipeline.ipynb)
