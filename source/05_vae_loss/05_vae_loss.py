# %% [markdown]
# # 05 · The loss of a VAE: two forces, counted in nats
#
# **You will be able to**
# - derive the ELBO, and say what separates it from log p(x);
# - write its two parts, and say in which unit each of them is;
# - build a loss layer that belongs to the model, with metrics for both parts;
# - train a VAE on MNIST in seconds and read its curves;
# - turn any published VAE loss into one number, its effective β;
# - recognize posterior collapse, test for its cause, and prevent it.
#
# **Time** about 100 minutes · **Points** 20 · **Builds on** lessons 02 to 04 · **Next**
# [lesson 06](../06_latent_clustering/06_latent_clustering.ipynb)
#
# The cells marked TO DO are yours. Under each stands a `check`: run it as often as you
# like. `hint("kl-divergence")` in a cell of its own shows a hint, one step a call.

# %%
import vaelab.quiet  # first, so that TensorFlow starts without its log lines

import math

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops
from scipy import stats

from autograder import check, hint
from vaelab import datasets, plots
from vaelab.progress import LiveLine

keras.utils.set_random_seed(237)

# %% [markdown]
# ## 1 · The evidence lower bound
#
# A VAE describes how an image could come about: sample $z$ from the **prior** $p(z)$,
# here $\mathcal{N}(0, I)$, then sample an image from the **likelihood** $p_\theta(x|z)$,
# also called the **decoder distribution**, whose parameters the decoder computes from
# $z$. We want a model that makes the training images probable, so we want a high
# $\log p(x)$. But $p(x) = \int p_\theta(x|z)\,p(z)\,dz$ covers all of latent space, and
# that integral has no formula. Neither has the posterior $p(z|x)$, which says which $z$
# may lie behind $x$.
#
# **Variational inference** replaces the posterior by a distribution $q(z|x)$ from a
# simple family and makes it as similar as possible. A VAE does not search for a new
# $q$ for each image. One network, the encoder, computes the parameters of $q_\phi(z|x)$
# for any image. This is **amortized inference**, and papers call the encoder an
# **inference network**.
#
# How good is $q$? For every $z$ we have $\log p(x) = \log p(x, z) - \log p(z|x)$. Average
# both sides over $z \sim q(z|x)$, and add and subtract $\log q(z|x)$:
#
# $$\log p(x) = \underbrace{\mathbb{E}_q\big[\log p(x, z) - \log q(z|x)\big]}_{
# \text{ELBO}} \;+\; \underbrace{\mathbb{E}_q\big[\log q(z|x) - \log p(z|x)\big]}_{
# \mathrm{KL}(q(z|x)\,\|\,p(z|x))\;\ge\;0}.$$
#
# A KL divergence is never negative, so the first part never exceeds $\log p(x)$. It is
# called the **evidence lower bound** (ELBO). The gap is the KL between $q$ and the true
# posterior. With $p(x, z) = p_\theta(x|z)\,p(z)$ the ELBO becomes what we train:
#
# $$\text{ELBO} = \underbrace{\mathbb{E}_q\big[\log p_\theta(x|z)\big]}_{
# \text{reconstruction}} \;-\; \underbrace{\mathrm{KL}\big(q_\phi(z|x)\,\|\,p(z)\big)}_{
# \text{distance from the prior}} .$$
#
# Here is a toy in which everything is known. The prior is $\mathcal{N}(0, 1)$, and the
# decoder distribution is $\mathcal{N}(z, \frac14)$: $x$ is $z$ with noise. Then
# $p(x) = \mathcal{N}(0, \frac54)$, and the posterior is Gaussian with mean
# $x/(1 + \frac14)$ and variance $\frac14/(1 + \frac14)$. The dots are ELBOs of various
# $q$ for $x = 1.5$. Their reconstruction term is estimated from 20,000 samples of $z$.
# The curve is $\log p(x)$ minus the KL to the posterior.


# %% tags=["skip-grading"]
def gaussian_kl(m1, s1, m2, s2):
    """KL(N(m1, s1²) ‖ N(m2, s2²)), in nats."""
    return np.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5


x = 1.5
log_p = stats.norm(0, np.sqrt(1.25)).logpdf(x)
best_mean, best_std = x / 1.25, np.sqrt(0.2)
epsilon = np.random.default_rng(237).standard_normal(20_000)
figure, axes = plt.subplots(1, 2, figsize=(10, 3.4), sharey=True)
sweeps = (
    (axes[0], "mean μ of q(z|x)", [(m, best_std) for m in np.linspace(-0.1, 2.5, 14)]),
    (axes[1], "σ of q(z|x)", [(best_mean, s) for s in np.linspace(0.08, 1.4, 14)]),
)
for number, (ax, label, family) in enumerate(sweeps):
    values = np.array([q[number] for q in family])
    elbo = []
    for m, s in family:
        expected = stats.norm(m + s * epsilon, 0.5).logpdf(x).mean()
        elbo.append(expected - gaussian_kl(m, s, 0, 1))
    gap = np.array([gaussian_kl(m, s, best_mean, best_std) for m, s in family])
    ax.axhline(log_p, color="black", linestyle="--", label="log p(x)")
    ax.plot(values, log_p - gap, color="C1", label="log p(x) − KL(q(z|x) ‖ p(z|x))")
    ax.plot(values, elbo, "o", color="C0", markersize=5, label="ELBO, estimated")
    ax.set(xlabel=label)
    if number == 0:
        gap_at = values[1], log_p - gap[1]
axes[0].vlines(*gap_at, log_p, color="0.5", linewidth=4, alpha=0.5)
axes[0].text(gap_at[0], log_p - 1.1, "  gap", va="center")
axes[0].set(ylabel="nats")
axes[0].legend(loc="lower center")
plots.show(
    figure,
    alt="The ELBO of a toy for one x, left against the mean of q(z|x), right against "
    "its standard deviation. The estimated dots lie on the curve log p(x) minus the "
    "KL from q to the true posterior. They touch the dashed line log p(x) at mean 1.2 "
    "and at standard deviation 0.45, where q is the posterior, and are below it "
    "elsewhere.",
)

# %% [markdown]
# The two were computed independently, and they agree. Where $q$ is the posterior the
# bound is tight; elsewhere the ELBO is lower by exactly the KL. So there are two ways
# to raise an ELBO: a better model (a higher $\log p(x)$) or a better $q$ (a smaller gap).
# And it is **estimated**, not computed: the reconstruction term is an average over
# samples of $z$. Training uses one sample for each image.
#
# ### Two forces
#
# We minimize the negative, with a weight β on the KL:
#
# $$\text{loss} = \text{reconstruction} + \beta \cdot \mathrm{KL}, \qquad
# \beta = 1 \text{ for the ELBO.}$$
#
# Here and from now on *reconstruction* stands for
# $-\mathbb{E}_q[\log p_\theta(x|z)]$, a loss. The two parts pull in opposite directions.
# Reconstruction prefers posteriors that are narrow and far apart, so that the decoder can
# tell images from one another. The KL prefers every posterior to *be* the prior. It acts
# as a **regularizer**: a term that keeps the model simple at the cost of its fit to the
# data (**regularization**). In the same toy with weight β, the best $q$ for $x$ has mean
# $x/(1 + \beta/4)$ and variance $\frac{\beta/4}{1 + \beta/4}$:

# %% tags=["skip-grading"]
grid = np.linspace(-3.6, 3.6, 500)
figure, axes = plt.subplots(1, 3, figsize=(11, 3.2))
for ax, beta in zip(axes, (0.04, 1, 40)):
    for x, style in zip((-2, -1, 0, 1, 2), ("-", "--", "-.", "--", "-")):
        q = stats.norm(x / (1 + beta / 4), np.sqrt(beta / 4 / (1 + beta / 4)))
        ax.plot(grid, q.pdf(grid), style, linewidth=1.8)
    ax.fill_between(grid, stats.norm.pdf(grid), color="#D9D9D9", label="prior p(z)")
    top = 1.25 * q.pdf(q.mean())
    ax.set(xlabel="z", title=f"β = {beta:g}", yticks=[], ylim=(0, top))
