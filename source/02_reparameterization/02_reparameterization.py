# %% [markdown]
# # 02 · Reparameterization: how to learn through a random draw
#
# **You will be able to**
# - say why a gradient cannot pass a random draw, and what to do about it;
# - turn a log-variance into a standard deviation without mixing the two up;
# - write a Keras layer that samples, reproducibly, inside any model;
# - spot a bug that many published VAEs share, and measure what it does.
#
# **Time** about 45 minutes · **Points** 20 · **Builds on** lesson 01 · **Next** [lesson 03](../03_mnist_pipeline/03_mnist_pipeline.ipynb)
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

from autograder import check
from vaelab import plots

keras.utils.set_random_seed(237)

# %% [markdown]
# ## 1 · A random draw in the middle of a network
#
# An autoencoder maps a picture to one point of the plane of codes. A *variational* autoencoder (VAE) maps it to
# a cloud: a normal distribution with mean `z_mean` and variance `exp(z_log_var)`, one pair of numbers for each
# latent dimension. The decoder then sees a point **drawn** from that cloud.
#
# Training needs the gradient of the loss with respect to `z_mean` and `z_log_var`. On the left of the next figure the
# draw stands in the way: "draw a number" has no derivative. On the right the same draw is written as
#
# $$z = \mu + \sigma \cdot \varepsilon, \qquad \varepsilon \sim \mathcal{N}(0, 1).$$
#
# In words: the chance moves to the side, into $\varepsilon$, which depends on no parameter. What remains is an ordinary
# multiplication and an ordinary sum, and a gradient passes those easily.

# %% tags=["skip-grading"]
plots.show(
    plots.draw_reparameterization(),
    alt="Two computation graphs. Left: mu and sigma lead into a random node z, and the gradient stops there. "
    "Right: mu, sigma and a separate random epsilon lead into the plain formula z = mu + sigma * epsilon, "
    "and the gradient flows back to mu and sigma.",
)

# %% [markdown]
# ## 2 · Variance, its logarithm, and the standard deviation
#
# Why does the encoder give the *logarithm* of the variance? Because a Dense layer can give any real number, while a
# variance must be positive. The exponential makes any number positive, so nothing needs to be clipped.
#
# | symbol | name in the code | meaning |
# |---|---|---|
# | $\log\sigma^2$ | `z_log_var` | what the encoder gives, any real number |
# | $\sigma^2$ | `exp(z_log_var)` | the variance |
# | $\sigma$ | `exp(0.5 * z_log_var)` | the standard deviation, how far the cloud reaches |
#
# The half comes from $\sigma = \sqrt{\sigma^2} = (e^{\log\sigma^2})^{1/2} = e^{\frac12\log\sigma^2}$.
# In words: halving a logarithm takes the square root.

# %% [markdown]
# ### TO DO · `std`
# Give the standard deviation that belongs to a log-variance.


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
# ## 3 · Chance on the side
#
# Now the formula itself. Keep the noise an argument: a function of `(z_mean, z_log_var, epsilon)` has no chance in it
# at all, so you can test it, differentiate it and repeat it. (Where the noise comes from is the next section's business.)
#
# ### TO DO · `reparameterize`
# Shift and stretch the noise. The shapes need not be equal, only such that they broadcast: one `epsilon` of
# shape `(1, d)` may serve a whole batch.


# %% exercise="reparameterize"
def reparameterize(z_mean, z_log_var, epsilon):
    """z = z_mean + σ·epsilon, with σ from the log-variance.

    z_mean, z_log_var: (batch, latent_dim); epsilon: standard normal noise, any shape that broadcasts with them.
    Returns (batch, latent_dim), in the data type of the inputs.
    """
    ### BEGIN SOLUTION
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon
    ### END SOLUTION


# %% check="reparameterize"
check("reparameterize")

# %% [markdown]
# Four clouds, one noise: below, the *same* 2,000 draws of $\varepsilon$ become four different clouds. Nothing but the
# shift and the stretch differs.

