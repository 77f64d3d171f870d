# %% [markdown]
# # 05 · The loss of a VAE: two forces, counted in nats
#
# **You will be able to**
# - write the two parts of the ELBO, and say in which unit each of them is;
# - build a loss layer that belongs to the model, with metrics that show the two parts apart;
# - train a VAE on MNIST in seconds and read its curves;
# - turn any published VAE loss into one number, its effective β;
# - recognize posterior collapse, name its cause, and rescue a model from it.
#
# **Time** about 90 minutes · **Points** 20 · **Builds on** lessons 02 to 04 · **Next**
# [lesson 06](../06_latent_clustering/06_latent_clustering.ipynb)
#
# The cells marked TO DO are yours. Under each stands a `check`: run it as often as you like.

# %%
import vaelab.quiet  # first, so that TensorFlow starts without its log lines

import math

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops
from scipy import stats

from autograder import check
from vaelab import datasets, plots
from vaelab.progress import LiveLine

keras.utils.set_random_seed(237)

# %% [markdown]
# ## 1 · Two forces
#
# A VAE wants to make the pictures it sees probable. How probable a picture $x$ is, $\log p(x)$, can't be computed: it
# would take an integral over all codes. But there is a number that is never larger and *can* be computed, the
# **evidence lower bound** (ELBO):
#
# $$\log p(x) \;\ge\; \underbrace{\mathbb{E}_{q(z|x)}\big[\log p(x|z)\big]}_{\text{how well the picture comes back}}
# \;-\; \underbrace{\mathrm{KL}\big(q(z|x)\,\|\,p(z)\big)}_{\text{how far the cloud is from the prior}} .$$
#
# In words: encode the picture to its cloud $q(z|x)$, draw a code from it, and see how well the decoder restores the
# picture; then pay for the difference between this cloud and the one they all share, the **prior**
# $p(z) = \mathcal{N}(0, I)$. We minimize the negative:
#
# $$\text{loss} = \text{reconstruction} + \beta \cdot \mathrm{KL}, \qquad \beta = 1 \text{ for the ELBO.}$$
#
# The two pull in opposite directions. Reconstruction wants clouds that are narrow and far apart, so that the decoder
# can tell them from one another. The KL wants every cloud to *be* the prior, so that none can be told from another. A
# toy shows the tug-of-war, because its optimum is known: five data points $x$, prior $\mathcal{N}(0, 1)$, and a decoder
# that gives back $z$ with a noise of variance ¼. Then the best cloud for $x$ has mean $x/(1 + \beta/4)$ and variance
# $\frac{\beta/4}{1 + \beta/4}$.

# %% tags=["skip-grading"]
grid = np.linspace(-3.6, 3.6, 500)
figure, axes = plt.subplots(1, 3, figsize=(11, 3.2))
for ax, beta in zip(axes, (0.04, 1, 40)):
    for x, style in zip((-2, -1, 0, 1, 2), ("-", "--", "-.", "--", "-")):
        cloud = stats.norm(x / (1 + beta / 4), np.sqrt(beta / 4 / (1 + beta / 4)))
        ax.plot(grid, cloud.pdf(grid), style, linewidth=1.8)
    ax.fill_between(grid, stats.norm.pdf(grid), color="#D9D9D9", label="prior")
    ax.set(xlabel="z", title=f"β = {beta:g}", yticks=[], ylim=(0, None))
axes[1].legend(loc="upper left", handlelength=1.2, bbox_to_anchor=(-0.02, 1.04))
plots.show(
    figure,
    alt="Three panels, each with the clouds of five data points and the prior in gray. At beta 0.04 five narrow "
    "spikes stand far apart. At beta 1 the clouds overlap in part and together fill the prior. At beta 40 all "
    "five lie on the prior, on top of one another.",
)

# %% [markdown]
# - **Left**, reconstruction wins: every point keeps its place, but between the spikes is nothing. A draw from the prior
#   would land in a hole (lesson 01).
# - **Middle**, the ELBO: neighbors overlap, and together they fill the prior.
# - **Right**, the KL wins: all clouds are the prior. The code tells nothing about the picture any more. This is
#   **posterior collapse**, and section 7 is about it.
#
# Which of the three you get depends on the *scale* of the two numbers you add. So we count both in the same unit: the
# **nat**, which is what natural logarithms of probabilities come in (one nat is $1/\ln 2 \approx 1.44$ bits).
#
# ## 2 · Reconstruction, in nats
#
# The decoder ends in a sigmoid: for each pixel it gives a number $r$ between 0 and 1. Read it as the probability of
# ink. If the true pixel is ink ($x=1$), the decoder gave it the probability $r$; if it is paper ($x = 0$), the
# probability $1-r$. The negative logarithm of both in one formula is the **binary cross-entropy**
#
# $$-\big(x \log r + (1 - x)\log(1 - r)\big),$$
#
# and as pixels are independent given the code, the probability of the picture is a product and its logarithm a **sum
# over all pixels**. Not a mean.
#
# MNIST has gray pixels as well, with $x$ anywhere in $[0, 1]$. There the formula is no longer the likelihood of
# anything simple, but it still has its minimum exactly at $r = x$, and so it is what nearly everybody uses. Keep in
# mind what that means: the numbers can be compared between models of the *same* pictures, but not with likelihoods of
# black-and-white MNIST.

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
    alt="Cross-entropy of one pixel against its reconstruction, for a pixel of 0, 0.3 and 1. Each curve has its "
    "minimum, marked by a dot, where the reconstruction equals the pixel. For 0 and 1 that minimum is zero, for "
    "0.3 it is about 0.6 nats. At the wrong end the curves go to infinity.",
)

