# %% [markdown]
# # 07 · A VAE as a class: one object that builds, trains and plots itself
#
# **You will be able to**
# - wrap a whole model in one `keras.Model`, with training and test steps of your own;
# - report the parts of a loss, not only their sum, and average them fairly over images;
# - recognize a collapsed VAE from its curves, although its loss falls nicely;
# - say why averaging over pixels makes it collapse, predict from the data which weight
#   of the KL does, and fix it;
# - say which cures for posterior collapse help against a wrong loss, and which don't.
#
# **Time** about 75 minutes · **Points** 20 · **Builds on** lessons 02 and 05 ·
# **Next** [lesson 08](../08_fashion_mnist/08_fashion_mnist.ipynb)
#
# You complete the cells marked TO DO. Each is followed by a `check` that you can run as
# often as you like.

# %%
import vaelab.quiet  # first, so that TensorFlow starts without its log lines

import tempfile

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
# ## 1 · A class that grows from cell to cell
#
# Much published code packs a VAE into one class: build it, compile it, train it, plot
# it. Using such a class takes four lines. Writing it takes more care, and that is your
# part today. The model is the plainest one there is: Dense layers on images laid out as
# vectors of 784 pixels.
#
# A class of several methods doesn't fit into one cell, so this one grows. The decorator
# below turns the function under it into a method of a class that already exists:
#
# ```python
# @method_of(VariationalAutoencoder)
# def describe(self): ...  # from now on each model has the method .describe()
# ```
#
# Keep the `@method_of(...)` line above each method that you write. Without it you
# define a function that the class doesn't know. When you correct a method and run its
# cell again, every model that you have uses the new version at once. (One exception:
# `fit` keeps a step that it has already compiled until you call `compile` again.) If
# you run the cell of the class again, run the cells of its methods again, too.


# %% tags=["given"]
def method_of(cls):
    """Decorator: make the function below it a method of `cls`."""

    def attach(function):
        setattr(cls, function.__name__, function)
        return function

    return attach


# %% [markdown]
# Here is what everyone starts from. `keras.Model` contributes `fit`, `evaluate` and
# `save`. Three *trackers* keep running means over an epoch; Keras resets everything
# that `metrics` lists when an epoch begins. `build` is where Keras expects a model to
# create its weights. It calls two methods that don't exist yet. The line above the
# class and `get_config` let Keras save a model of this class and load it again (lesson
# 02).


# %% tags=["given"]
@keras.saving.register_keras_serializable(package="vaelab")
class VariationalAutoencoder(keras.Model):
    """A dense VAE for images laid out as vectors, with pixels between 0 and 1.

    input_shape: (number of pixels,). latent_dim: dimensions of the latent space.
    intermediate_dim: units of the hidden layers.
    """

    def __init__(self, input_shape=(784,), latent_dim=2, intermediate_dim=512, **more):
        super().__init__(**more)
        self.n_pixels = input_shape[0]
        self.latent_dim, self.intermediate_dim = latent_dim, intermediate_dim
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction_loss")
        self.kl_tracker = keras.metrics.Mean(name="kl_loss")

    def get_config(self):
        config = {**super().get_config(), "input_shape": (self.n_pixels,)}
        config["latent_dim"] = self.latent_dim
        return {**config, "intermediate_dim": self.intermediate_dim}

    @property
    def metrics(self):
        return [self.loss_tracker, self.reconstruction_tracker, self.kl_tracker]

    def build(self, input_shape):
        if input_shape[-1] != self.n_pixels:
            raise ValueError(f"{input_shape[-1]} pixels; the model has {self.n_pixels}")
        self.encoder, self.decoder = self.build_encoder(), self.build_decoder()

    def call(self, images, training=False):
        _, _, z = self.encoder(images, training=training)
        return self.decoder(z, training=training)

    def report(self, reconstruction, kl):
        """Add the losses of images to the running means; return these by name."""
        losses = reconstruction + kl, reconstruction, kl
        for tracker, values in zip(self.metrics, losses, strict=True):
            tracker.update_state(values)
        return self.get_metrics_result()


# %% [markdown]
# The encoder ends in a random sample. You wrote that layer in lesson 02.


# %% tags=["given"]
# From lesson 2: reparameterize

# %% tags=["given"]
# From lesson 2: sampling

# %% [markdown]
# ## 2 · The encoder and the decoder
#
# The encoder has one hidden Dense layer with ReLU and two Dense heads on it *without*
# activation. A `Sampling` layer takes both heads and returns $z$:
#
# ```python
# z = Sampling()([z_mean, z_log_var])
# model = keras.Model(inputs, [output_1, output_2, output_3])  # three outputs, in order
# ```
#
# Take the sizes from `self`: `self.n_pixels`, `self.latent_dim` and
# `self.intermediate_dim`. The check also builds a model for 12 pixels and 3 dimensions.
#
# ### TO DO · `class-encoder`
# Return a functional model with three outputs. Don't store it: `build` does that.
#
# Stuck? Run `hint("class-encoder")` in a cell of its own.