# %% tags=["skip-grading"]
noise = keras.random.normal((2000, 2), seed=1)
clouds = {"μ = (0, 0), log σ² = (0, 0)": (0.0, 0.0, 0.0, 0.0), "μ = (5, 0), log σ² = (−2, −2)": (5.0, 0.0, -2.0, -2.0)}
clouds |= {"μ = (0, 6), log σ² = (1, −3)": (0.0, 6.0, 1.0, -3.0), "μ = (8, 4), log σ² = (−3, 1)": (8.0, 4.0, -3.0, 1.0)}

figure, axes = plt.subplots(figsize=(8.4, 4.4))
for (label, (m1, m2, s1, s2)), marker in zip(clouds.items(), "o^sD"):
    z = ops.convert_to_numpy(reparameterize(ops.array([[m1, m2]]), ops.array([[s1, s2]]), noise))
    axes.scatter(z[:, 0], z[:, 1], s=5, marker=marker, label=label, alpha=0.5)
axes.set(xlabel="$z_1$", ylabel="$z_2$", aspect="equal", xlim=(-5.5, 19))
axes.legend(loc="center right", markerscale=2)
plots.show(
    figure,
    alt="Four clouds of points in the plane: one round and wide at the origin, one small and round, "
    "one wide and flat, one narrow and tall, each where its mean says.",
)

# %% [markdown]
# ## 4 · A layer that samples
#
# In a model the noise has to come from somewhere, and three things can go wrong there:
#
# - **Frozen noise.** `numpy.random` inside `call` is evaluated once, when TensorFlow traces the model. After that the
#   "random" numbers are a constant.
# - **The same noise each time.** `keras.random.normal(shape, seed=7)` with a plain integer gives the same numbers at
#   every call. That is what an integer seed *means* in Keras 3.
# - **Noise nobody can repeat.** Without any seed an experiment can't be run again.
#
# Keras' answer is a [`SeedGenerator`](https://keras.io/api/random/seed_generator/): a small counter that the layer holds
# and that moves on with each draw. Two layers made with the same seed draw the same sequence; within one layer each
# draw is new.
#
# ### TO DO · `sampling`
# Write the layer. In `__init__` make the generator, in `call` draw noise in the shape of `z_mean` and hand it to your
# `reparameterize`.


# %% exercise="sampling"
class Sampling(keras.layers.Layer):
    """Draws z from N(z_mean, exp(z_log_var)), one draw for each row and dimension.

    Called on [z_mean, z_log_var], each (batch, latent_dim). Returns (batch, latent_dim).
    seed: None for other draws in each run, or an integer for the same sequence of draws.
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
        epsilon = keras.random.normal(ops.shape(z_mean), dtype=z_mean.dtype, seed=self.seed_generator)
        return reparameterize(z_mean, z_log_var, epsilon)
        ### END SOLUTION

    def get_config(self):
        ### BEGIN SOLUTION
        return {**super().get_config(), "seed": self.seed}
        ### END SOLUTION


# %% check="sampling"
check("sampling")

# %% [markdown]
# ## 5 · What the gradient says
#
# If $z = \mu + \sigma\varepsilon$ and $\sigma = e^{\frac12\log\sigma^2}$, then
#
# $$\frac{\partial z}{\partial \mu} = 1, \qquad \frac{\partial z}{\partial \log\sigma^2} = \tfrac12\,\sigma\,\varepsilon .$$
#
# In words: moving the cloud moves every point by as much; widening it moves a point in proportion to how far out it
# already lies. You need not trust the formula: let TensorFlow differentiate your function.
#
# ### TO DO · `gradients`
# Use a [`tf.GradientTape`](https://www.tensorflow.org/guide/autodiff). It records what happens to variables by itself, but a plain
# tensor only after `tape.watch(tensor)`. For two gradients from one tape, ask for both at once:
# `tape.gradient(target, [a, b])`.


# %% exercise="gradients"
def reparameterization_gradients(z_mean, z_log_var, epsilon):
    """Gradients of z with respect to z_mean and z_log_var, by automatic differentiation.

    z_mean, z_log_var, epsilon: tensors (batch, latent_dim). Returns (dz_dmean, dz_dlog_var), each (batch, latent_dim).
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
# There is another way to differentiate through a draw, the *score-function* estimator (REINFORCE, Williams 1992). It needs no
# derivative of the loss $f$ at all:
#
# $$\nabla_\mu\, \mathbb{E}[f(z)] = \mathbb{E}\big[f(z)\,\nabla_\mu \log q_\mu(z)\big]
# \qquad\text{against}\qquad \mathbb{E}\big[f'(\mu + \sigma\varepsilon)\big].$$
#
# Both are right on average. What differs is how much one draw tells. Take a toy with a known answer,
# $f(z) = (z - 3)^2$ and $z \sim \mathcal{N}(\mu, 1)$, where the true gradient is $2(\mu - 3)$.