# %% [markdown]
# Two things to see. A gray pixel costs something even when it is restored perfectly. And at the wrong end the curve
# goes to infinity: in float32 a sigmoid does reach exactly 0 or 1, and $\log 0$ would turn the whole training into NaN.
# So keep $r$ a tiny step away from both ends, such as $10^{-7}$; `ops.binary_crossentropy` does that by itself, and
# gives one number for each pixel.
#
# ### TO DO · `reconstruction-loss`
# Sum the cross-entropy over height, width and channels; keep the images apart.


# %% exercise="reconstruction-loss"
def reconstruction_loss(images, reconstructions):
    """Binary cross-entropy of each image, summed over its pixels, in nats.

    images, reconstructions: (batch, height, width, channels) in [0, 1]; finite at exactly 0 and 1 too.
    Returns (batch,).
    """
    ### BEGIN SOLUTION
    return ops.sum(ops.binary_crossentropy(images, reconstructions), axis=(1, 2, 3))
    ### END SOLUTION


# %% check="reconstruction-loss"
check("reconstruction-loss")

# %% [markdown]
# How large is this number on MNIST? Two marks help to read every result that follows: the **floor**, what a perfect
# reconstruction costs because of the gray pixels, and the **average digit**, what it costs to answer every picture with
# the same image, the mean of them all.

# %%
(first, _), (second, _) = datasets.load_mnist()
shuffled = np.random.default_rng(237).permutation(70_000)
digits = np.concatenate([first, second])[shuffled][..., None]  # (70000, 28, 28, 1), uint8
x_valid = digits[65_000:].astype("float32") / 255.0  # 5,000 held out; the other 65,000 are for training

average = np.broadcast_to(digits[:65_000].mean(axis=0, dtype="float32") / 255.0, x_valid.shape)
floor = float(ops.mean(reconstruction_loss(x_valid, x_valid)))
same_for_all = float(ops.mean(reconstruction_loss(x_valid, average)))
print(f"perfect reconstruction {floor:6.1f} nats per picture")
print(f"average digit          {same_for_all:6.1f} nats per picture")

# %% [markdown]
# So all that happens on gray MNIST happens between roughly 46 and 206 nats. Remember the second number: a model whose
# reconstruction stays there has learned to draw one picture.
#
# ## 3 · The KL, in closed form
#
# The Kullback–Leibler divergence compares two distributions by what a draw from the first says about them, on average:
#
# $$\mathrm{KL}(q\,\|\,p) = \mathbb{E}_{z\sim q}\big[\log q(z) - \log p(z)\big].$$
#
# It is 0 when the two are equal and positive otherwise. For a normal cloud and the prior $\mathcal{N}(0, I)$ the
# expectation can be worked out:
#
# $$\mathrm{KL} = \tfrac12 \sum_{i} \big(\sigma_i^2 + \mu_i^2 - 1 - \log \sigma_i^2\big).$$
#
# In words: each latent dimension pays for its distance from 0 (half its square), for being wider than 1 (the variance)
# and for being narrower than 1 (minus its logarithm). Dimensions are independent, so they **add up**.
#
# ### TO DO · `kl-divergence`
# One number for each image. Mind what `z_log_var` is the logarithm of.


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
# You need not believe a closed form: the definition is an average over draws, so draw. For one cloud, estimate the KL
# from more and more draws, with an error bar of two standard errors.

# %% tags=["skip-grading"]
mu, log_var = np.array([1.5, -0.5]), np.array([-2.0, 1.0])
exact = float(kl_divergence(ops.array([mu]), ops.array([log_var]))[0])

rng = np.random.default_rng(237)
q, p = stats.norm(mu, np.exp(0.5 * log_var)), stats.norm(0, 1)
figure, ax = plt.subplots(figsize=(7, 3.6))
for draws in (10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000):
    z = q.rvs((draws, 2), random_state=rng)
    log_ratio = (q.logpdf(z) - p.logpdf(z)).sum(axis=1)
    ax.errorbar(draws, log_ratio.mean(), 2 * log_ratio.std() / np.sqrt(draws), fmt="o", color="C0", capsize=4)