axes[0].set(ylabel="density")
axes[1].legend(loc="upper center", handlelength=1.2)
plots.show(
    figure,
    alt="Three panels, each with the approximate posteriors of five data points and "
    "the prior in gray. At beta 0.04 five narrow densities stand far apart. At beta 1 "
    "they overlap in part and together cover the prior. At beta 40 all five nearly "
    "equal the prior and lie on top of one another.",
)

# %% [markdown]
# - **Left**, reconstruction dominates. The posteriors are far apart, with holes between
#   them. A sample from the prior could land in a hole (lesson 01).
# - **Middle**, the ELBO. Neighbors overlap, and together they cover the prior.
# - **Right**, the KL dominates. All posteriors nearly equal the prior, and $z$ says
#   hardly anything about the image. This is *posterior collapse*, the subject of
#   section 7.
#
# Which of the three you get depends on the *scale* of the two numbers that you add. So we
# count both in the same unit: the **nat**, the unit of natural logarithms of
# probabilities (one nat is $1/\ln 2 \approx 1.44$ bits).
#
# ## 2 · Reconstruction, in nats
#
# The decoder ends in a sigmoid: for each pixel it outputs a number $r$ between 0 and 1.
# Read it as the probability of ink. Then $p_\theta(x|z)$ is a Bernoulli distribution for
# each pixel: ink ($x=1$) has probability $r$, paper ($x = 0$) has probability $1-r$. The
# negative logarithm of both in one formula is the **binary cross-entropy**
#
# $$-\big(x \log r + (1 - x)\log(1 - r)\big).$$
#
# The model also *assumes* that the pixels are independent given $z$. Then the probability
# of an image is a product, and its logarithm a **sum over all pixels**. Not a mean.
#
# The decoder distribution is a distribution over images, and the "reconstruction" that
# we plot is its mean, $r$. That explains blur: all images that share a $z$ share one
# mean, and independent pixels can't express "either this stroke or that one". Section 5
# plots a sample from $p_\theta(x|z)$ once.
#
# **Gray pixels.** MNIST has pixels anywhere in $[0, 1]$. Read a gray value $x$ as the
# probability that a black-and-white pixel $b$ is ink. Cross-entropy is linear in $x$, so
# it is exactly $\mathbb{E}[-\log p_\theta(b|z)]$ over $b \sim \text{Bernoulli}(x)$. So
# our −ELBO bounds the average $-\log p(b)$ of *stochastically binarized* MNIST, a common
# benchmark. It is not comparable with MNIST that was thresholded once. The minimum over
# $r$ lies at $r = x$, but there it is not 0: it is the entropy of $b$.

# %% tags=["skip-grading"]
r = np.linspace(0.001, 0.999, 500)
figure, ax = plt.subplots(figsize=(6.4, 3.6))
for x, style in ((0.0, "-"), (0.3, "--"), (1.0, ":")):
    loss = -(x * np.log(r) + (1 - x) * np.log(1 - r))
    ax.plot(r, loss, style, linewidth=2, label=f"pixel x = {x:g}")
    ax.plot(r[loss.argmin()], loss.min(), "ko")
ax.set(xlabel="reconstruction r", ylabel="cross-entropy (nats)", ylim=(-0.15, 4))
ax.legend()
plots.show(
    figure,
    alt="Cross-entropy of one pixel against its reconstruction r, for a pixel of 0, "
    "0.3 and 1. Each curve has its minimum, marked by a dot, where r equals the "
    "pixel. For 0 and 1 that minimum is zero, for 0.3 it is about 0.6 nats. At the "
    "wrong end the curves go to infinity.",
)

# %% [markdown]
# Other decoder distributions are common. A **Gaussian** one with mean $r$ and variance
# $\sigma^2$ turns the reconstruction into $\frac{1}{2\sigma^2}\lVert x - r\rVert^2$ and a
# constant. A fixed $\sigma^2$ is then a hidden β: multiply the loss by $\sigma^2$, and
# $\sigma^2$ stands before the KL. The **continuous Bernoulli** (Loaiza-Ganem and
# Cunningham 2019) adds the constant that makes cross-entropy a density on $[0, 1]$.
#
# At the wrong end the curve goes to infinity: in float32 a sigmoid does reach exactly 0
# or 1, and $\log 0$ would turn the whole training into NaN. So keep $r$ a tiny step away
# from both ends, such as $10^{-7}$. `ops.binary_crossentropy(images, reconstructions)`
# does that for you and returns one number for each pixel. With TensorFlow it does even
# better if $r$ comes *straight* from a sigmoid: Keras then remembers the number before
# the sigmoid, the **logit**, and computes with that. After a `Reshape` it can only clip.
# For a pixel of 0 and a logit of 40:

# %% tags=["skip-grading"]
logit = tf.constant([40.0])
for name, layer in {"sigmoid": ops.sigmoid, "sigmoid, reshaped": None}.items():
    with tf.GradientTape() as tape:
        tape.watch(logit)
        r = layer(logit) if layer else ops.reshape(ops.sigmoid(logit), (1,))
        loss = ops.binary_crossentropy(tf.zeros(1), r)
    slope = tape.gradient(loss, logit)
    print(f"{name:<18} {float(loss[0]):5.1f} nats, gradient {float(slope[0]):.1f}")

# %% [markdown]
# Where $r$ is clipped, a pixel that is sure and wrong costs at most about 16 nats and
# gets no gradient. Either is fine for the exercise.
#
# ### TO DO · `reconstruction-loss`
# Sum the cross-entropy over height, width and channels, and keep the images apart.
# Images may have any size. `ops.sum(x, axis=(1, 2))` sums over two axes at once. The VAE
# is trained with this loss, so compute with `ops`: a result of NumPy has no gradient.
#
# Stuck? Run `hint("reconstruction-loss")` in a cell of its own.


# %% exercise="reconstruction-loss"
def reconstruction_loss(images, reconstructions):
    """Binary cross-entropy of each image, summed over its pixels, in nats.

    images, reconstructions: (batch, height, width, channels) in [0, 1]; the result is
    finite where a reconstruction is exactly 0 or 1, too.
    Returns (batch,).
    """
    ### BEGIN SOLUTION
    return ops.sum(ops.binary_crossentropy(images, reconstructions), axis=(1, 2, 3))
    ### END SOLUTION


# %% check="reconstruction-loss"
check("reconstruction-loss")

# %% [markdown]
# How large is this number on MNIST? Two reference values help to read every result that
# follows: the **floor**, the cost of a perfect reconstruction because pixels are gray,
# and the **average digit**, the cost of one answer for every image, the mean of them all.
# A third number tests the claim about gray pixels: the average digit scored on
# black-and-white samples of the same images.

# %%
(first, _), (second, _) = datasets.load_mnist()
shuffled = np.random.default_rng(237).permutation(70_000)
digits = np.concatenate([first, second])[shuffled][..., None]  # 70,000 images, uint8
x_valid = digits[65_000:].astype("float32") / 255.0  # held out: 5,000

average_digit = digits[:65_000].mean(axis=0, dtype="float32") / 255.0


def cost_of_average_digit(images):
    """Mean reconstruction loss of `images` if each is reconstructed as the average."""
    answers = np.broadcast_to(average_digit, images.shape)
    return float(ops.mean(reconstruction_loss(images, answers)))


binary = np.random.default_rng(237).binomial(1, x_valid).astype("float32")
floor = float(ops.mean(reconstruction_loss(x_valid, x_valid)))
print(f"perfect reconstruction        {floor:6.1f} nats per image")
print(f"average digit                 {cost_of_average_digit(x_valid):6.1f}")
print(f"average digit, binary samples {cost_of_average_digit(binary):6.1f}")