# %% exercise="class-encoder"
@method_of(VariationalAutoencoder)
def build_encoder(self):
    """Model from images (n, n_pixels) to [z_mean, z_log_var, z], each (n, latent_dim).

    Layers: Dense of intermediate_dim units with ReLU, two Dense heads, Sampling.
    """
    ### BEGIN SOLUTION
    images = keras.Input((self.n_pixels,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(images)
    z_mean = layers.Dense(self.latent_dim, name="z_mean")(hidden)
    z_log_var = layers.Dense(self.latent_dim, name="z_log_var")(hidden)
    z = Sampling()([z_mean, z_log_var])
    return keras.Model(images, [z_mean, z_log_var, z], name="encoder")
    ### END SOLUTION


# %% check="class-encoder"
check("class-encoder")

# %% [markdown]
# The decoder maps a latent vector to pixels, and a pixel lies between 0 and 1.
#
# ### TO DO · `class-decoder`
# Return a functional model with one hidden layer.
#
# Stuck? Run `hint("class-decoder")` in a cell of its own.


# %% exercise="class-decoder"
@method_of(VariationalAutoencoder)
def build_decoder(self):
    """Model from z (n, latent_dim) to images (n, n_pixels), pixels between 0 and 1.

    Layers: Dense of intermediate_dim units with ReLU, Dense with a sigmoid.
    """
    ### BEGIN SOLUTION
    z = keras.Input((self.latent_dim,))
    hidden = layers.Dense(self.intermediate_dim, activation="relu")(z)
    pixels = layers.Dense(self.n_pixels, activation="sigmoid")(hidden)
    return keras.Model(z, pixels, name="decoder")
    ### END SOLUTION


# %% check="class-decoder"
check("class-decoder")

# %% [markdown]
# ## 3 · A training step as you find it
#
# `fit` cuts the images into batches and hands each batch to `train_step`. What happens
# there is up to the class. Below is a step as it stands in many tutorials:
#
# 1. under a `GradientTape`, encode and decode the images and compute the loss;
# 2. ask the tape for the gradients of the loss;
# 3. let the optimizer apply them to the weights;
# 4. report.


# %%
class PublishedVAE(VariationalAutoencoder):
    """Our model with a training step as it stands in much published code."""

    def train_step(self, images):
        with tf.GradientTape() as tape:
            z_mean, z_log_var, z = self.encoder(images)
            cross_entropy = keras.losses.binary_crossentropy(images, self.decoder(z))
            reconstruction = ops.mean(cross_entropy)
            kl = 1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var)
            kl = ops.mean(-0.5 * ops.sum(kl, axis=1))
            loss = reconstruction + kl
        variables = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return self.report(reconstruction, kl)


# %% [markdown]
# Train it on a part of MNIST, laid out as vectors. (This takes 3 to 6 seconds.)

# %%
(x_train, _), (x_test, y_test) = datasets.load_mnist()
x_train = x_train[:10_000].reshape(-1, 784).astype("float32") / 255
x_test = x_test.reshape(-1, 784).astype("float32") / 255
EPOCHS, BATCH, RATE = 3, 128, 3e-3
fast = {"jit_compile": False, "steps_per_execution": 8}  # as in lesson 05

# %% tags=["skip-grading"]
keras.utils.set_random_seed(237)
published = PublishedVAE()
published.build((None, 784))
published.compile(keras.optimizers.Adam(RATE), **fast)
options = {"epochs": EPOCHS, "batch_size": BATCH, "verbose": 0}
published_history = published.fit(x_train, callbacks=[LiveLine()], **options).history

epochs = np.arange(1, EPOCHS + 1)
figure, axes = plt.subplots(1, 3, figsize=(10.5, 3.2))
names = ("loss", "reconstruction_loss", "kl_loss")
for ax, name, color in zip(axes, names, ("C0", "C1", "C2"), strict=True):
    ax.plot(epochs, published_history[name], "o-", color=color)
    ax.set(xlabel="epoch", title=name, xticks=epochs)
axes[0].set_ylabel("value as reported")
axes[2].set_yscale("log")
figure.set_layout_engine("constrained")
plots.show(
    figure,
    alt="Three curves over the epochs. The loss falls and levels off, and so does the "
    "reconstruction loss. The KL loss, on a logarithmic axis, falls by orders of "
    "magnitude to almost nothing.",
)
last = {name: values[-1] for name, values in published_history.items()}
print(f"last epoch: loss {last['loss']:.4f}, of it KL {last['kl_loss']:.6f}")

# %% [markdown]
# The loss falls and levels off: that is what training usually looks like. Now look at
# reconstructions. As in lesson 06, they decode the posterior mean `z_mean`, without
# noise.

# %% tags=["skip-grading"]
z_mean, _, _ = published.encoder(x_test[:8])
decoded = ops.convert_to_numpy(published.decoder(z_mean))
figure, axes = plt.subplots(2, 8, figsize=(8, 2.3))
for image, reconstruction, column in zip(x_test[:8], decoded, axes.T, strict=True):
    column[0].imshow(image.reshape(28, 28), vmin=0, vmax=1)
    column[1].imshow(reconstruction.reshape(28, 28), vmin=0, vmax=1)
for ax in axes.flat:
    ax.axis("off")
plots.show(
    figure,
    alt="Eight different digits in the upper row. Under each the same gray blot: the "
    "reconstructions do not depend on the image.",
)

# %% [markdown]
# Stop here for a moment. One of the three curves showed the failure before any image
# did. Which one, and what does it say?
#
# <details><summary>Answer</summary>
#
# The KL loss. It is nearly 0 after the last epoch, so $q_\phi(z|x)$ is the prior for
# every image, and $z$ says nothing about any of them.
#
# </details>
#
# ## 4 · Why it collapsed: what a nat of KL costs, and what it earns
#
# The KL is what the encoder spends on telling images apart. At 0 nats each image has
# the same approximate posterior, $\mathcal{N}(0, I)$: this is *posterior collapse*
# (lesson 05). A decoder that gets no information from $z$ outputs the average image.
#
# So why did the encoder save where it should have spent? Look at the price. Averaging
# over 784 pixels divides the reconstruction loss by 784. Multiply the whole loss by
# 784, which changes no minimum, and you have the summed reconstruction plus 784 times
# the KL. The effective β is 784.
#
# Then look at what the first information could earn. Near collapse all codes are
# small, and the decoder is linear in $z$. There the calculation can be done by hand
# (lesson 05): a nat of KL lowers the summed reconstruction loss by at most $\lambda$
# nats. $\lambda$ is the largest eigenvalue of the covariance of the pixels, each pixel
# divided by $\sqrt{p(1-p)}$, where $p$ is its mean. If $\beta > \lambda$, no small step
# away from collapse pays: collapse is *locally stable*.
#
# <details><summary>The calculation</summary>
#
# Let $s$ be the coordinate of an image along the first eigenvector, so that
# $\mathbb{E}[s] = 0$ and $\mathbb{E}[s^2] = \lambda$. Encode it with mean $\mu = a s$
# for a small $a$, and let the decoder add $c z$ times that eigenvector to the logits,
# in units of $1/\sqrt{p(1-p)}$. To second order the expected log-likelihood grows by
# $c\,a\,\lambda - \frac12 c^2$. The best $c$ is $a\lambda$, which earns
# $\frac12 a^2\lambda^2$. The KL costs
# $\frac12\mathbb{E}[\mu^2] = \frac12 a^2\lambda$. The ratio is $\lambda$.
#
# </details>

# %% tags=["skip-grading"]
mean = x_train.mean(axis=0)
coin = mean * (1 - mean)  # the variance of a coin with this mean
varies = coin > 0
scaled = (x_train - mean)[:, varies] / np.sqrt(coin[varies])
slope = np.linalg.eigvalsh(scaled.T @ scaled / len(x_train))[-1]


def cross_entropy(x, p):
    """Binary cross-entropy of an image x and probabilities p, in nats, on average."""
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -np.mean(np.sum(x * np.log(p) + (1 - x) * np.log(1 - p), axis=-1))


collapsed, perfect = cross_entropy(x_train, mean), cross_entropy(x_train, x_train)
print(f"near collapse a nat of KL earns at most {slope:.1f} nats, and costs 784")
print(f"reconstruction loss of the average image: {collapsed:.0f} nats")
print(f"reconstruction loss of the images themselves: {perfect:.0f} nats")
most = collapsed - perfect
print(f"so no code earns more than {most:.0f} nats, the price of {most / 784:.2f} nats")

# %% [markdown]
# Near collapse a nat of KL earns at most about 33 nats, and the published loss charges
# 784 for it. What about a large step instead of a small one? Even the images themselves
# have a reconstruction loss, because most MNIST images contain gray pixels. So no code
# can earn more than the difference to the average image. At 784 nats for each nat of
# KL, all of that pays for about 0.2 nats. A perfect reconstruction would need far more:
# to tell 10,000 images apart takes ln 10,000, which is 9.2 nats. For the loss as
# written, giving up is not a failure of the training. Section 6 tests that.
#
# How does such a loss come about? Look at the call:
#
# | images of shape | `keras.losses.binary_crossentropy(x, r)` | which means |
# |---|---|---|
# | `(n, 28, 28, 1)` | `(n, 28, 28)` | "averaged" over one channel: nothing happened yet |
# | `(n, 784)` | `(n,)` | averaged over all pixels |
#
# It averages over the **last axis**, silently. The usual sum over the two other axes is
# right for images with a channel. Lay the same images out as vectors, and the average
# is over all pixels. ([`ops.binary_crossentropy`](https://keras.io/api/ops/nn/)
# averages over nothing and returns one number for each pixel.)
#
# The published step has four more weaknesses:
#
# - There is no `test_step`, so `fit` can't measure a held-out loss.
# - It reports the mean of each *batch*: a last batch of 16 images counts as much as a
#   full one of 128.
# - It calls both networks without `training=True`. Layers such as Dropout then behave
#   as in a test.
# - It ignores `self.losses`, where Keras collects the penalties of the layers.
#
# Your steps do better. This is what you need for them:
#
# ```python
# z_mean, z_log_var, z = self.encoder(images, training=True)  # in a training step
# loss = ops.mean(reconstruction + kl) + sum(self.losses)  # sum([]) is 0: no penalties
# self.optimizer.apply(gradients, variables)  # two lists in the same order
# ```
#
# `self.losses` holds the penalties of the last forward pass, so take it under the tape.
# Penalties belong to the loss that is trained. They are no part of what is reported:
# the reported loss stays the sum of reconstruction and KL, which estimates −ELBO.
#
# To average fairly, hand `report` one number for each image. A tracker that gets a
# vector gives each entry the same weight:
#
# ```python
# tracker = keras.metrics.Mean()
# tracker.update_state([1.0, 1.0, 1.0]), tracker.update_state([5.0])
# tracker.result()  # 2.0, the mean of four; the mean of the two means would be 3.0
# ```
#
# ### TO DO · `class-loss`
# Write the losses of each image, a training step and a test step.
#
# - `image_losses`: decode the encoder's $z$, not `z_mean`. The cross-entropy is
#   **summed** over pixels, the KL over latent dimensions. The check uses models of
#   other sizes, such as 12 pixels and 3 latent dimensions, so take every size from the
#   model or the arrays. Hand `training` on to both networks.
# - `train_step`: train all weights, with `training=True`, on the mean over images, with
#   the penalties.
# - `test_step`: measure with `training=False`, and change no weight.
#
# Where the decoder is sure of a pixel, exactly 0 or 1, the loss must stay finite.
# `ops.binary_crossentropy` takes care of that.
#
# Stuck? Run `hint("class-loss")` in a cell of its own.


# %% exercise="class-loss"
@method_of(VariationalAutoencoder)
def image_losses(self, images, training=False):
    """Reconstruction loss and KL of each image, in nats, with one sample of z.

    images: (n, n_pixels). training: handed on to the encoder and the decoder.
    Returns (reconstruction, kl), each (n,): summed within an image, not averaged.
    """
    ### BEGIN SOLUTION
    z_mean, z_log_var, z = self.encoder(images, training=training)
    decoded = self.decoder(z, training=training)
    reconstruction = ops.sum(ops.binary_crossentropy(images, decoded), axis=-1)
    kl = ops.exp(z_log_var) + ops.square(z_mean) - 1.0 - z_log_var
    return reconstruction, 0.5 * ops.sum(kl, axis=-1)
    ### END SOLUTION


@method_of(VariationalAutoencoder)
def train_step(self, images):
    """Change all weights by one step along the gradient.

    Trained is the mean over the batch of reconstruction + KL, plus the penalties.
    images: (n, n_pixels), a batch as `fit` passes it. Returns what `report` returns.
    """
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        reconstruction, kl = self.image_losses(images, training=True)
        loss = ops.mean(reconstruction + kl) + sum(self.losses)
    variables = self.trainable_variables
    self.optimizer.apply(tape.gradient(loss, variables), variables)
    return self.report(reconstruction, kl)
    ### END SOLUTION


@method_of(VariationalAutoencoder)
def test_step(self, images):
    """Measure a batch (n, n_pixels), change no weight. Returns as `report` does."""
    ### BEGIN SOLUTION
    reconstruction, kl = self.image_losses(images)
    return self.report(reconstruction, kl)
    ### END SOLUTION


# %% check="class-loss"
check("class-loss")

# %% [markdown]
# ## 5 · Compile and train
#
# `keras.Model` has a method `compile` already, and yours extends it: build encoder and
# decoder, unless that has been done, and hand everything on. Three things to know:
#
# - `self.built` is False until `build` has run; then Keras sets it to True. `build`
#   takes the shape of a batch, `self.build((None, self.n_pixels))`, where `None` stands
#   for any number of images. Building again would replace trained weights by new ones,
#   and a second `compile` must keep them. The check compiles twice.
# - Inside a `class` statement you would write `super().compile(...)`. In a function
#   that becomes a method later, `super()` doesn't know its class, so name it:
#   `keras.Model.compile(self, ...)`.
# - Keras' own `compile` takes more arguments, such as `loss`, `run_eagerly` and
#   `jit_compile`, by position or by name. `*args, **kwargs` accept them all:
#
# ```python
# def extended(first, *args, **kwargs):
#     return original(first, *args, **kwargs)  # whatever came is handed on
# ```
#
# `train` is `fit` with held-out images. `fit` passes to `train_step` what it was given:
# for `self.fit(x_train, ...)` a batch of images, but for `fit(x_train, x_train)` a pair
# (images, targets), which your step doesn't expect. So give it images alone, and
# likewise `validation_data=(x_test, None)`: images without targets. After each epoch
# Keras runs your `test_step` on them and puts `val_` before the names.
#
# ### TO DO · `class-train`
# Write the two methods. Each takes one to three lines.
#
# Stuck? Run `hint("class-train")` in a cell of its own.


# %% exercise="class-train"
@method_of(VariationalAutoencoder)
def compile(self, optimizer="adam", *args, **kwargs):
    """Build encoder and decoder, unless the model is built already, and compile.

    optimizer: a name or a Keras optimizer. All other arguments are those of
    keras.Model.compile and are handed on to it.
    """
    ### BEGIN SOLUTION
    if not self.built:
        self.build((None, self.n_pixels))
    keras.Model.compile(self, optimizer, *args, **kwargs)
    ### END SOLUTION


@method_of(VariationalAutoencoder)
def train(self, x_train, x_test, epochs=5, batch_size=128):
    """Train on x_train (n, n_pixels), and measure on x_test after each epoch.

    Returns the keras History of the losses, as `fit` returns it.
    """
    ### BEGIN SOLUTION
    options = {"epochs": epochs, "batch_size": batch_size, "verbose": 0}
    return self.fit(x_train, validation_data=(x_test, None), **options)
    ### END SOLUTION


# %% check="class-train"
check("class-train")

# %% [markdown]
# ## 6 · The fixed model, and other cures
#
# Same architecture, same images, same optimizer, same seed, same number of steps: the
# two models differ only in the sum. So that the curves can share an axis, the published
# reconstruction loss is multiplied by its 784 pixels. (This takes 3 to 6 seconds.)

# %% tags=["skip-grading"]
keras.utils.set_random_seed(237)
vae = VariationalAutoencoder()
vae.compile(keras.optimizers.Adam(RATE), **fast)
history = vae.train(x_train, x_test, epochs=EPOCHS, batch_size=BATCH).history

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
rescaled = 784 * np.array(published_history["reconstruction_loss"])
left.plot(epochs, rescaled, "s:", label="mean over pixels")
left.plot(epochs, history["reconstruction_loss"], "o-", label="sum over pixels")
left.axhline(collapsed, color="gray", linewidth=0.8, label="average image")
left.set(xlabel="epoch", ylabel="nats per image", title="Reconstruction", xticks=epochs)
right.plot(epochs, published_history["kl_loss"], "s:", label="mean over pixels")
right.plot(epochs, history["kl_loss"], "o-", label="sum over pixels")
right.set(xlabel="epoch", ylabel="nats per image", title="KL", xticks=epochs)
right.set(ylim=(-0.5, None))
left.legend(loc="upper right")
right.legend(loc="upper right")
plots.show(
    figure,
    alt="Training losses of both models. Left: with the mean over pixels the "
    "reconstruction loss stays at the line of the average image, a little above 200 "
    "nats; with the sum it falls far below. Right: with the mean the KL is zero; with "
    "the sum it settles at several nats.",
)

# %% [markdown]
# The collapsed curve lies on the gray line: that model has learned the average image
# and nothing else. The fixed one spends several nats. Compare both by one score on the
# held-out images: the estimated −ELBO, with everything summed, whatever the model was
# trained with. Lower is better.


# %% tags=["skip-grading"]
def held_out_terms(model):
    """Reconstruction loss and KL on the held-out images, in nats."""
    reconstruction, kl = VariationalAutoencoder.image_losses(model, x_test)
    return float(ops.mean(reconstruction)), float(ops.mean(kl))


terms = {"mean over pixels": held_out_terms(published), "sum": held_out_terms(vae)}
for name, (reconstruction, kl) in terms.items():
    total = reconstruction + kl
    print(f"{name:>16}: −ELBO {total:.1f} nats = {reconstruction:.1f} + KL {kl:.3f}")
print(f"as History has it after the last epoch: {history['val_loss'][-1]:.1f}")
reconstruction, kl = terms["sum"]
average_gain = (cross_entropy(x_test, mean) - reconstruction) / kl
print(f"a nat of KL lowers the reconstruction loss by {average_gain:.1f} on average")

# %% [markdown]
# Eight or nine nats for each nat of KL, *on average*. The first ones earn more, up to
# 33 near collapse. The last one earns just one: at $\beta = 1$ the optimum is where a
# further nat would earn less than it costs.
#
# ### What if you only had the wrong loss?
#
# Two cures for posterior collapse are well known. Do they help here, where the loss
# itself charges too much?
#
# - *KL annealing* (warm-up, lesson 05): $\beta$ rises from 0 to its final value during
#   training. It helps where collapse happens *early*, while the encoder is still bad;
#   He and others (2019) describe such training dynamics. The run below makes it as easy
#   as possible: it starts from the weights of the fixed model.
# - With **free bits** (Kingma and others 2016) a fixed amount of KL costs nothing in
#   each latent dimension. The KL of a dimension, averaged over the batch, counts as
#   $\max(\text{free}, \mathrm{KL}_j)$. Below that amount there is no gradient against
#   spending.
#
# The class below has all three as arguments. Two more runs test the prediction of
# section 4: a $\beta$ below 33, and one above. (The four runs take 10 to 20 seconds.)


# %% tags=["given"]
class WeightedVAE(VariationalAutoencoder):
    """Trained on reconstruction + beta·KL, with free bits for each latent dimension.

    free_bits: nats that cost nothing. warm_up: steps in which beta rises from 0.
    """

    def __init__(self, beta=1.0, free_bits=0.0, warm_up=0, **kwargs):
        super().__init__(**kwargs)
        self.beta, self.free_bits, self.warm_up = beta, free_bits, warm_up

    def train_step(self, images):
        done = ops.cast(self.optimizer.iterations, "float32") / max(self.warm_up, 1)
        beta = self.beta * ops.minimum(1.0, done) if self.warm_up else self.beta
        with tf.GradientTape() as tape:
            z_mean, z_log_var, z = self.encoder(images, training=True)
            decoded = self.decoder(z, training=True)
            error = ops.sum(ops.binary_crossentropy(images, decoded), axis=-1)
            kl = 0.5 * (ops.exp(z_log_var) + ops.square(z_mean) - 1.0 - z_log_var)
            charged = ops.maximum(ops.mean(kl, axis=0), self.free_bits)
            loss = (ops.mean(error) + beta * ops.sum(charged)) / self.beta
        variables = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return self.report(error, ops.sum(kl, axis=-1))


# %% tags=["skip-grading"]
steps = EPOCHS * -(-len(x_train) // BATCH)
runs = {
    "β = 24": {"beta": 24.0},
    "β = 40": {"beta": 40.0},
    "β = 784, warm-up": {"beta": 784.0, "warm_up": steps // 2},
    "β = 784, free bits": {"beta": 784.0, "free_bits": 2.0},
}
results = {"β = 1 (fixed)": terms["sum"], "β = 784": terms["mean over pixels"]}
for name, arguments in runs.items():
    keras.utils.set_random_seed(237)
    model = WeightedVAE(**arguments)
    model.compile(keras.optimizers.Adam(RATE), **fast)
    if model.warm_up:
        model.encoder.set_weights(vae.encoder.get_weights())
        model.decoder.set_weights(vae.decoder.get_weights())
    model.fit(x_train, callbacks=[LiveLine(name)], **options)
    results[name] = held_out_terms(model)

figure, axes = plt.subplots(1, 2, figsize=(10.5, 4))
spent = np.array([0, 1.4])
line = cross_entropy(x_test, mean) - slope * spent
marks = {"markersize": 9, "fillstyle": "none", "markeredgewidth": 1.8}
for ax in axes:
    ax.plot(spent, line, "k--", linewidth=0.8, label="slope −λ")
    for (name, (error, kl)), marker in zip(results.items(), "oXs^vD", strict=True):
        ax.plot(kl, error, marker, label=name, **marks)
    ax.set(xlabel="KL (nats per image)")
axes[0].set(ylabel="reconstruction loss (nats per image)", title="All runs, held out")
axes[1].set(title="Close to collapse", xlim=(-0.02, 0.3), ylim=(198, 209))
axes[0].legend(loc="upper right")
plots.show(
    figure,
    alt="Reconstruction loss against KL on the held-out images, one mark for each run. "
    "Left: beta = 1 lies far right and far down, near 5 nats of KL. All others lie "
    "high above it, most of them near zero KL at the level of the average image; free "
    "bits at beta = 784 keep the most KL of these. Right, enlarged: beta = 784, beta = "
    "40 and warm-up lie at zero KL; beta = 24 lies to their right, near the line.",
)
for name, (error, kl) in results.items():
    print(f"{name:>18}: −ELBO {error + kl:.1f} nats = {error:.1f} + KL {kl:.3f}")

# %% [markdown]
# One run each and three epochs only, so read nothing but the large differences. (Short
# runs end a little above their optimum, and so above the dashed line.)
#
# - **The threshold is where section 4 put it.** At $\beta = 24$ some KL is left, at
#   $\beta = 40$ practically none. The dashed line is what the first nats could earn,
#   and $\beta = 24$ lies near it. Far to the right each nat has earned less.
# - **Warm-up ends in collapse all the same**, although it had the best possible start:
#   the weights of the fixed model, which spends about five nats. This makes it the
#   control for section 4, too. The loss leads to collapse even from a model that has
#   not collapsed.
# - **Free bits keep part of the code alive**, but not at the right price: the −ELBO
#   stays far above that of the fixed loss.
#
# Both are cures for a training that goes astray under a right loss. Against a wrong
# loss, correct the loss.
#
# ## 7 · Plot what it does
#
# The last method shows originals above their reconstructions. Two decisions are behind
# it. Which latent vector should be decoded? `z` is a sample, another one at each call.
# As in every figure of reconstructions take `z_mean`: then two calls show the same. And
# how many axes? `plt.subplots(2, n)` returns an array of 2×n axes, unless n is 1:
#
# ```python
# plt.subplots(2, 1)[1].shape  # (2,): one dimension less
# plt.subplots(2, 1, squeeze=False)[1].shape  # (2, 1)
# ```
#
# The check tries `n=1`, and images of 5×5 pixels: take the size from `self.n_pixels`,
# whose square root is the side of an image.
#
# ### TO DO · `class-plot`
# Return the figure; don't show it. Leave `x_test` as it is. `ax.axis("off")` removes
# the ticks.
#
# Stuck? Run `hint("class-plot")` in a cell of its own.


# %% exercise="class-plot"
@method_of(VariationalAutoencoder)
def plot_results(self, x_test, n=10):
    """Figure of 2×n axes without ticks: the first n images above their reconstructions.

    x_test: (at least n, n_pixels), each drawn as a square, pixels row by row.
    The reconstructions are decoded from z_mean, without noise.
    """
    ### BEGIN SOLUTION
    side = round(self.n_pixels**0.5)
    originals = x_test[:n]
    z_mean, _, _ = self.encoder(originals)
    decoded = ops.convert_to_numpy(self.decoder(z_mean))
    figure, axes = plt.subplots(2, n, figsize=(n, 2.3), squeeze=False)
    for row, images in zip(axes, (originals, decoded), strict=True):
        for ax, image in zip(row, images, strict=True):
            ax.imshow(image.reshape(side, side), vmin=0, vmax=1)
            ax.axis("off")
    return figure
    ### END SOLUTION


# %% check="class-plot"
check("class-plot")

# %% tags=["skip-grading"]
plots.show(
    vae.plot_results(x_test),
    alt="Ten digits and under each its reconstruction by the fixed model. The "
    "reconstructions differ from image to image.",
)

# %% [markdown]
# Now the reconstruction depends on the image. With two latent dimensions and so short a
# training run it is far from perfect: look for a digit that turned into a look-alike.
# More layers, more images and more dimensions help, and you have met all three.
#
# A model of a registered class can be saved as a whole and loaded again.
# `compile=False` loads it without its optimizer, which only training needs.

# %% tags=["skip-grading"]
with tempfile.TemporaryDirectory() as folder:
    vae.save(f"{folder}/vae.keras")
    loaded = keras.models.load_model(f"{folder}/vae.keras", compile=False)
same = np.array_equal(loaded.decoder(ops.zeros((1, 2))), vae.decoder(ops.zeros((1, 2))))
print(f"loaded a {type(loaded).__name__}, decodes the same image: {same}")

# %% [markdown]
# ## 8 · The latent space, and digits that nobody wrote
#
# A model that uses its code has a latent space worth plotting. Left, the posterior
# means of held-out digits, each drawn as the digit it is. Right, the decoded grid over
# the prior: quantiles of the normal distribution along both axes, as in lesson 06.

# %% tags=["skip-grading"]
n, shown = 12, 1500
codes, _, _ = vae.encoder.predict(x_test[:shown], verbose=0)
quantiles = stats.norm.ppf(np.linspace(0.05, 0.95, n))
# The top row first, as one reads a plot.
grid = np.stack([(z1, z2) for z2 in quantiles[::-1] for z1 in quantiles])
decoded = vae.decoder.predict(grid, verbose=0)
tiles = decoded.reshape(n, n, 28, 28).swapaxes(1, 2).reshape(n * 28, n * 28)

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 5))
for digit, color in enumerate(plots.DIGIT_COLORS):
    points = codes[y_test[:shown] == digit].T
    mark = {"marker": f"${digit}$", "s": 28, "linewidths": 0.3}
    left.scatter(*points, color=color, label=str(digit), **mark)
low, high = quantiles[0], quantiles[-1]
corners = [low, high, high, low, low], [low, low, high, high, low]
left.plot(*corners, color="black", linewidth=1.2, label="grid")
left.set(xlabel="$z_1$", ylabel="$z_2$", title="Posterior means", aspect="equal")
left.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), markerscale=1.5)
right.imshow(tiles, vmin=0, vmax=1)
right.set_title("Decoded grid")
right.axis("off")
plots.show(
    figure,
    alt="Left: scatter plot of posterior means in the latent plane, each drawn as its "
    "digit in that digit's color, with a square that marks the grid. Zeros and ones "
    "have regions of their own; other digits overlap near the origin. Right: the "
    "decoded grid, twelve by twelve images, where neighbors look alike.",
)