ax.axhline(exact, color="C1", label=f"closed form: {exact:.3f} nats")
ax.set(xscale="log", xlabel="draws", ylabel="KL (nats)")
ax.legend()
plots.show(
    figure,
    alt="Estimates of the KL from 10 to 100,000 draws with error bars. The bars shrink as the draws increase, and the "
    "estimates close in on the horizontal line of the closed form.",
)
print(f"closed form {exact:.4f}, {draws:,} draws {log_ratio.mean():.4f} ± {2 * log_ratio.std() / np.sqrt(draws):.4f}")

# %% [markdown]
# Ten draws leave half a nat of doubt, a hundred thousand give two or three digits, and the formula gives all of them
# for free. That is why the KL of a VAE isn't sampled, and why only the reconstruction needs a draw.
#
# ## 4 · A loss that belongs to the model
#
# `compile(loss=...)` wants a function of the targets and the outputs. Our loss needs four tensors, two of which
# (`z_mean`, `z_log_var`) are neither. Keras' way out: a layer may call `self.add_loss(number)` inside `call`, and
# training then minimizes the sum of all such numbers. The layer passes the reconstructions through; its only effect is
# the loss.
#
# Two further wishes. We want to *see* reconstruction and KL apart, because their sum hides all that can go wrong; a
# `keras.metrics.Mean` that the layer holds shows up in the training history under its own name. And we want to *change*
# β while the model trains (section 7). A traced model keeps a plain Python number for ever, so β has to be a variable:
# a weight that isn't trained.
#
# ### TO DO · `loss-layer`
# Write the layer with your two functions. Then `layer.beta.assign(0.5)` acts from the next batch on, and
# `float(layer.beta)` reads it.


# %% exercise="loss-layer"
class VAELossLayer(keras.layers.Layer):
    """Adds the loss of a VAE to the model: the mean over the batch of reconstruction + beta·KL, in nats.

    Called on [images, reconstructions, z_mean, z_log_var]. Returns the reconstructions unchanged.
    beta: weight of the KL; `layer.beta` is a scalar weight that isn't trained, with `assign`. Kept by save and load.
    Metrics: reconstruction_loss and kl_loss, means over the images; kl_loss is the KL itself, without beta.
    """

    def __init__(self, beta=1.0, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.beta = self.add_weight(
            shape=(), initializer=keras.initializers.Constant(beta), trainable=False, name="beta"
        )
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
        return {**super().get_config(), "beta": float(self.beta)}
        ### END SOLUTION


# %% check="loss-layer"
check("loss-layer")

# %% [markdown]
# ## 5 · Put together and trained
#
# The parts from earlier lessons, as they stand there: the sampler, the encoder and the decoder.


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
# Connect them: images → encoder → `Sampling` → decoder → your `VAELossLayer`, which you name `"vae_loss"`, so that it
# can be found again with `vae.get_layer("vae_loss")`. Compile with an optimizer and nothing else: the loss is in the
# model already. Use the encoder and decoder as you get them. They are trained inside the VAE, and afterwards you still
# have each of them in your hands.


# %% exercise="build-vae"
def build_vae(encoder, decoder, beta=1.0):
    """A VAE, images → reconstructions, compiled and ready for `fit(images)`.

    encoder: a model with outputs [z_mean, z_log_var]; decoder: a model from (batch, latent_dim) to images.
    beta: weight of the KL, handed to the VAELossLayer, whose name is "vae_loss".
    """
    ### BEGIN SOLUTION
    images = keras.Input(encoder.input_shape[1:], name="images")
    z_mean, z_log_var = encoder(images)
    reconstructions = decoder(Sampling(name="sampling")([z_mean, z_log_var]))
    outputs = VAELossLayer(beta, name="vae_loss")([images, reconstructions, z_mean, z_log_var])
    vae = keras.Model(images, outputs, name="vae")
    vae.compile(optimizer=keras.optimizers.Adam(1e-3), jit_compile=False)  # XLA is slower on a CPU
    return vae
    ### END SOLUTION


# %% check="build-vae"
check("build-vae")

# %% tags=["skip-grading"]
vae = build_vae(build_encoder(), build_decoder())
trained = sum(int(np.prod(weight.shape)) for weight in vae.trainable_weights)
print(f"parameters that are trained: {trained:,}")

# %% [markdown]
# ### A model for two cores
#
# The convolutional model has most of its work in the convolutions, and on a CPU an epoch of it takes minutes. Because
# `build_vae` takes *any* encoder and decoder, we first train a pair of Dense layers that learns as much in a fraction
# of the time.


# %% tags=["given"]
def dense(units):
    """A hidden layer: ReLU, with the initial weights that suit it."""
    return layers.Dense(units, activation="relu", kernel_initializer="he_normal")


def dense_pair(latent_dim=2):
    """(encoder, decoder) of Dense layers, with the same inputs and outputs as the convolutional pair."""
    images = keras.Input((28, 28, 1))
    h = dense(128)(dense(256)(layers.Flatten()(images)))
    z_mean, z_log_var = layers.Dense(latent_dim, name="z_mean")(h), layers.Dense(latent_dim, name="z_log_var")(h)
    z = keras.Input((latent_dim,))
    h = dense(256)(dense(128)(dense(128)(z)))
    pixels = layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(h))
    return keras.Model(images, [z_mean, z_log_var], name="encoder"), keras.Model(z, pixels, name="decoder")