# %% [markdown]
# So a useful model of gray MNIST has a reconstruction between roughly 46 and 206 nats.
# Remember the second number: a reconstruction that stays there has learned one image.
#
# ## 3 · The KL, in closed form
#
# The Kullback–Leibler divergence compares two distributions by their log-ratio, averaged
# over samples from the first:
#
# $$\mathrm{KL}(q\,\|\,p) = \mathbb{E}_{z\sim q}\big[\log q(z) - \log p(z)\big].$$
#
# It is 0 when the two are equal and positive otherwise. For most pairs of distributions
# it has no formula. It has one here, because $q$ and $p$ are both Gaussian: for a $q$
# with means $\mu_i$, variances $\sigma_i^2$ and independent dimensions, and
# $p = \mathcal{N}(0, I)$,
#
# $$\mathrm{KL} = \tfrac12 \sum_{i}
# \big(\sigma_i^2 + \mu_i^2 - 1 - \log \sigma_i^2\big).$$
#
# In words: each latent dimension pays for its distance from 0 (half its square), for
# being wider than 1 (the variance) and for being narrower than 1 (minus its logarithm).
# The dimensions are independent, so their KLs **add up**.
#
# ### TO DO · `kl-divergence`
# Return one number for each image, for any `latent_dim`. Compute with `ops` again.
# Remember which quantity `z_log_var` is the logarithm of.
#
# Stuck? Run `hint("kl-divergence")` in a cell of its own.


# %% exercise="kl-divergence"
def kl_divergence(z_mean, z_log_var):
    """KL(q(z|x) ‖ N(0, I)) of each image, in nats.

    z_mean, z_log_var: (batch, latent_dim). Returns (batch,).
    """
    ### BEGIN SOLUTION
    return 0.5 * ops.sum(ops.exp(z_log_var) + z_mean**2 - 1.0 - z_log_var, axis=-1)
    ### END SOLUTION


# %% check="kl-divergence"
check("kl-divergence")

# %% [markdown]
# You need not believe a closed form. The definition is an average over samples, so
# sample: for one $q$, estimate the KL from more and more samples, with error bars of two
# standard errors.

# %% tags=["skip-grading"]
mu, log_var = np.array([1.5, -0.5]), np.array([-2.0, 1.0])
exact = float(kl_divergence(ops.array([mu]), ops.array([log_var]))[0])

rng = np.random.default_rng(237)
q, p = stats.norm(mu, np.exp(0.5 * log_var)), stats.norm(0, 1)
figure, ax = plt.subplots(figsize=(7, 3.6))
for samples in (10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000):
    z = q.rvs((samples, 2), random_state=rng)
    log_ratio = (q.logpdf(z) - p.logpdf(z)).sum(axis=1)
    mean, error = log_ratio.mean(), 2 * log_ratio.std() / np.sqrt(samples)
    ax.errorbar(samples, mean, error, fmt="o", color="C0", capsize=4)
ax.axhline(exact, color="C1", label=f"closed form: {exact:.3f} nats")
ax.set(xscale="log", xlabel="samples of z", ylabel="KL (nats)")
ax.legend()
plots.show(
    figure,
    alt="Estimates of the KL from 10 to 100,000 samples with error bars. The bars "
    "shrink as the samples increase, and the estimates approach the horizontal line "
    "of the closed form.",
)
print(f"closed form {exact:.4f}, {samples:,} samples {mean:.4f} ± {error:.4f}")

# %% [markdown]
# Ten samples leave half a nat of doubt, a hundred thousand settle two or three digits,
# and the formula is exact. That is why a Gaussian VAE doesn't sample its KL, and why only
# the reconstruction term is estimated.
#
# ## 4 · A loss that belongs to the model
#
# `compile(loss=...)` expects a function of the targets and the outputs. Our loss needs
# four tensors, two of which (`z_mean`, `z_log_var`) are neither. Keras' solution: a layer
# may call `self.add_loss(number)` inside `call`, and training minimizes the sum of all
# such numbers. The layer returns the reconstructions unchanged; its only effect is the
# loss.
#
# We also want to *see* reconstruction and KL apart, because their sum hides whatever goes
# wrong. A `keras.metrics.Mean` that the layer holds appears in the training history under
# its own name. Its `update_state` takes a tensor with one number for each image and
# averages over all of them since the epoch began; Keras resets it:
#
# ```python
# metric = keras.metrics.Mean(name="kl_loss")  # in __init__
# metric.update_state(ops.array([2.0, 4.0, 6.0]))  # in call; the mean is now 4
# ```
#
# Give it the tensor of shape `(batch,)`, not the mean of the batch: the last batch of an
# epoch is often smaller, and each image should count the same.
#
# And we want to *change* β while the model trains (section 7). When Keras traces a model,
# it turns a plain Python number into a constant. So β has to be a variable, a weight that
# is not trained:
#
# ```python
# constant = keras.initializers.Constant(beta)
# self.beta = self.add_weight(shape=(), initializer=constant, trainable=False)
# layer.beta.assign(0.5)  # later: acts from the next batch on
# float(layer.beta)  # 0.5
# ```
#
# Two things for saving, as in lesson 02. `get_config` returns a dictionary with each
# argument of your `__init__`. Here that is `beta` as the layer was **made** with it, a
# number, whatever `assign` did since: the current value is a weight, and is saved with
# the weights. And `register_keras_serializable`, the line above the class, lets a saved
# model find the class again.
#
# ### TO DO · `loss-layer`
# Write the layer with your two functions. The loss is the mean over the batch of
# reconstruction + β · KL. Both metrics are without β.
#
# Stuck? Run `hint("loss-layer")` in a cell of its own.


# %% exercise="loss-layer"
@keras.saving.register_keras_serializable(package="vaelab")
class VAELossLayer(keras.layers.Layer):
    """Adds the loss of a VAE to the model, in nats.

    The loss is the mean over the batch of reconstruction + beta·KL.
    Called on [images, reconstructions, z_mean, z_log_var].
    Returns the reconstructions unchanged.
    beta: weight of the KL. `layer.beta` is a scalar weight that is not trained.
    Metrics: reconstruction_loss and kl_loss, means over all images, without beta.
    get_config: `beta` is the number that the layer was made with.
    """

    def __init__(self, beta=1.0, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.initial_beta = float(beta)
        constant = keras.initializers.Constant(beta)
        self.beta = self.add_weight(shape=(), initializer=constant, trainable=False)
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction_loss")
        self.kl_tracker = keras.metrics.Mean(name="kl_loss")
        ### END SOLUTION

    def call(self, inputs):
        ### BEGIN SOLUTION
        images, reconstructions, z_mean, z_log_var = inputs
        reconstruction = reconstruction_loss(images, reconstructions)
        kl = kl_divergence(z_mean, z_log_var)
        self.add_loss(ops.mean(reconstruction + self.beta * kl))
        self.reconstruction_tracker.update_state(reconstruction)
        self.kl_tracker.update_state(kl)
        return reconstructions
        ### END SOLUTION

    def get_config(self):
        ### BEGIN SOLUTION
        return {**super().get_config(), "beta": self.initial_beta}
        ### END SOLUTION


# %% check="loss-layer"
check("loss-layer")

# %% [markdown]
# ## 5 · Assemble and train
#
# The parts from earlier lessons, unchanged: the sampling layer, the encoder and the
# decoder.


# %% tags=["given"]
# From lesson 2: reparameterize

# %% tags=["given"]
# From lesson 2: sampling

# %% tags=["given"]
# From lesson 4: encoder

# %% tags=["given"]
# From lesson 4: decoder

# %% [markdown]
# ### TO DO · `build-vae`
# Connect them: images → encoder → `Sampling` → decoder → your `VAELossLayer`. Name that
# layer `"vae_loss"`, so that `vae.get_layer("vae_loss")` finds it again. `encoder` and
# `decoder` may be any pair, for images of any size; the check uses 4×4 images. So take
# the shape from the encoder. `encoder.input_shape` begins with the batch axis, and
# `keras.Input` wants the shape without it:
#
# ```python
# encoder.input_shape  # (None, 28, 28, 1)
# keras.Input((28, 28, 1))  # Keras adds the None itself
# ```
#
# Compile with Adam at a learning rate of 1e-3, `keras.optimizers.Adam(1e-3)`, and no
# `loss`: the loss is part of the model already. Use the encoder and the decoder that you
# are given. They are trained inside the VAE, and you can still call each of them alone.
#
# Stuck? Run `hint("build-vae")` in a cell of its own.


# %% exercise="build-vae"
def build_vae(encoder, decoder, beta=1.0):
    """A VAE, images → reconstructions, compiled and ready for `fit(images)`.

    encoder: a model with outputs [z_mean, z_log_var].
    decoder: a model from (batch, latent_dim) to images.
    beta: weight of the KL, passed to the VAELossLayer, whose name is "vae_loss".
    """
    ### BEGIN SOLUTION
    images = keras.Input(encoder.input_shape[1:], name="images")
    z_mean, z_log_var = encoder(images)
    reconstructions = decoder(Sampling(name="sampling")([z_mean, z_log_var]))
    loss_layer = VAELossLayer(beta, name="vae_loss")
    outputs = loss_layer([images, reconstructions, z_mean, z_log_var])
    vae = keras.Model(images, outputs, name="vae")
    # XLA is slower on a CPU.
    vae.compile(optimizer=keras.optimizers.Adam(1e-3), jit_compile=False)
    return vae
    ### END SOLUTION


# %% check="build-vae"
check("build-vae")

# %% tags=["skip-grading"]
vae = build_vae(build_encoder(), build_decoder())
trained = sum(int(np.prod(weight.shape)) for weight in vae.trainable_weights)
print(f"trainable parameters: {trained:,}")

# %% [markdown]
# ### A model for two cores
#
# The convolutional model spends most of its time in the convolutions: an epoch takes
# minutes on a CPU. Because `build_vae` takes *any* encoder and decoder, we first train
# a pair of Dense layers that learns as much in a fraction of the time. A step of such a
# small model takes a few milliseconds, and what Keras does between two steps adds a good
# part of that. With `steps_per_execution=8` in `compile`, Keras runs eight steps in one
# call.
#
# `StepLog` keeps both parts of the loss, a pair for each call. Keras passes running means
# over the epoch so far to a callback. The difference of two successive sums, divided by
# the steps between them, is the mean of these steps.


# %% tags=["given"]
def dense(units):
    """A hidden layer: ReLU, with initial weights that suit it."""
    return layers.Dense(units, activation="relu", kernel_initializer="he_normal")


def dense_pair(latent_dim=2):
    """(encoder, decoder) of Dense layers, shaped like the convolutional pair."""
    images = keras.Input((28, 28, 1))
    h = dense(128)(dense(256)(layers.Flatten()(images)))
    z_mean = layers.Dense(latent_dim, name="z_mean")(h)
    z_log_var = layers.Dense(latent_dim, name="z_log_var")(h)
    encoder = keras.Model(images, [z_mean, z_log_var], name="encoder")

    z = keras.Input((latent_dim,))
    h = dense(256)(dense(128)(dense(128)(z)))
    pixels = layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(h))
    return encoder, keras.Model(z, pixels, name="decoder")