# %% tags=["skip-grading"]
rng = np.random.default_rng(237)
mu = np.linspace(-4, 4, 33)
z = mu[:, None] + rng.standard_normal((33, 20_000))
score = (z - 3) ** 2 * (z - mu[:, None])  # f(z) times the derivative of log N(z; mu, 1)
pathwise = 2 * (z - 3)  # f'(z) times dz/dmu = 1

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
left.plot(mu, 2 * (mu - 3), "k-", label="true gradient")
left.plot(mu, score[:, :10].mean(1), "s:", label="score function, 10 draws")
left.plot(mu, pathwise[:, :10].mean(1), "o--", label="reparameterized, 10 draws")
left.set(xlabel="$\\mu$", ylabel="gradient with respect to $\\mu$", title="Estimates from 10 draws")
right.semilogy(mu, score.var(1), "s:", label="score function")
right.semilogy(mu, pathwise.var(1), "o--", label="reparameterized")
right.set(xlabel="$\\mu$", ylabel="variance of one draw", title="How noisy one draw is")
left.legend(), right.legend()
plots.show(
    figure,
    alt="Left: with ten draws the reparameterized gradient follows the true line closely while the score-function "
    "estimate scatters widely. Right: the variance of one draw on a logarithmic axis; reparameterized it is 4 everywhere, "
    "the score function's is several times larger at best and hundreds of times at worst.",
)
print(f"variance at mu = 0: score function {score.var(1)[16]:.0f}, reparameterized {pathwise.var(1)[16]:.1f}")

# %% [markdown]
# The reparameterized gradient has the same small variance wherever you stand. The score function's is several times larger
# even at its best and hundreds of times far from the goal: you would need as many times more draws for the same
# certainty. This is why a VAE can learn from a *single* draw per picture.
#
# ## 7 · Find the bug
#
# Many published VAEs, some of them very well known, contain this line:
#
# ```python
# z = z_mean + exp(z_log_var) * epsilon
# ```
#
# It runs, the loss falls, pictures come out. Stop for a moment: what is wrong? And at which value of `z_log_var` could you never see it?

# %% tags=["skip-grading"]
log_var = np.linspace(-4, 2, 200)
epsilon = rng.standard_normal(20_000)
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
left.plot(log_var, np.exp(0.5 * log_var), label="$\\sigma = \\exp(\\frac{1}{2}\\log\\sigma^2)$")
left.plot(log_var, np.exp(log_var), "--", label="published: $\\exp(\\log\\sigma^2)$")
left.axvline(0, color="gray", linewidth=0.8)
left.set(xlabel="z_log_var", ylabel="spread of the draws", title="Equal at one place only")
left.legend()
grid = np.linspace(-3, 3, 300)
right.plot(grid, stats.norm.pdf(grid, scale=np.exp(0.5 * -2.0)), "k-", label="what z_log_var = −2 means")
right.hist(
    np.exp(0.5 * -2.0) * epsilon, 80, density=True, histtype="stepfilled", alpha=0.35, label="draws, exp(½·z_log_var)"
)
right.hist(np.exp(-2.0) * epsilon, 80, density=True, histtype="step", linewidth=1.5, label="draws, exp(z_log_var)")
right.set(xlabel="z", ylabel="density", title="Draws at z_log_var = −2", xlim=(-2, 2), ylim=(0, 4.6))
right.legend(loc="upper left")
plots.show(
    figure,
    alt="Left: spread of the draws against z_log_var; the right and the published formula cross only at 0. Right: at "
    "z_log_var = -2 the published sampler's histogram is much narrower and taller than the density it should follow.",
)