class StepLog(keras.callbacks.Callback):
    """Keeps the reconstruction and the KL of every batch in `steps`."""

    def on_train_begin(self, logs=None):
        self.steps = []

    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()  # so that logs speak of this batch alone, not of the epoch so far

    def on_train_batch_end(self, batch, logs=None):
        self.steps.append((logs["reconstruction_loss"], logs["kl_loss"]))


# %% [markdown]
# Two epochs over 65,000 pictures. The learning rate climbs to 0.01 in the first tenth and then falls along a half
# cosine to 0: a high rate gets far quickly, and the low one at the end settles the noise.

# %% tags=["skip-grading"]
x_train = digits[:65_000].astype("float32") / 255.0
encoder, decoder = dense_pair()
vae = build_vae(encoder, decoder)
steps = 2 * 508  # two epochs of 508 batches
rate = keras.optimizers.schedules.CosineDecay(
    1e-3, decay_steps=steps - steps // 10, warmup_target=1e-2, warmup_steps=steps // 10
)
vae.compile(optimizer=keras.optimizers.Adam(rate), jit_compile=False)
log = StepLog()
history = vae.fit(
    x_train, batch_size=128, epochs=2, validation_data=(x_valid, None), callbacks=[log, LiveLine()], verbose=0
).history

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
for ax, curve, name in zip((left, right), np.array(log.steps).T, ("reconstruction_loss", "kl_loss")):
    ax.plot(curve, linewidth=0.8, label="training, each batch")
    ax.plot([508, 1016], history[f"val_{name}"], "ks--", label="held out, each epoch")
    ax.set(xlabel="step", ylabel=f"{name} (nats)")
left.axhline(same_for_all, color="gray", linestyle=":", label="average digit")
left.set(ylim=(125, 260), title="Reconstruction")
right.set(ylim=(0, 12), title="KL")
left.legend(), right.legend(loc="lower right")
plots.show(
    figure,
    alt="Left: reconstruction loss falls steeply below the line of the average digit in the first hundred steps, then "
    "slowly to about 140 nats; held-out values lie on the curve. Right: the KL rises and settles at about 6 "
    "nats.",
)

# %% [markdown]
# After a few wild steps at the start the curves mirror each other: the reconstruction falls as the KL rises, and every
# nat of KL buys about ten nats of reconstruction. Training and held-out values agree, so two epochs don't overfit.
# Now the result, with one number for the whole and one for each part:

# %% tags=["skip-grading"]
result = vae.evaluate(x_valid, batch_size=500, verbose=0, return_dict=True)
z_mean, z_log_var = encoder.predict(x_valid, batch_size=500, verbose=0)
per_dimension = 0.5 * (np.exp(z_log_var) + z_mean**2 - 1 - z_log_var).mean(axis=0)
print(
    f"held-out −ELBO {result['loss']:.1f} nats = "
    f"reconstruction {result['reconstruction_loss']:.1f} + KL {result['kl_loss']:.2f}"
)
print("KL of each latent dimension:", ", ".join(f"{kl:.2f}" for kl in per_dimension))