def rise_and_decay(steps):
    """Learning rate: up to 0.01 in a tenth of the steps, then down to 0."""
    rise = steps // 10
    return keras.optimizers.schedules.CosineDecay(
        1e-3,
        decay_steps=steps - rise,
        warmup_target=1e-2,
        warmup_steps=rise,
    )


# %% tags=["given"]
class StepLog(keras.callbacks.Callback):
    """Keeps the reconstruction and the KL, each time that Keras calls it.

    losses: (reconstruction, KL), means over the steps since the call before.
    steps: how many steps there had been, counted from the beginning of `fit`.
    """

    def on_train_begin(self, logs=None):
        self.steps, self.losses = [], []

    def on_epoch_begin(self, epoch, logs=None):
        self.before = self.steps[-1] if self.steps else 0
        self.done, self.sums = 0, np.zeros(2)

    def on_train_batch_end(self, batch, logs=None):
        means = np.array([logs["reconstruction_loss"], logs["kl_loss"]], "float64")
        done = min(batch + 1, self.params["steps"])
        sums = done * means
        self.losses.append((sums - self.sums) / (done - self.done))
        self.steps.append(self.before + done)
        self.done, self.sums = done, sums


# %% [markdown]
# Two epochs over 65,000 images, 10 to 30 seconds. The learning rate rises to 0.01 in the
# first tenth of the steps, then decays to 0 along a half cosine: a high rate makes fast
# progress, and a low rate at the end lets training converge.

# %% tags=["skip-grading"]
x_train = digits[:65_000].astype("float32") / 255.0
encoder, decoder = dense_pair()
vae = build_vae(encoder, decoder)
rate = rise_and_decay(2 * 508)  # two epochs of 508 batches
vae.compile(keras.optimizers.Adam(rate), jit_compile=False, steps_per_execution=8)
log = StepLog()
options = {"batch_size": 128, "callbacks": [log, LiveLine()], "verbose": 0}
history = vae.fit(x_train, epochs=2, validation_data=(x_valid, None), **options).history

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
names = ("reconstruction_loss", "kl_loss")
for ax, curve, name in zip((left, right), np.array(log.losses).T, names):
    ax.plot(log.steps, curve, linewidth=0.8, label="training, 8 steps each")
    ax.plot([508, 1016], history[f"val_{name}"], "ks--", label="held out, each epoch")
    ax.set(xlabel="step", ylabel=f"{name} (nats)")
line = cost_of_average_digit(x_train)
left.axhline(line, color="gray", linestyle=":", label="average digit")
left.set(ylim=(125, 260), title="Reconstruction")
right.set(ylim=(0, 12), title="KL")
left.legend(), right.legend(loc="lower right")
plots.show(
    figure,
    alt="Left: the reconstruction loss falls steeply below the line of the average "
    "digit in the first hundred steps, then slowly to about 140 nats; held-out values "
    "lie on the curve. Right: the KL rises and settles at about 6 nats.",
)

# %% [markdown]
# After an unsteady start the curves mirror each other: the reconstruction falls as the
# KL rises. Training and held-out values agree, so two epochs don't overfit. Now the
# result, with one number for the whole and one for each part. The figure of
# reconstructions decodes `z_mean`, so it contains no noise; the ELBO averages over
# samples of $z$. This is the convention of the whole course. The last row is one sample
# $x \sim p_\theta(x|z)$: what the model really says an image looks like.

# %% tags=["skip-grading"]
result = vae.evaluate(x_valid, batch_size=500, verbose=0, return_dict=True)
z_mean, z_log_var = encoder.predict(x_valid, batch_size=500, verbose=0)
per_dimension = 0.5 * (np.exp(z_log_var) + z_mean**2 - 1 - z_log_var).mean(axis=0)


def print_result(result):
    """The estimated −ELBO (at β = 1) and its two parts."""
    reconstruction, kl = result["reconstruction_loss"], result["kl_loss"]
    print(f"held out, estimated −ELBO {reconstruction + kl:.1f} nats = ", end="")
    print(f"reconstruction {reconstruction:.1f} + KL {kl:.2f}")


def plot_rows(rows, height=1.05):
    """A figure of images, with the name of each row at its left."""
    columns = len(next(iter(rows.values())))
    size = (0.9 * columns + 1.2, height * len(rows))
    figure, axes = plt.subplots(len(rows), columns, figsize=size)
    for row, (name, images) in zip(axes, rows.items()):
        for ax, image in zip(row, images):
            ax.imshow(image[:, :, 0], vmin=0, vmax=1)
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(False)
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
    return figure


print_result(result)
print("KL of each latent dimension:", ", ".join(f"{kl:.2f}" for kl in per_dimension))
means = decoder.predict(z_mean[:12], verbose=0)
one_sample = np.random.default_rng(237).binomial(1, means)
rows = {"image x": x_valid[:12], "mean of\np(x | z)": means, "a sample": one_sample}
plots.show(
    plot_rows(rows),
    alt="Twelve held-out digits, their reconstructions and one sample of the decoder "
    "distribution each. The reconstructions are smooth and somewhat blurred. Many "
    "keep their shape, others become a digit that looks alike, a four a nine, an "
    "eight a three. The samples are speckled: each pixel is black or white by itself.",
)