# %% [markdown]
# Where digits crowd on the left, the images on the right are blurred: two dimensions
# don't keep them apart.
#
# Are the images on the right *new*, or copies of training images? And does the decoded
# image change gradually from one grid point to the next? Measure both, as Euclidean
# distances over the 784 pixels. Held-out images, which are certainly no copies, and
# their reconstructions show which distances to expect.


# %% tags=["skip-grading"]
def distance_to_nearest(images, others):
    """Distance of each image to the nearest of the others, over all pixels."""
    squares = np.sum(images**2, axis=1)[:, None] + np.sum(others**2, axis=1)
    return np.sqrt(np.maximum(squares - 2 * images @ others.T, 0).min(axis=1))


def five_numbers(distances):
    """Smallest, median and largest of some distances, as text."""
    low, middle, high = np.quantile(distances, [0, 0.5, 1])
    return f"min {low:.2f}, median {middle:.2f}, max {high:.2f}"


images = {
    "decoded grid": decoded,
    "held-out images": x_test[:1000],
    "their reconstructions": vae.decoder.predict(codes[:1000], verbose=0),
}
print("distance to the nearest training image")
for name, some in images.items():
    print(f"{name:>24}: {five_numbers(distance_to_nearest(some, x_train))}")
square = decoded.reshape(n, n, 784)
steps = [np.linalg.norm(np.diff(square, axis=axis), axis=-1) for axis in (0, 1)]
print("distance between neighbors in the grid")
print(f"{'':>24}  {five_numbers(np.concatenate(steps, axis=None))}")