figure, axes = plt.subplots(2, 12, figsize=(11, 2.1))
for row, pictures in zip(axes, (x_valid, ops.convert_to_numpy(vae(x_valid[:12])))):
    for ax, picture in zip(row, pictures):
        ax.imshow(picture[:, :, 0], vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
axes[0, 0].set_ylabel("picture"), axes[1, 0].set_ylabel("comes back")
plots.show(
    figure,
    alt="Twelve held-out digits and what comes back of each: smooth and somewhat blurred. Many keep their shape, "
    "others come back as a digit that looks alike, a four as a nine, an eight as a three.",
)

# %% [markdown]
# What do these numbers tell?
#
# - The −ELBO lies just below 150 nats, within a nat or two from one start to another. The published convolutional lab
#   that lesson 04 took its architecture from reached 152.2 in our measurement, in five epochs and nearly eight minutes.
# - About 46 of these nats are the floor that no model gets below. Of the roughly 160 nats between floor and average
#   digit, two numbers per picture recover about 65.
# - The KL is about 6 nats. On average it bounds what a code can tell about its picture: at most 6 nats, or 9 bits,
#   enough to tell some 400 to 500 cases apart ($e^6 \approx 400$, $2^9 = 512$).
# - Both latent dimensions are in use. A dimension with a KL of nearly 0 tells nothing about the picture; with a larger
#   `latent_dim` you will meet some.
#
# ## 6 · What is your effective β?
#
# In published code the two parts are summed here and averaged there, with weights of all sizes in front. Two losses
# that differ by a factor have the same optimum (and Adam, which divides by the size of the gradient, hardly notices the
# factor). What counts is the *ratio* of the two parts. So bring every loss into one form, in which a **summed**
# reconstruction has the weight 1:
#
# $$\text{loss} \;\propto\; \text{summed reconstruction} + \beta_{\text{eff}} \cdot \text{summed KL}.$$
#
# A mean over $n$ pixels is $1/n$ of their sum; a mean over $d$ latent dimensions is $1/d$ of theirs. For example, this
# line is the loss of the published lab:
#
# ```python
# loss = mean(binary_crossentropy(x, r)) - 5e-4 * mean(1 + z_log_var - square(z_mean) - exp(z_log_var))
# ```
#
# Its KL stands there without the ½, so −5e-4 · mean(…) is 1e-3 times the averaged KL: "mean" for both parts, and a
# weight of 1e-3.
#
# ### TO DO · `effective-beta`
# Write the conversion.


# %% exercise="effective-beta"
def effective_beta(n_pixels, latent_dim, reconstruction, kl, weight):
    """β of a VAE loss, once it is written as summed reconstruction + β · summed KL.

    reconstruction, kl: "sum" or "mean", over the n_pixels pixels and the latent_dim latent dimensions.
    weight: stands before the KL with its ½ inside; 1e-3 for a published -5e-4·mean(1 + …). Returns a float.
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
# Here are five losses as one finds them, and the β each of them really uses, for three sizes of the code.

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
    betas = [effective_beta(784, latent_dim, reconstruction, kl, weight) for latent_dim in (2, 8, 32)]
    print(f"{name:<26}{betas[0]:>14.4g}{betas[1]:>10.4g}{betas[2]:>10.4g}")

# %% [markdown]
# From a few hundredths to several hundred. Two readings of the table:
#
# - **Down a column**: the same model, the same data, and by an innocent `mean` the KL weighs 784 times as much. Such a
#   loss doesn't compute an ELBO; its value can't be compared with anyone else's.
# - **Along a row with a mean over the latent dimensions**: β falls as the code grows. Whoever compares `latent_dim` 2
#   with 8 there compares two β as well, without knowing.
#
# Choosing β other than 1 on purpose is fine, and has a name (β-VAE). Not knowing your β isn't.
#
# ### Find the bug
#
# The published lab's first epoch reported a mean loss of 221,074, in a training that otherwise stays below 1. Read its
# loss above once more before you go on: which term can do that?

# %%
# What one entry has to reach to lift the mean over 65,000 pictures and 2 dimensions by itself:
excess = 221_074 * 65_000 / (5e-4 / 2)
print(f"one entry with exp(z_log_var) = {excess:.1e} is enough, that is, z_log_var = {np.log(excess):.1f}")
print(f"{'z_log_var':>9}{'exp, float32':>16}{'KL (nats)':>14}")
with np.errstate(over="ignore"):
    for log_var in np.array([0, 5, 10, 30, 88, 89], "float32"):
        kl = 0.5 * (np.exp(log_var) - 1 - log_var)
        print(f"{log_var:>9.0f}{np.exp(log_var):>16.3g}{kl:>14.3g}")

# %% [markdown]
# It is `exp(z_log_var)`. A head without activation may give any number, and *one* picture of 65,000 with a `z_log_var`
# of about 32 produces the whole 221,074. Just before 89 the exponential leaves float32 altogether; one such picture
# makes the loss infinite, its gradient NaN, and the model is lost. It happens early, while the learning rate is high
# and the heads are still wild. What helps, gentlest first: let the learning rate rise slowly (as above); `clipnorm=` in
# the optimizer; start the `z_log_var` head at zero (`kernel_initializer="zeros"`), so that every cloud starts at
# variance 1.
#
# ## 7 · The collapse lab
#
# **Posterior collapse** means that $q(z|x)$ equals the prior for every picture: KL 0, and the decoder, which learns
# nothing from the code, answers with the average digit. You recognize it by two numbers, a KL near 0 and a
# reconstruction near 206 nats, and at one look at the pictures. It comes in two kinds:
#
# 1. **The objective wants it.** With an effective β in the hundreds, collapse *is* the best solution.
# 2. **Training falls into it.** At β = 1 the best solution isn't collapsed, but the start is dangerous: the decoder
#    can't use the code yet, so the code brings nothing, while the KL costs right away. The cheapest first step is to
#    give the code up, and the way back may be long.
#
# Against the second kind helps a **KL warm-up**: begin with β = 0, so that a code costs nothing while the decoder
# learns to read it, and raise β to its target afterwards.
#
# ### TO DO · `warm-up`
# Write it as a [callback](https://keras.io/api/callbacks/base_callback/). Keras calls
# `on_train_batch_begin(batch, logs)` before every batch, but its `batch` starts at 0 again with each epoch: count the
# steps yourself.


# %% exercise="warm-up"
class KLWarmup(keras.callbacks.Callback):
    """Raises beta in a straight line from 0 to `target` over the first `steps` batches of the training.

    layer: has a variable `beta`, such as a VAELossLayer. Batch n, counted from 0 over all epochs, is trained
    with beta = target · min(1, n / steps).
    """

    def __init__(self, layer, steps, target=1.0):
        super().__init__()
        ### BEGIN SOLUTION
        self.layer = layer
        self.steps = steps
        self.target = target
        self.step = 0
        ### END SOLUTION

    def on_train_batch_begin(self, batch, logs=None):
        ### BEGIN SOLUTION
        self.layer.beta.assign(self.target * min(1.0, self.step / self.steps))
        self.step += 1
        ### END SOLUTION


# %% check="warm-up"
check("warm-up")

# %% [markdown]
# Now the lab. In our measurements the convolutional model of lesson 4 fell into this trap at β = 1 (Adam at 2e-3, two
# epochs of all pictures: 206.6 nats, KL 0.001), though not from every start, and it took minutes. To see it in seconds
# and every time, we make the trap deeper. The decoder gets two hidden layers of *sigmoid* units, as older code has
# them: a sigmoid passes at most a quarter of a gradient, so this decoder learns slowly to read its code. And β is 4. We
# train three times, alike but for β: at 4 from the start; at 4 after a warm-up; and, with a warm-up too, at the 784 of
# "mean + sum" in the table above.


# %% tags=["skip-grading"]
def slow_pair():
    """(encoder, decoder): the encoder of section 5, and a decoder of sigmoid layers that learns slowly at first."""
    encoder, _ = dense_pair()
    z = h = keras.Input((2,))
    for units in (64, 256):
        h = layers.Dense(units, activation="sigmoid")(h)
    pixels = layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(h))
    return encoder, keras.Model(z, pixels, name="decoder")


# One model serves all three runs; each sets its variables back to this start, those of the optimizer too.
keras.utils.set_random_seed(237)
lab = build_vae(*slow_pair())
lab.compile(optimizer=keras.optimizers.Adam(3e-3), jit_compile=False)
lab.optimizer.build(lab.trainable_variables)
state = lab.variables + lab.optimizer.variables
start = [ops.convert_to_numpy(variable) for variable in state]


def lab_run(name, beta, warm_up):
    """Train once: (reconstruction and KL of each step, held-out result, reconstructions of ten digits)."""
    for variable, value in zip(state, start):
        variable.assign(value)
    loss_layer = lab.get_layer("vae_loss")
    loss_layer.beta.assign(beta)
    log = StepLog()
    callbacks = [log, LiveLine(name)]
    if warm_up:
        callbacks.append(KLWarmup(loss_layer, steps=160, target=beta))
    keras.utils.set_random_seed(237)  # the same batches too
    lab.fit(x_train[:2560], batch_size=32, epochs=3, callbacks=callbacks, verbose=0)
    held_out = lab.evaluate(x_valid[:1000], batch_size=100, verbose=0, return_dict=True)
    return np.array(log.steps), held_out, ops.convert_to_numpy(lab(x_valid[:10]))


# %% tags=["skip-grading"]
settings = {  # name: (beta, warm_up)
    "β = 4 from the start": (4.0, False),
    "β = 4 after a warm-up": (4.0, True),
    "β = 784 after a warm-up": (784.0, True),
}
runs = {name: lab_run(name, *setting) for name, setting in settings.items()}
for name, (_, held_out, _) in runs.items():
    print(f"{name:<24} reconstruction {held_out['reconstruction_loss']:6.1f}   KL {held_out['kl_loss']:6.3f} nats")

# %% tags=["skip-grading"]
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
for (name, (steps, _, _)), style in zip(runs.items(), ("-", "--", ":")):
    smooth = np.convolve(steps[:, 0], np.ones(10) / 10, mode="valid")  # means over 10 steps
    left.plot(np.arange(len(smooth)) + 5, smooth, style, label=name)
    right.semilogy(np.maximum(steps[:, 1], 1e-5), style, label=name)
left.axhline(same_for_all, color="gray", linewidth=0.8, label="average digit")
left.set(xlabel="step", ylabel="reconstruction (nats)", ylim=(180, 260))
right.set(xlabel="step", ylabel="KL (nats)")
left.legend()
plots.show(
    figure,
    alt="Left: reconstruction of the three runs against the line of the average digit; only the run with beta 4 after "
    "a warm-up gets below it. Right: its KL dips to a tenth of a nat and climbs "
    "to about 1, while that of the run without a warm-up falls below a thousandth and stays there, and that of the "
    "run towards beta 784 falls to nearly nothing.",
)

figure, axes = plt.subplots(4, 10, figsize=(10, 4.2))
for row, (name, pictures) in zip(axes, [("picture", x_valid), *((name, run[2]) for name, run in runs.items())]):
    for ax, picture in zip(row, pictures):
        ax.imshow(picture[:, :, 0], vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    row[0].set_ylabel(name.replace(" ", "\n").replace("β\n=\n", "β = "), rotation=0, ha="right", va="center")
plots.show(
    figure,
    alt="Ten digits and what comes back in each run. Without a warm-up, and with beta 784, the same gray blur ten "
    "times: the average digit. With beta 4 after a warm-up, blurred shapes that differ from picture to picture.",
)

# %% [markdown]
# Compare the first two rows of the printed table: the same model, the same objective, the same steps. Without a warm-up
# the KL fell below a few hundredths of a nat and the decoder answers with one and the same blur. With it, the code
# carries about a nat and the reconstruction is some ten nats below the average digit. (Our decoder is slow on
# purpose, so the digits are still crude; the model of section 5 shows what two numbers can do.) In five starts out of
# five it went this way when we wrote the lesson. Given many more steps the first run may find its way out of the trap;
# the warm-up is there so that it needn't.
#
# The third row is the other kind. Its warm-up ran just as well, but to a β of 784, where collapse is what the objective
# asks for: every nat of code would have to bring 784 nats of reconstruction. No schedule helps there. **So first work
# out your effective β, then think about schedules.**
#
# ### The published architecture, short
#
# And the 550,629 parameters of lesson 4? Here a warm-up is not the best remedy: with β = 0 and small batches the
# convolutional encoder throws its clouds so far out (a KL of hundreds or thousands of nats in our trials) that the
# model doesn't recover in time. What helps it is the simplest thing, a **lower learning rate**: at 2e-3 some starts
# collapsed, at 1e-3 and batches of 16 or more none of ours did. A full training takes minutes, so here the model sees
# 1,536 pictures twice, in small batches: enough to tell a model that learns from one that collapsed, not enough for a good one.

# %% tags=["skip-grading"]
keras.utils.set_random_seed(237)
conv = build_vae(build_encoder(), build_decoder())  # compiled with Adam at 1e-3
conv.fit(x_train[:1536], batch_size=16, epochs=2, callbacks=[LiveLine()], verbose=0)
result = conv.evaluate(x_valid[:1000], batch_size=100, verbose=0, return_dict=True)
print(
    f"held-out −ELBO {result['loss']:.1f} nats = "
    f"reconstruction {result['reconstruction_loss']:.1f} + KL {result['kl_loss']:.2f}"
)

# %% [markdown]
# A KL of a few nats and a reconstruction below the average digit: it learns. All of `x_train` takes minutes, so the next
# cell, a **long** one, does it only if you say so.

# %% tags=["skip-grading"]
LONG = False  # True: all pictures, two epochs; several minutes on two cores

if LONG:
    keras.utils.set_random_seed(237)
    conv = build_vae(build_encoder(), build_decoder())
    conv.fit(x_train, batch_size=128, epochs=2, callbacks=[LiveLine()], verbose=0)
    result = conv.evaluate(x_valid, batch_size=500, verbose=0, return_dict=True)
    print(
        f"held-out −ELBO {result['loss']:.1f} nats = "
        f"reconstruction {result['reconstruction_loss']:.1f} + KL {result['kl_loss']:.2f}"
    )

# %% [markdown]
# When we ran it, it ended at a held-out −ELBO of 168 nats with a KL of 4.7: not collapsed, and still on its way down. The
# same two epochs at 2e-3 ended at 206.6 nats with a KL of 0.001. And the published training (five epochs, batches of 16,
# its own β of 0.392) reached 152.2, in 465 s on two free cores.

# %% [markdown]
# ## 8 · Read the curves
#
# Three other runs, by three people, recorded once so that everybody reads the same numbers (means over 32 steps each).
# All three used the same 8,192 pictures and the same model with two latent dimensions. The loss is what each training
# reported, so B, who averages the cross-entropy over the 784 pixels and sums the KL, has another scale. C uses a KL
# warm-up.

# %% tags=["skip-grading"]
recorded = {  # (loss as reported, KL in nats)
    "A": (
        [286.8, 199.4, 190.0, 185.0, 180.9, 177.1, 177.3, 174.3, 172.2, 169.0, 170.1, 167.3],
        [4.09, 4.82, 4.82, 4.84, 4.85, 4.92, 4.67, 4.80, 4.81, 4.93, 4.91, 5.06],
    ),
    "B": (
        [0.4742, 0.2895, 0.2768, 0.2682, 0.2660, 0.2660, 0.2658, 0.2655, 0.2644, 0.2648, 0.2649, 0.2646],
        [0.0777, 0.0042, 0.0024, 0.0016, 0.0011, 0.0009, 0.0007, 0.0006, 0.0005, 0.0004, 0.0004, 0.0003],
    ),
    "C": (
        [282.2, 194.6, 185.9, 181.3, 179.4, 176.0, 177.1, 175.0, 172.8, 169.9, 170.5, 168.6],
        [5.30, 7.54, 6.63, 6.28, 5.90, 5.61, 5.11, 4.98, 4.94, 4.97, 4.98, 4.99],
    ),
}
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
    alt="Loss and KL of three runs. All three losses fall steeply and then level off: A from 287 to 167, B from 0.474 "
    "to 0.265, C from 282 to 169. The KL of A stays near 5, that of B is nearly 0 throughout, that of C falls "
    "from 7.5 and settles at 5.",
)

# %% [markdown]
# ### TO DO · `written-collapse`
# In three to six sentences: Which run collapsed, and which numbers tell you so? Why do you not see it in the shape of
# its loss curve? What would you change first, would a KL warm-up help, and how would you know that your change worked?

# %% [markdown] written="written-collapse" points=2
# *Your answer:*
#
# ### BEGIN SOLUTION
# Run B collapsed: its KL is nearly 0 all the time, and its loss of 0.265 a pixel is 0.265 · 784 ≈ 207 nats, what the
# average digit costs. C did not: its KL falls only because β rises, and settles at 5 nats. B's curve falls like any
# other, because going from a gray start to the average digit is most of the way down; its scale hides where it ends.
# With mean cross-entropy and summed KL the effective β is 784, so collapse is the optimum, and a warm-up to that β
# would end there as well. Sum over the pixels (or divide the KL by 784); it worked if the KL stays at a few nats *and*
# the reconstruction falls well below 206.
#
# **Rubric (2 points)**
# - ½ names run B, from its KL near 0 or from its reconstruction at the level of the average digit (0.265 · 784 ≈ 207)
# - ½ does *not* take C for collapsed: its KL falls with the rising β but settles well above 0
# - ½ the loss falls in every run, because learning the average digit alone brings most of the drop (or: the scale, or
#   the sum of two parts, hides it)
# - ½ the remedy fits the cause: effective β is 784, so change the objective, a warm-up to that β can't help; it worked
#   if the KL stays above 0 *and* the reconstruction falls below the average digit
# ### END SOLUTION

# %% [markdown]
# ## What to take along
# - −ELBO = reconstruction + KL, both in nats: sum over pixels, sum over latent dimensions, mean over the batch only.
# - On gray MNIST the reconstruction lies between about 46 nats (perfect) and 206 (the average digit for all).
# - A layer with `add_loss` brings the loss along; metrics show its two parts apart; a β that changes has to be a
#   variable.
# - Every published loss has an effective β. Work it out before you compare.
# - Collapse: KL near 0, average digits. If β is too large, change the objective; if training fell into it, warm up, or
#   lower the learning rate. Look at the KL, not at the loss, to see what helped.
# - `exp(z_log_var)` is the place where a VAE overflows.
#
# ## Where it comes from
# - D. P. Kingma, M. Welling: [Auto-Encoding Variational Bayes](https://arxiv.org/abs/1312.6114), 2013. The bound, and
#   the KL in closed form (appendix B).
# - I. Higgins and others: [β-VAE](https://openreview.net/forum?id=Sy2fzU9gl), ICLR 2017. β on purpose.
# - S. R. Bowman and others: [Generating Sentences from a Continuous Space](https://arxiv.org/abs/1511.06349), 2015. The
#   KL warm-up, under the name of KL cost annealing.
# - C. K. Sønderby and others: [Ladder Variational Autoencoders](https://arxiv.org/abs/1602.02282), 2016. Warm-up for
#   pictures.
# - J. Lucas and others: [Don't Blame the ELBO!](https://arxiv.org/abs/1911.02469), 2019. When collapse is the
#   objective's doing and when it is training's.
# - G. Loaiza-Ganem, J. P. Cunningham: [The continuous Bernoulli](https://arxiv.org/abs/1907.06845), 2019. What
#   cross-entropy on gray pixels leaves out.
#
# [← Lesson 04: encoder and decoder](../04_encoder_decoder/04_encoder_decoder.ipynb) ·
# [Lesson 06: latent clustering →](../06_latent_clustering/06_latent_clustering.ipynb)