# %% [markdown]
# What do these numbers tell you?
#
# - The −ELBO lies just below 150 nats, within a nat or two from one start to another. The
#   published convolutional lab that lesson 04 took its architecture from reached 152.2 in
#   our measurement, in five epochs and nearly eight minutes.
# - About 46 of these nats are the floor. Of the roughly 160 nats between floor and
#   average digit, two numbers per image recover about 65.
# - The KL is about 6 nats. Averaged over images, it bounds the information that $z$
#   carries about $x$: at most 6 nats, or 9 bits, enough to tell some 400 to 500 cases
#   apart ($e^6 \approx 400$, $2^9 = 512$).
# - **A nat of KL buys about ten nats of reconstruction, on average.** An average is not
#   the price of the last one. At the optimum of reconstruction + β · KL one more nat
#   of KL brings exactly β nats of reconstruction, here one. The first is worth the most,
#   about 32 (section 7).
# - Both latent dimensions are in use: each has a KL of about 3 nats.
# - The samples are speckled, because pixels are independent given $z$. No image of MNIST
#   looks like this. That is why figures show the mean.
#
# ## 6 · What is your effective β?
#
# In published code the two parts are summed here and averaged there, with weights of all
# sizes in front. Two losses that differ by a factor have the same optimum (and Adam,
# which divides by the size of the gradient, hardly notices the factor). What counts is
# the *ratio* of the two parts. So bring every loss into one form, in which a **summed**
# reconstruction has the weight 1:
#
# $$\text{loss} \;\propto\; \text{summed reconstruction} + \beta_{\text{eff}} \cdot
# \text{summed KL}.$$
#
# A mean over $n$ pixels is $1/n$ of their sum; a mean over $d$ latent dimensions is $1/d$
# of theirs. For example, this is the loss of the published lab:
#
# ```python
# kl_part = mean(1 + z_log_var - square(z_mean) - exp(z_log_var))
# loss = mean(binary_crossentropy(x, r)) - 5e-4 * kl_part
# ```
#
# Its KL stands there without the ½, so −5e-4 · mean(…) is 1e-3 times the averaged KL:
# "mean" for both parts, and a weight of 1e-3.
#
# ### TO DO · `effective-beta`
# Write the conversion, for any number of pixels and latent dimensions.
#
# Stuck? Run `hint("effective-beta")` in a cell of its own.


# %% exercise="effective-beta"
def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    """β of a VAE loss, once it is written as summed reconstruction + β · summed KL.

    reconstruction, kl: "sum" or "mean", over the n_pixels pixels and over the
    latent_dim latent dimensions.
    weight: multiplies the KL with its ½ inside; 1e-3 for a published
    -5e-4·mean(1 + …). Returns a float.
    """
    ### BEGIN SOLUTION
    beta = weight
    if reconstruction == "mean":
        beta = beta * n_pixels
    if kl == "mean":
        beta = beta / latent_dim
    return beta
    ### END SOLUTION


# %% check="effective-beta"
check("effective-beta")

# %% [markdown]
# Here are five losses as you find them in published code, and the β that each of them
# really uses, for three values of `latent_dim`.

# %%
published = {
    "sum + sum, the ELBO": ("sum", "sum", 1.0),
    "mean + sum": ("mean", "sum", 1.0),
    "sum − 0.5·mean(1 + …)": ("sum", "mean", 1.0),
    "mean − 0.5·mean(1 + …)": ("mean", "mean", 1.0),
    "mean − 5e-4·mean(1 + …)": ("mean", "mean", 1e-3),
}
print(f"{'reconstruction + KL':<26}{'latent_dim 2':>14}{'8':>10}{'32':>10}")
for name, (reconstruction, kl, weight) in published.items():
    print(f"{name:<26}", end="")
    for latent_dim, width in ((2, 14), (8, 10), (32, 10)):
        beta = effective_beta(784, latent_dim, reconstruction, kl, weight)
        print(f"{beta:>{width}.4g}", end="")
    print()

# %% [markdown]
# From a few hundredths to several hundred. Two readings of the table:
#
# - **Down a column**: the model and the data are the same, and because of an innocent
#   `mean` the KL weighs 784 times as much. Such a loss does not estimate an ELBO; its
#   value can't be compared with anyone else's.
# - **Along a row with a mean over the latent dimensions**: β falls as `latent_dim` grows.
#   Anyone who compares `latent_dim` 2 with 8 there also compares two values of β, without
#   knowing.
#
# Choosing β other than 1 on purpose is fine, and has a name (β-VAE). Not knowing your β
# isn't.
#
# ### Find the bug
#
# The published lab's first epoch reported a mean loss of 221,074, in a training that
# otherwise stays below 1. Read its loss above once more before you go on: which term can
# do that?

# %%
# What one entry must be to lift the mean over 65,000 images and 2 dimensions by itself:
excess = 221_074 * 65_000 / (5e-4 / 2)
print(f"one entry with exp(z_log_var) = {excess:.1e} is enough,")
print(f"that is, z_log_var = {np.log(excess):.1f}")
print(f"{'z_log_var':>9}{'exp, float32':>16}{'KL (nats)':>14}")
with np.errstate(over="ignore"):
    for log_var in np.array([0, 5, 10, 30, 88, 89], "float32"):
        kl = 0.5 * (np.exp(log_var) - 1 - log_var)
        print(f"{log_var:>9.0f}{np.exp(log_var):>16.3g}{kl:>14.3g}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# It is `exp(z_log_var)`. A head without activation may output any number, and *one* image
# of 65,000 with a `z_log_var` of about 32 produces the whole 221,074. Just before 89 the
# exponential exceeds float32 altogether. One such image makes the loss infinite and its
# gradient NaN, and the model is lost. It happens early, while the learning rate is high
# and the heads are untrained. What helps, gentlest first: let the learning rate rise
# slowly (as above); use `clipnorm=` in the optimizer; initialize the `z_log_var` head
# with zeros (`kernel_initializer="zeros"`), so that every approximate posterior starts
# at variance 1.
#
# </details>
#
# ## 7 · The collapse lab
#
# **Posterior collapse** means that $q_\phi(z|x)$ equals the prior, in some or all of its
# dimensions, for every image. A collapsed dimension has a KL of 0 and says nothing about
# the image.
#
# - Collapse is usually **partial**: some dimensions are in use and the others are not.
# - If *all* dimensions collapse, a decoder like ours gets no information and outputs the
#   average digit. The signs are a KL near 0 and a reconstruction near 206 nats.
# - A strong decoder can model the data without $z$. The text model of Bowman and others
#   (2015) predicts each word from those before it; without their remedies it ignores
#   $z$, and its sentences are still good. Behind such a decoder good samples don't rule
#   out collapse. The KL does.
#
# Burda and others (2016) count **active units**: the latent dimensions whose posterior
# mean varies over the data by more than a threshold, in variance,
#
# $$\mathrm{Var}_x\big(\mathbb{E}_{q(z_i|x)}[z_i]\big) > 0.01.$$
#
# ### TO DO · `active-units`
# Count the active units. Each dimension has its own variance over the images, the mean
# squared distance from the mean (divided by $n$). "More than" means `>`.
#
# Stuck? Run `hint("active-units")` in a cell of its own.


# %% exercise="active-units"
def active_units(z_means, threshold=0.01):
    """How many latent dimensions are active.

    Active: the posterior mean varies over the data by more than `threshold`.
    z_means: (n, latent_dim), the posterior means of n images.
    The variance is divided by n. Returns an int.
    """
    ### BEGIN SOLUTION
    return int(np.sum(np.var(z_means, axis=0) > threshold))
    ### END SOLUTION


# %% check="active-units"
check("active-units")

# %% [markdown]
# A model with more dimensions than it needs: the dense pair with 20, at β = 4, for one
# epoch (5 to 15 seconds).

# %% tags=["skip-grading"]
keras.utils.set_random_seed(237)
wide_encoder, wide_decoder = dense_pair(latent_dim=20)
wide = build_vae(wide_encoder, wide_decoder, beta=4.0)
rate = rise_and_decay(508)
wide.compile(keras.optimizers.Adam(rate), jit_compile=False, steps_per_execution=8)
wide.fit(x_train, batch_size=128, callbacks=[LiveLine()], verbose=0)
wide_mean, wide_log_var = wide_encoder.predict(x_valid, batch_size=500, verbose=0)
wide_kl = 0.5 * (np.exp(wide_log_var) + wide_mean**2 - 1 - wide_log_var).mean(axis=0)
order = np.argsort(-wide_kl)
for threshold in (0.001, 0.01, 0.1):
    count = active_units(wide_mean, threshold)
    print(f"threshold {threshold:<6g} active units {count:>2} of 20")
print_result(wide.evaluate(x_valid, batch_size=500, verbose=0, return_dict=True))

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2))
left.bar(range(1, 21), wide_kl[order])
left.set(ylabel="mean KL (nats)")
right.bar(range(1, 21), wide_mean.var(axis=0)[order], color="C1")
right.axhline(0.01, color="black", linestyle="--", label="threshold 0.01")
right.set(ylabel="variance of z_mean over the images", yscale="log")
right.legend()
for ax in (left, right):
    ax.set(xlabel="latent dimension, sorted by KL", xticks=[1, 5, 10, 15, 20])