# %% [markdown]
# None of the decoded images is a copy: the nearest training image is about as far away
# as it is from a held-out image. (That rules out copies. It doesn't say that the images
# are good ones: a blur is far from every training image, too.) Neighbors in the grid
# differ by much less than that, so within this square the image changes gradually. This
# is a statement about a grid in two dimensions and no more: lesson 08 looks for gaps in
# eight dimensions, and finds some.
#
# ## What to take along
# - A `keras.Model` with its own `train_step` and `test_step` keeps `fit`, `evaluate`
#   and the History; only what happens to a batch is yours.
# - In a training step: `training=True`, `self.losses`, `optimizer.apply(gradients,
#   variables)`.
# - Report reconstruction and KL separately. Their sum can fall while the model
#   collapses.
# - KL near 0, and a reconstruction loss at the level of the average image: posterior
#   collapse.
# - Sum over pixels *and* over latent dimensions, then average over images. Averaging
#   over 784 pixels makes the effective β 784, and here more than 33 is enough for
#   collapse.
# - Know over which axis a loss function averages. `binary_crossentropy` takes the last.
# - Warm-up and free bits are cures for the training. They can't make up for a wrong
#   loss.
#
# ## Where to go on
# - D. P. Kingma and others: [Improving Variational Inference with Inverse
#   Autoregressive Flow](https://arxiv.org/abs/1606.04934), 2016. Introduces *free
#   bits*: a minimum of information for each group of latent dimensions.
# - J. He and others: [Lagging Inference Networks and Posterior Collapse in Variational
#   Autoencoders](https://arxiv.org/abs/1901.05534), 2019. Collapse by training
#   dynamics: the *inference network*, our encoder, lags behind the true posterior.
# - J. Lucas and others: [Don't Blame the ELBO! A Linear VAE Perspective on Posterior
#   Collapse](https://arxiv.org/abs/1911.02469), 2019. For linear VAEs the ELBO adds no
#   spurious local maxima to the likelihood of probabilistic PCA (pPCA). Which
#   dimensions collapse is decided by the variance of the observation noise, which plays
#   the part of our β.
# - Keras: [Customizing what happens in `fit()` with
#   TensorFlow](https://keras.io/guides/custom_train_step_in_tensorflow/). The guide to
#   `train_step`, `test_step` and trackers.
#
# ## Where it comes from
# - D. P. Kingma, M. Welling: [Auto-Encoding Variational
#   Bayes](https://arxiv.org/abs/1312.6114), 2013. The ELBO, with its sums.
# - S. R. Bowman and others: [Generating Sentences from a Continuous
#   Space](https://arxiv.org/abs/1511.06349), 2015. Describes the collapse, and KL
#   annealing against it.
# - I. Higgins and others: [β-VAE](https://openreview.net/forum?id=Sy2fzU9gl), 2017.
#   What the weight of the KL does, on purpose.
# - Keras: [`binary_crossentropy`](https://keras.io/api/losses/probabilistic_losses/).
#
# [← Lesson 06: latent clustering](../06_latent_clustering/06_latent_clustering.ipynb) ·
# [Lesson 08: harder images →](../08_fashion_mnist/08_fashion_mnist.ipynb)