# %% [markdown]
# The line multiplies by the *variance* where the standard deviation belongs. At `z_log_var = 0` both are 1, and a
# model whose heads start near zero starts exactly there: a test on a fresh model finds nothing.
#
# The published sampler still draws from *some* normal distribution: one whose standard deviation is `exp(z_log_var)`.
#
# ### TO DO · `published-bug`
# Which log-variance does that distribution really have? Give it as a function of the `z_log_var` that the encoder reported.


# %% exercise="published-bug"
def implied_log_var(z_log_var):
    """Log-variance of the distribution that z_mean + exp(z_log_var)·epsilon really draws from.

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
# The KL term of the loss (lesson 05) is computed from the reported `z_log_var`, the pictures from the distribution really
# drawn. The two no longer speak of the same cloud. A toy shows where that leads, because its right answer is
# known: prior $z\sim\mathcal{N}(0,1)$, data $x = z + $ noise of variance ¼. Bayes' rule gives the posterior variance
# $1/(1 + 4) = 0.2$. Let both samplers find their optimum.

# %% tags=["skip-grading"]
spread = np.linspace(-3.5, 0.5, 400)  # z_log_var as reported
kl = 0.5 * (np.exp(spread) - 1 - spread)
losses = {"right sampler": 2 * np.exp(spread) + kl, "published sampler": 2 * np.exp(2 * spread) + kl}
drawn = {"right sampler": np.exp(spread), "published sampler": np.exp(2 * spread)}

figure, axes = plt.subplots(figsize=(6.4, 3.8))
for (name, loss), style in zip(losses.items(), ("-", "--")):
    best = loss.argmin()
    axes.plot(drawn[name], loss, style, label=f"{name}: optimum {drawn[name][best]:.2f}")
    axes.plot(drawn[name][best], loss[best], "ko")
axes.axvline(0.2, color="gray", linewidth=0.8, label="true posterior variance, 0.20")
axes.set(xlabel="variance of the distribution really drawn from", ylabel="loss (nats)", xlim=(0, 0.6), ylim=(0.35, 1.5))
axes.legend()
plots.show(
    figure,
    alt="Loss against the variance really drawn from. The right sampler has its minimum at the true posterior "
    "variance of 0.2, the published sampler at less than half of that.",
)

# %% [markdown]
# The right sampler finds the true posterior. The published one settles on a cloud less than half as wide, *and* reports
# a variance (about 0.30) that is neither the true one nor its own. Its loss looks lower, and that is the trap: it is
# no longer a bound on anything, so it can't be compared with an honest one.
#
# ## What to take along
# - A gradient can't pass a draw. Write $z = \mu + \sigma\varepsilon$, and there is no draw left in its way.
# - `z_log_var` is the log of the *variance*; $\sigma$ is `exp(0.5 * z_log_var)`. Test it away from 0.
# - Noise in a Keras layer comes from a `SeedGenerator` that the layer holds.
# - The reparameterized gradient is far less noisy than the score function's; one draw per picture is enough.
#
# ## Where it comes from
# - D. P. Kingma, M. Welling: [Auto-Encoding Variational Bayes](https://arxiv.org/abs/1312.6114), 2013. Section 2.4 is the trick.
# - D. J. Rezende, S. Mohamed, D. Wierstra: [Stochastic Backpropagation](https://arxiv.org/abs/1401.4082), 2014. The same idea, the same year.
# - R. J. Williams: [Simple statistical gradient-following algorithms](https://doi.org/10.1007/BF00992696), 1992. The score function.
# - S. Mohamed and others: [Monte Carlo Gradient Estimation in Machine Learning](https://arxiv.org/abs/1906.10652), 2019. When which estimator is better.
#
# [← Lesson 01: autoencoder against VAE](../01_autoencoder_vs_vae/01_autoencoder_vs_vae.ipynb) · [Lesson 03: the MNIST pipeline →](../03_mnist_pipeline/03_mnist_pipeline.ipynb)