plots.show(
    figure,
    alt="Two bar charts over the 20 latent dimensions, sorted by KL. Left, the mean "
    "KL: two dimensions have about 1.5 nats each, some others a tenth of a nat or "
    "less, the rest nearly none. Right, the variance of the posterior mean on a "
    "logarithmic scale, which falls from about 1 to a thousandth and crosses the "
    "threshold of 0.01 in its second half.",
)

# %% [markdown]
# This collapse is partial. Two dimensions carry most of the KL, several carry a little,
# and the rest are hardly in use. The count depends on the threshold, and from one training
# to the next the dimensions close to it change sides, so state the threshold. Unused
# dimensions cost nothing and do no harm, but "this model uses 20 latent dimensions" would
# be a wrong description.
#
# ### When collapse is stable
#
# Complete collapse has two kinds of causes, and they need different remedies. First ask
# whether the *objective* prefers it. Suppose that $z$ says nothing, so the decoder
# outputs the average $p$ of each pixel. Now let $z$ carry a little information
# along one direction. Does the reconstruction gain more than β per nat?
#
# For the linear VAE, where encoder and decoder are linear (with a Gaussian decoder
# distribution it is probabilistic PCA), the answer is known, and near the collapsed state
# every VAE looks linear. Divide each pixel's deviation from its average by
# $\sqrt{p(1-p)}$, the standard deviation of the Bernoulli pixel. The best direction is
# the first principal component of these data, and the first nat along it gains as many
# nats as its **eigenvalue**. If β is larger than the largest eigenvalue, no direction
# pays: collapse is locally stable. If β is smaller, collapse is unstable.

# %% tags=["skip-grading"]
pixels = x_train[:20_000].reshape(20_000, 784)
p = pixels.mean(axis=0)
used = p > 0  # pixels that are ever inked
scaled = (pixels[:, used] - p[used]) / np.sqrt(p[used] * (1 - p[used]))
eigenvalues = np.linalg.eigvalsh(scaled.T @ scaled / len(scaled))[::-1]
print("largest eigenvalues:", eigenvalues[:6].round(1))
for beta in (0.392, 1, 4, 16, 392, 784):
    n = np.sum(eigenvalues > beta)
    print(f"β = {beta:>5g}: {n:>3} directions worth their KL", "" if n else "(stable)")

# %% [markdown]
# The largest eigenvalue is about 32. That is the worth of the first nat, and it divides
# the effective β of section 6 in two groups. At 392 and 784 collapse is stable: the
# objective itself asks for it, and no trick of training helps. At 0.392, 1 and 4 it is
# unstable: there the objective does not want it. In our measurements the dense model of
# section 5 behaved accordingly: at β = 24 its KL was 0.14 nats, at 28 it was 0.004, and
# at 36 and above it had collapsed. Lucas and others (2019) show for the linear VAE that
# the ELBO adds no spurious local maxima to the likelihood of probabilistic PCA: whether
# a dimension collapses is decided by the variance of the observation noise, the hidden β
# of section 2.
#
# ### When training is the cause
#
# If a run collapses at a β where collapse is unstable, look at training. "The KL was
# too strong" is one explanation of several, so run **controls** before you believe it:
#
# 1. **The same run with β near 0.** If the KL costs nothing, it can't be the KL. If this
#    run is stuck as well, look elsewhere.
# 2. **Count dead ReLU units**, those that output 0 for *every* image. A dead unit has no
#    gradient and stays dead. If a layer has no live unit left, its output is the same for
#    every image, and so is $z$. A large first step of the optimizer can do that.
# 3. **Compare encoder and decoder.** While the decoder can't use $z$ yet, $z$ brings no
#    gain, but its KL costs at once. The cheapest first step is to give up the
#    information in $z$. Close to collapse the gradients that lead out are tiny, and it
#    can take long. He and others (2019) describe a related cause, *lagging inference
#    networks*: early in training $q$ is behind the changing true posterior.
#
# Against the third, use **KL annealing** (also called **warm-up**): begin with β = 0, so
# that information in $z$ is free while the decoder learns to use it, and raise β to its
# target.
#
# ### TO DO · `warm-up`
# Write it as a [callback](https://keras.io/api/callbacks/base_callback/): β rises in a
# straight line from 0 to `target`. What the checks try:
#
# - Keras calls `on_train_begin(logs)` once in each `fit`, and
#   `on_train_batch_begin(batch, logs)` before a batch. Its `batch` restarts at 0 in each
#   epoch; the warm-up continues over all epochs.
# - With `steps_per_execution=8`, as here, Keras calls only before every eighth step.
#   So don't count calls. The optimizer counts steps:
#   `int(self.model.optimizer.iterations)`, which goes on counting from one `fit` to the
#   next.
# - A second `fit` begins its warm-up anew, at step 0.
# - Set β with `layer.beta.assign(number)`. `layer.beta = number` would replace the
#   variable, and the traced model would keep the old one.
# - `steps=0` means no warm-up: the target from the first step on.
#
# Stuck? Run `hint("warm-up")` in a cell of its own.


# %% exercise="warm-up"
class KLWarmup(keras.callbacks.Callback):
    """Raises beta in a straight line from 0 to `target` over the first `steps` steps.

    layer: has a variable `beta`, such as a VAELossLayer.
    Step n, counted from 0 in each `fit`, is trained with
    beta = target · min(1, n / steps); steps=0 means the target from the first step on.
    """

    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        ### BEGIN SOLUTION
        self.layer = layer
        self.steps = steps
        self.target = target
        ### END SOLUTION

    def on_train_begin(self, logs=None):
        ### BEGIN SOLUTION
        self.first = int(self.model.optimizer.iterations)
        ### END SOLUTION

    def on_train_batch_begin(self, batch, logs=None):
        ### BEGIN SOLUTION
        step = int(self.model.optimizer.iterations) - self.first
        fraction = 1.0 if step >= self.steps else step / self.steps
        self.layer.beta.assign(self.target * fraction)
        ### END SOLUTION


# %% check="warm-up"
check("warm-up")

# %% [markdown]
# ### The lab
#
# To see training fall into collapse in seconds and every time, we build a decoder that
# is slow to use $z$: two hidden layers of *sigmoid* units, as in older code. A sigmoid
# passes on at most a quarter of a gradient. And β is 4, far below 32. Four runs, equal
# but for β: 0.1, the control; 4 from the start; 4 after a warm-up; and, also with a
# warm-up, the 784 of "mean + sum" in the table of section 6. (Why not 0 as the control?
# Without any KL nothing keeps the posteriors in range, and one of our four starts
# overflowed.) `dead_units` counts the dead ReLU units of the encoder. The four runs take
# 5 to 20 seconds.


# %% tags=["skip-grading"]
def slow_pair():
    """(encoder, decoder): the encoder of section 5, and a decoder of sigmoid layers."""
    encoder, _ = dense_pair()
    z = h = keras.Input((2,))
    for units in (64, 256):
        h = layers.Dense(units, activation="sigmoid")(h)
    pixels = layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(h))
    return encoder, keras.Model(z, pixels, name="decoder")


def dead_units(encoder, images):
    """Dead units (or channels) of each ReLU layer, and how many it has: 'dead/all'."""
    relu = keras.activations.relu
    hidden = [h for h in encoder.layers if getattr(h, "activation", None) is relu]
    taps = keras.Model(encoder.inputs, [layer.output for layer in hidden])
    counts = []
    for output in taps.predict(images, batch_size=100, verbose=0):
        largest = output.reshape(-1, output.shape[-1]).max(axis=0)
        counts.append(f"{np.sum(largest == 0)}/{len(largest)}")
    return ", ".join(counts)


# %% [markdown]
# One model serves all runs. Each run resets its variables to the same start, those of
# the optimizer too, and sees the same batches.


# %% tags=["skip-grading"]
keras.utils.set_random_seed(237)
lab_encoder, lab_decoder = slow_pair()
lab = build_vae(lab_encoder, lab_decoder)
lab.compile(keras.optimizers.Adam(3e-3), jit_compile=False, steps_per_execution=8)
lab.optimizer.build(lab.trainable_variables)
state = lab.variables + lab.optimizer.variables
start = [ops.convert_to_numpy(variable) for variable in state]
lab_images, lab_held_out = x_train[:2560], x_valid[:1000]
dead_at_start = dead_units(lab_encoder, lab_held_out)


def lab_run(name, beta, warm_up):
    """Train once: (its StepLog, a line of results, ten reconstructions)."""
    for variable, value in zip(state, start):
        variable.assign(value)
    loss_layer = lab.get_layer("vae_loss")
    loss_layer.beta.assign(beta)
    log = StepLog()
    callbacks = [log, LiveLine(name)]
    if warm_up:
        callbacks.append(KLWarmup(loss_layer, steps=160, target=beta))
    keras.utils.set_random_seed(237)
    lab.fit(lab_images, batch_size=32, epochs=3, callbacks=callbacks, verbose=0)
    scores = lab.evaluate(lab_held_out, batch_size=100, verbose=0, return_dict=True)
    means, _ = lab_encoder.predict(lab_held_out, batch_size=100, verbose=0)
    line = (
        f"{scores['reconstruction_loss']:>10.1f}{scores['kl_loss']:>10.3f}"
        f"{active_units(means):>8}{dead_units(lab_encoder, lab_held_out):>18}"
    )
    return log, line, lab_decoder.predict(means[:10], verbose=0)


# %% tags=["skip-grading"]
settings = {  # name: (beta, warm_up)
    "β = 0.1, control": (0.1, False),
    "β = 4 from the start": (4.0, False),
    "β = 4 after a warm-up": (4.0, True),
    "β = 784 after a warm-up": (784.0, True),
}
runs = {name: lab_run(name, *setting) for name, setting in settings.items()}
print(f"{'nats':<26}{'reconstr.':>10}{'KL':>10}{'active':>8}{'dead ReLU units':>18}")
print(f"{'before training':<54}{dead_at_start:>18}")
for name, (_, line, _) in runs.items():
    print(f"{name:<26}{line}")
print(f"{'average digit':<26}{cost_of_average_digit(lab_held_out):>10.1f}")

# %% tags=["skip-grading"]
figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.8))
looks = (  # the two runs that coincide: a wide pale line under a thin dark one
    {"color": "0.35", "linestyle": "-."},
    {"color": "C1", "linewidth": 5, "alpha": 0.45},
    {"color": "C0"},
    {"color": "black", "linestyle": ":", "linewidth": 1.6},
)
for (name, (log, _, _)), look in zip(runs.items(), looks):
    reconstruction, kl = np.array(log.losses).T
    left.plot(log.steps, reconstruction, label=name, **look)
    right.semilogy(log.steps, np.maximum(kl, 1e-5), label=name, **look)
line = cost_of_average_digit(lab_images)
left.axhline(line, color="0.6", linewidth=0.8, label="average digit")
left.set(xlabel="step", ylabel="reconstruction (nats)", ylim=(165, 260))
right.set(xlabel="step", ylabel="KL (nats)")
left.legend(fontsize=8)
plots.show(
    figure,
    alt="Left: reconstruction against the step, with the line of the average digit. "
    "The control with beta 0.1 falls below it first, to about 190 nats. Beta 4 after a "
    "warm-up falls below it later, to about 195. Beta 4 from the start and beta 784 "
    "coincide and stay at the line. Right: the KL on a logarithmic scale. The control "
    "rises to several nats. Both runs with a warm-up begin near 100 nats, while beta "
    "is 0. With beta 4 the KL then dips to a tenth of a nat and climbs to about 1. "
    "With beta 784, and with beta 4 from the start, it falls below a thousandth.",
)

rows = {"image x": x_valid[:10]}
for name, (_, _, reconstructions) in runs.items():
    rows[name.replace(", ", ",\n").replace(" from", "\nfrom")] = reconstructions
figure = plot_rows({name.replace(" a", "\na"): row for name, row in rows.items()}, 0.95)
plots.show(
    figure,
    alt="Ten digits and their reconstructions in each run. With beta 4 from the "
    "start, and with beta 784, the same gray blur ten times: the average digit. With "
    "beta 0.1, and with beta 4 after a warm-up, crude blurred shapes that differ from "
    "image to image.",
)

# %% [markdown]
# What do the runs and their controls say?
#
# - **β = 4 from the start** collapsed completely: no active unit, a KL of 0, and a
#   reconstruction no better than the average digit's.
# - **β = 0.1, the control**, did not, with the same start, network and batches. Many of
#   its ReLU units are dead too, and enough are alive in every run. So here the
#   measurements support the KL as the cause, and not dead units.
# - **β = 4 after a warm-up** uses $z$: about a nat of KL, and a reconstruction some ten
#   nats below the average digit's. The objective is the same as that of the collapsed
#   run, so the objective did not want collapse; training was stuck near it. In five
#   starts out of five it went this way when we wrote the lesson. (This decoder is slow on
#   purpose, so the digits are crude.) With five times as many steps the run *without* a
#   warm-up escaped by itself in both starts that we tried, as the eigenvalue says it can:
#   a KL of 1.4 nats, but only one of its two units active.
# - **β = 784 after a warm-up** collapsed in spite of the warm-up. At 784, far above 32,
#   collapse is stable. No schedule helps there.
#
# **So first work out your effective β. Then run the controls. Then think about
# schedules.**
#
# ### The published architecture, briefly
#
# And the 550,629 parameters of lesson 4? With Adam at 2e-3 we saw the convolutional model
# collapse at β = 1: 206.6 nats after two epochs, and a KL of 0.001. At β = 1 collapse is
# unstable, so we ran the controls: four starts, 160 batches of
# 128, each with β = 1 and with β = 0.
#
# | start | β = 1: reconstruction, KL | dead | β = 0: reconstruction | dead |
# |---|---|---|---|---|
# | 1 | 207.0, 0.006 | 30 of 32 | 191.7 | 25 of 32 |
# | 2 | 205.9, 1.2 | 30 of 32 | 198.6 | 29 of 32 |
# | 3 | 206.9, 0.011 | 23 of 32 | 279.4 | 31 of 32 |
# | 4 | 207.5, 0.031 | 29 of 32 | 201.9 | 31 of 32 |
#
# "Dead" are ReLU units of the last hidden layer of the encoder. Before training at most 3
# of the 32 are dead. Most die during these few steps, with the KL term or without it, so
# the KL is not what kills them. One start is stuck even at β = 0. The other three learn
# at β = 0, and hardly or not at all at β = 1: there the KL suppresses what signal is
# left. So the measurements don't support the KL as the only cause. (160 steps are few.
# The first start, with other batches and 300 steps, reached 183 nats at β = 1.)
#
# A warm-up is not the best remedy here: with β = 0 and small batches the approximate
# posteriors move so far out (a KL of hundreds or thousands of nats in our trials) that
# the model doesn't recover in time. What helps is the simplest thing, a **lower learning
# rate**: at 1e-3 and batches of 16 or more none of our starts collapsed. A full training
# takes minutes, so here the model sees 1,536 images twice, in small batches (10 to 30
# seconds). That is enough to tell a model that learns from one that collapsed, not enough
# for a good one.

# %% tags=["skip-grading"]
keras.utils.set_random_seed(237)
conv_encoder, conv_decoder = build_encoder(), build_decoder()
print("dead ReLU units before:", dead_units(conv_encoder, lab_held_out))
conv = build_vae(conv_encoder, conv_decoder)  # compiled with Adam at 1e-3
conv.fit(x_train[:1536], batch_size=16, epochs=2, callbacks=[LiveLine()], verbose=0)
print_result(conv.evaluate(lab_held_out, batch_size=100, verbose=0, return_dict=True))
print(f"average digit {cost_of_average_digit(lab_held_out):.1f}")
print("dead ReLU units after: ", dead_units(conv_encoder, lab_held_out))

# %% [markdown]
# A KL of a few nats and a reconstruction below the average digit mean that the model
# learns. Training on all of `x_train` takes minutes, so the next cell, a **long** one,
# does it only if you say so.

# %% tags=["skip-grading"]
LONG = False  # True: all images, two epochs; several minutes on two cores

if LONG:
    keras.utils.set_random_seed(237)
    conv = build_vae(build_encoder(), build_decoder())
    conv.fit(x_train, batch_size=128, epochs=2, callbacks=[LiveLine()], verbose=0)
    print_result(conv.evaluate(x_valid, batch_size=500, verbose=0, return_dict=True))

# %% [markdown]
# When we ran it, it ended at a held-out −ELBO of 168 nats with a KL of 4.7: not
# collapsed, and still improving. The same two epochs at 2e-3 ended at 206.6 nats with a
# KL of 0.001. And the published training (five epochs, batches of 16, its own β of
# 0.392) reached 152.2, in 465 s on two free cores.
#
# ## 8 · Read the curves
#
# Three other runs, by three people, recorded once so that everybody reads the same
# numbers (means over 32 steps each). All three used the same 8,192 images and the same
# model with two latent dimensions. The loss is what each training reported, so B, who
# averages the cross-entropy over the 784 pixels and sums the KL, has another scale. C
# uses a KL warm-up.

# %% tags=["skip-grading"]
recorded = {  # (loss as reported, KL in nats), 12 values each
    "A": (
        [
            *(286.8, 199.4, 190.0, 185.0, 180.9, 177.1),
            *(177.3, 174.3, 172.2, 169.0, 170.1, 167.3),
        ],
        [4.09, 4.82, 4.82, 4.84, 4.85, 4.92, 4.67, 4.80, 4.81, 4.93, 4.91, 5.06],
    ),
    "B": (
        [
            *(0.4742, 0.2895, 0.2768, 0.2682, 0.2660, 0.2660),
            *(0.2658, 0.2655, 0.2644, 0.2648, 0.2649, 0.2646),
        ],
        [
            *(0.0777, 0.0042, 0.0024, 0.0016, 0.0011, 0.0009),
            *(0.0007, 0.0006, 0.0005, 0.0004, 0.0004, 0.0003),
        ],
    ),
    "C": (
        [
            *(282.2, 194.6, 185.9, 181.3, 179.4, 176.0),
            *(177.1, 175.0, 172.8, 169.9, 170.5, 168.6),
        ],
        [5.30, 7.54, 6.63, 6.28, 5.90, 5.61, 5.11, 4.98, 4.94, 4.97, 4.98, 4.99],
    ),
}

# %% tags=["skip-grading"]
step = 16 + 32 * np.arange(12)
figure, axes = plt.subplots(2, 3, figsize=(10, 4.8), sharex=True)
for (upper, lower), (run, (loss, kl)) in zip(axes.T, recorded.items()):
    upper.plot(step, loss, "o-", markersize=4)
    upper.set(title=f"run {run}: loss from {loss[0]:g} to {loss[-1]:g}")
    lower.plot(step, kl, "s-", markersize=4, color="C1")
    lower.set(xlabel="step", ylim=(0, 8), title=f"KL at the end: {kl[-1]:g}")
axes[0, 0].set_ylabel("loss as reported"), axes[1, 0].set_ylabel("KL (nats)")
plots.show(
    figure,
    alt="Loss and KL of three runs. All three losses fall steeply and then level off: "
    "A from 287 to 167, B from 0.474 to 0.265, C from 282 to 169. The KL of A stays "
    "near 5, that of B is nearly 0 throughout, that of C falls from 7.5 and settles "
    "at 5.",
)

# %% [markdown]
# ### TO DO · `written-collapse`
# In three to six sentences: Which run collapsed, and which numbers tell you so? Why do
# you not see it in the shape of its loss curve? What would you change first, would a KL
# warm-up help, and how would you know that your change worked?

# %% [markdown] written="written-collapse" points=2
# *Your answer:*
#
# ### BEGIN SOLUTION
# Run B collapsed: its KL is nearly 0 all the time, and its loss of 0.265 a pixel is
# 0.265 · 784 ≈ 207 nats, the cost of the average digit. C did not: its KL falls only
# because β rises, and settles at 5 nats. B's curve falls like any other, because going
# from a gray start to the average digit is most of the way down; its scale hides where
# it ends. With mean cross-entropy and summed KL the effective β is 784, far above 32, so
# collapse is stable, and a warm-up to that β would end there as well. Sum over the
# pixels (or divide the KL by 784). It worked if the KL stays at a few nats *and* the
# reconstruction falls well below 206.
#
# Rubric
# - ½ names run B, from its KL near 0 or from its reconstruction at the level of the
#   average digit (0.265 · 784 ≈ 207)
# - ½ does *not* take C for collapsed: its KL falls with the rising β but settles well
#   above 0
# - ½ the loss falls in every run, because learning the average digit alone brings most
#   of the drop (or: the scale, or the sum of two parts, hides it)
# - ½ the remedy fits the cause: effective β is 784, so change the objective; a warm-up
#   to that β can't help; it worked if the KL stays above 0 *and* the reconstruction
#   falls below the average digit
# ### END SOLUTION

# %% [markdown]
# ## What to take along
# - log p(x) = ELBO + KL(q(z|x) ‖ p(z|x)). The ELBO is a lower bound, and it is
#   estimated, by samples of z.
# - −ELBO = reconstruction + KL, both in nats: sum over pixels, sum over latent
#   dimensions, mean over the batch only.
# - p(x|z) is a distribution, and what you see plotted is its mean. On gray MNIST the
#   reconstruction lies between about 46 nats (perfect) and 206 (the average digit).
# - A layer with `add_loss` contributes the loss; metrics show its two parts; a β that
#   changes has to be a variable.
# - Every published loss has an effective β. Work it out before you compare.
# - Collapse is usually partial: count active units and look at the KL, not at the loss
#   or at samples alone.
# - Collapse is stable if β exceeds the largest eigenvalue, about 32 on MNIST. Then change
#   the objective. Otherwise run the controls, β near 0 and dead units, before you blame the
#   KL; then warm up or lower the learning rate.
# - `exp(z_log_var)` is where a VAE overflows.
#
# ## Where to go on
# - D. M. Blei, A. Kucukelbir, J. D. McAuliffe: [Variational Inference: A Review for
#   Statisticians](https://arxiv.org/abs/1601.00670), 2017. The ELBO without neural
#   networks; their "variational density" is our q, chosen for each data set and not
#   amortized.
# - J. Lucas, G. Tucker, R. Grosse, M. Norouzi: [Don't Blame the
#   ELBO!](https://arxiv.org/abs/1911.02469), 2019. The linear VAE, with proofs of what
#   section 7 computes; their observation noise σ² has the role of our β.
# - J. He, D. Spokoyny, G. Neubig, T. Berg-Kirkpatrick: [Lagging Inference Networks and
#   Posterior Collapse](https://arxiv.org/abs/1901.05534), 2019. Collapse as a matter of
#   training dynamics: train the encoder more at the beginning.
# - G. Loaiza-Ganem, J. P. Cunningham: [The continuous
#   Bernoulli](https://arxiv.org/abs/1907.06845), 2019. What cross-entropy as a density
#   of gray pixels leaves out.
#
# ## Where it comes from
# - D. P. Kingma, M. Welling: [Auto-Encoding Variational
#   Bayes](https://arxiv.org/abs/1312.6114), 2013. The bound, the "recognition model" (our
#   inference network), and the KL in closed form (appendix B).
# - I. Higgins and others: [β-VAE](https://openreview.net/forum?id=Sy2fzU9gl), ICLR 2017.
#   β on purpose.
# - Y. Burda, R. Grosse, R. Salakhutdinov: [Importance Weighted
#   Autoencoders](https://arxiv.org/abs/1509.00519), 2016. Active units.
# - S. R. Bowman and others: [Generating Sentences from a Continuous
#   Space](https://arxiv.org/abs/1511.06349), 2015. The KL warm-up, under the name of KL
#   cost annealing, and collapse behind a strong decoder.
# - C. K. Sønderby and others: [Ladder Variational
#   Autoencoders](https://arxiv.org/abs/1602.02282), 2016. Warm-up for images.
#
# [← Lesson 04: encoder and decoder](../04_encoder_decoder/04_encoder_decoder.ipynb) ·
# [Lesson 06: latent clustering →](../06_latent_clustering/06_latent_clustering.ipynb)
