# %% [markdown]
# # 07 · A VAE as a class: one object that builds, trains and draws itself
#
# **You will be able to**
# - wrap a whole model in one `keras.Model`, with training and test steps of your own;
# - report the parts of a loss, not only their sum, and average them fairly over pictures;
# - recognize a collapsed VAE from its curves, although its loss falls nicely;
# - say why averaging over pixels makes it collapse, and mend it.
#
# **Time** about 60 minutes · **Points** 20 · **Builds on** lessons 02 and 05 · **Next** [lesson 08](../08_fashion_mnist/08_fashion_mnist.ipynb)
#
# The cells marked TO DO are yours. Under each stands a `check`: run it as often as you like.

# %%
import vaelab.quiet  # first, so that TensorFlow starts without its log lines

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops
from scipy import stats

from autograder import check
from vaelab import datasets, plots
from vaelab.progress import LiveLine

keras.utils.set_random_seed(237)

# %% [markdown]
# ## 1 · A class that grows from cell to cell
#
# Much published code packs a VAE into one class: build it, compile it, train it, plot it. The user of such a class
# writes four lines. Whoever writes the class had better get the inside right, and that is you, today. The model is the
# plainest one there is: Dense layers on pictures laid out as vectors of 784 pixels.
#
# A class of five methods doesn't fit a cell, so it grows. The decorator below makes the function under it a method
# of a class that already exists. That also mends objects made earlier: when you correct a method and run its cell
# again, every `vae` you have uses the new one (a step that `fit` has run before: after another `compile`).


# %% tags=["given"]
def method_of(cls):
    """Decorator: make the function below it a method of ``cls``."""

    def attach(function):
        setattr(cls, function.__name__, function)
        return function

    return attach


# %% [markdown]
# Here is what everyone gets. `keras.Model` brings `fit`, `evaluate` and much more. Three *trackers* keep running
# means over an epoch; Keras resets everything listed in `metrics` when an epoch begins. `build` is Keras' name for the
# moment in which a model makes whatever has weights. It calls two methods that don't exist yet.


# %% tags=["given"]
class VariationalAutoencoder(keras.Model):
    """A dense VAE on pictures laid out as vectors, pixels between 0 and 1.

    input_shape: (number of pixels,); latent_dim: size of z; intermediate_dim: units of the hidden layers.
    """

    def __init__(self, input_shape=(784,), latent_dim=2, intermediate_dim=512, **kwargs):
        super().__init__(**kwargs)
        self.n_pixels = input_shape[0]
        self.latent_dim = latent_dim
        self.intermediate_dim = intermediate_dim
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction_loss")
        self.kl_tracker = keras.metrics.Mean(name="kl_loss")

    @property
    def metrics(self):
        return [self.loss_tracker, self.reconstruction_tracker, self.kl_tracker]

    def build(self, input_shape):
        self.encoder = self.build_encoder()
        self.decoder = self.build_decoder()

    def call(self, images):
        z_mean, z_log_var, z = self.encoder(images)
        return self.decoder(z)

    def report(self, reconstruction, kl):
        """Add losses, a number for each picture, to the running means and return these by name."""
        for tracker, values in zip(self.metrics, (reconstruction + kl, reconstruction, kl)):
            tracker.update_state(values)
        return self.get_metrics_result()


# %% [markdown]
# The encoder ends in a random draw. You wrote it in lesson 02.


# %% tags=["given"]
# From lesson 2: reparameterize

# %% tags=["given"]
# From lesson 2: sampling

# %% [markdown]
# ## 2 · The two halves
#
# The encoder: one hidden Dense layer with ReLU, then two Dense heads *without* activation, then the draw. Take the
# sizes from `self`; somebody will want another `latent_dim`.
#
# ### TO DO · `class-encoder`
# A functional model with three outputs. Return it; don't store it, `build` does that.


# %% exercise="class-encoder"
@method_of(VariationalAutoencoder)
def build_encoder(self):
    """Model from pictures (n, n_pixels) to [z_mean, z_log_var, z], each (n, latent_dim).

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
# The decoder is the way back. Its last layer gives pixels, and a pixel lies between 0 and 1.
#
# ### TO DO · `class-decoder`
# A functional model with one hidden layer.


# %% exercise="class-decoder"
@method_of(VariationalAutoencoder)
def build_decoder(self):
    """Model from codes (n, latent_dim) to pictures (n, n_pixels), each pixel between 0 and 1.

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
# `fit` cuts the pictures into batches and hands each to `train_step`. What happens there is up to the class. Below is a
# step in the form in which you meet it in tutorials, line by line:
#
# 1. under a `GradientTape`, run the pictures through both halves and compute the loss;
# 2. ask the tape for the gradient of the loss;
# 3. let the optimizer apply it to the weights;
# 4. report.


# %%
class PublishedVAE(VariationalAutoencoder):
    """Our model with a training step as it stands in much published code."""

    def train_step(self, images):
        with tf.GradientTape() as tape:
            z_mean, z_log_var, z = self.encoder(images)
            reconstruction = ops.mean(keras.losses.binary_crossentropy(images, self.decoder(z)))
            kl = ops.mean(-0.5 * ops.sum(1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=1))
            loss = reconstruction + kl
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return self.report(reconstruction, kl)


# %% [markdown]
# Train it on a part of MNIST, laid out as vectors.

# %%
(x_train, _), (x_test, y_test) = datasets.load_mnist()
x_train = x_train[:20_000].reshape(-1, 784).astype("float32") / 255
x_test = x_test.reshape(-1, 784).astype("float32") / 255
EPOCHS, BATCH, RATE = 4, 128, 3e-3

# %% tags=["skip-grading"]
keras.utils.set_random_seed(237)
published = PublishedVAE()
published.build((None, 784))
published.compile(optimizer=keras.optimizers.Adam(RATE))
published_history = published.fit(x_train, epochs=EPOCHS, batch_size=BATCH, callbacks=[LiveLine()], verbose=0).history

epochs = np.arange(1, EPOCHS + 1)
figure, axes = plt.subplots(1, 3, figsize=(10.5, 3.2))
for ax, name, color in zip(axes, ("loss", "reconstruction_loss", "kl_loss"), ("C0", "C1", "C2")):
    ax.plot(epochs, published_history[name], "o-", color=color)
    ax.set(xlabel="epoch", title=name, xticks=epochs)
axes[0].set_ylabel("as reported")
axes[2].set_yscale("log")
plots.show(
    figure,
    alt="Three curves over the epochs. The loss falls and levels off, the reconstruction loss does the same, and the KL "
    "loss, on a logarithmic axis, falls by orders of magnitude to almost nothing.",
)
print(f"last epoch: loss {published_history['loss'][-1]:.4f}, of it KL {published_history['kl_loss'][-1]:.6f}")

# %% [markdown]
# The loss falls and levels off: what training usually looks like. Now look at pictures.

# %% tags=["skip-grading"]
z_mean, z_log_var, z = published.encoder(x_test[:8])
figure, axes = plt.subplots(2, 8, figsize=(8, 2.3))
for original, reconstruction, (above, below) in zip(x_test[:8], ops.convert_to_numpy(published.decoder(z)), axes.T):
    above.imshow(original.reshape(28, 28), vmin=0, vmax=1)
    below.imshow(reconstruction.reshape(28, 28), vmin=0, vmax=1)
for ax in axes.flat:
    ax.axis("off")
plots.show(
    figure,
    alt="Eight different digits in the upper row. Under each the same gray blot: the reconstructions do not depend on "
    "the picture.",
)

# %% [markdown]
# Stop here for a moment. One of the three curves told you, long before the pictures did. Which, and what does it say?
#
# ## 4 · Why it collapsed: the exchange rate
#
# The KL is what the encoder spends on telling pictures apart: at 0 nats every picture has the same cloud,
# $\mathcal{N}(0, I)$, and $z$ says nothing about it. This is *posterior collapse*. The decoder, left without
# information, does the best it can for all pictures at once: it paints the average.
#
# So why did the encoder save where it should have spent? Compare what a code costs with what it earns. Lesson 05's
# models pay 6 to 7 nats for the two numbers of $z$ and bring the reconstruction down to about 145 nats a picture.

# %%
average = np.clip(x_train.mean(axis=0), 1e-7, 1 - 1e-7)
for_everyone = -(average * np.log(average) + (1 - average) * np.log(1 - average)).sum()
price, earned = 6.5, for_everyone - 145  # nats a picture; price and 145 are what lesson 05 showed
print(f"the average picture for everyone: {for_everyone:.0f} nats a picture")
print(f"a code costs {price} nats and earns {earned:.0f} when pixels are summed")
print(f"a code costs {price} nats and earns {earned / 784:.3f} when pixels are averaged")

# %% [markdown]
# Summed, a code earns about ten times its price. Averaged over 784 pixels, it earns less than a tenth of a nat and
# still costs more than six: giving up is the *best* answer to the loss as written. No optimizer and no patience will
# help. In the words of lesson 05: the effective β is 784.
#
# How does such a line come about? Look at the call:
#
# | pictures of shape | `keras.losses.binary_crossentropy(x, r)` | which means |
# |---|---|---|
# | `(n, 28, 28, 1)` | `(n, 28, 28)` | "averaged" over one channel: nothing happened yet |
# | `(n, 784)` | `(n,)` | averaged over all pixels |
#
# It averages over the **last axis**, silently. The usual sum over the two other axes is right for pictures with a
# channel. Lay the same pictures out as vectors, and the average is over all the pixels.
# ([`ops.binary_crossentropy`](https://keras.io/api/ops/nn/) averages over nothing: one number for each pixel.)
#
# The published step has two more weaknesses. There is no `test_step`, so no held-out loss can be had. And it reports
# the mean of each *batch*: a last batch of 32 pictures counts as much as a full one of 128.
#
# ### TO DO · `class-loss`
# Write the losses of each picture, a training step and a test step. A test step measures and leaves the weights alone.
# Hand `report` the numbers of all the pictures, not their mean: a tracker that is given a vector weighs each entry
# alike.


# %% exercise="class-loss"
@method_of(VariationalAutoencoder)
def image_losses(self, images):
    """Reconstruction error and KL of each picture, in nats, with one draw of z.

    images: (n, n_pixels). Returns (reconstruction, kl), each (n,): summed within a picture, not averaged.
    """
    ### BEGIN SOLUTION
    z_mean, z_log_var, z = self.encoder(images)
    reconstruction = ops.sum(ops.binary_crossentropy(images, self.decoder(z)), axis=-1)
    kl = 0.5 * ops.sum(ops.exp(z_log_var) + ops.square(z_mean) - 1.0 - z_log_var, axis=-1)
    return reconstruction, kl
    ### END SOLUTION


@method_of(VariationalAutoencoder)
def train_step(self, images):
    """Move all weights one step against the gradient of the loss: the batch's mean of reconstruction + KL.

    images: (n, n_pixels), a batch as `fit` hands it over. Returns what `report` returns.
    """
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        reconstruction, kl = self.image_losses(images)
        loss = ops.mean(reconstruction + kl)
    gradients = tape.gradient(loss, self.trainable_variables)
    self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
    return self.report(reconstruction, kl)
    ### END SOLUTION


@method_of(VariationalAutoencoder)
def test_step(self, images):
    """Measure a batch (n, n_pixels) without learning from it. Returns what `report` returns."""
    ### BEGIN SOLUTION
    return self.report(*self.image_losses(images))
    ### END SOLUTION


# %% check="class-loss"
check("class-loss")

# %% [markdown]
# ## 5 · Compile and train
#
# `keras.Model` has a `compile` already, and yours should extend it: build the two halves, unless that has been done,
# and hand the rest on. Inside a `class` statement you would write `super().compile(...)`. In a function that becomes a
# method later, `super()` can't know its class; name it: `keras.Model.compile(self, ...)`.
#
# `train` is `fit` with held-out pictures. `validation_data=(x_test, None)` means pictures without labels; after each
# epoch Keras runs your `test_step` on them and puts `val_` before the names.
#
# ### TO DO · `class-train`
# Two short methods.


# %% exercise="class-train"
@method_of(VariationalAutoencoder)
def compile(self, optimizer="adam", **kwargs):
    """Build both halves, unless the model is built already, and compile.

    optimizer: a name or a Keras optimizer; everything else is handed on to keras.Model.compile.
    """
    ### BEGIN SOLUTION
    if not self.built:
        self.build((None, self.n_pixels))
    keras.Model.compile(self, optimizer=optimizer, **kwargs)
    ### END SOLUTION


@method_of(VariationalAutoencoder)
def train(self, x_train, x_test, epochs=5, batch_size=128):
    """Train on x_train (n, n_pixels); after each epoch measure on x_test. Returns the keras History of the losses."""
    ### BEGIN SOLUTION
    return self.fit(x_train, epochs=epochs, batch_size=batch_size, validation_data=(x_test, None), verbose=0)
    ### END SOLUTION


# %% check="class-train"
check("class-train")

# %% [markdown]
# Now the mended model: same architecture, same pictures, same optimizer, same seed, same number of steps. Only the sum
# is new. So that the curves can share an axis, the published reconstruction loss is multiplied by its 784 pixels.

# %% tags=["skip-grading"]
keras.utils.set_random_seed(237)
vae = VariationalAutoencoder()
vae.compile(keras.optimizers.Adam(RATE))
history = vae.train(x_train, x_test, epochs=EPOCHS, batch_size=BATCH).history

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
left.plot(epochs, 784 * np.array(published_history["reconstruction_loss"]), "s:", label="mean over pixels")
left.plot(epochs, history["reconstruction_loss"], "o-", label="sum over pixels")
left.axhline(for_everyone, color="gray", linewidth=0.8)
left.annotate("the average picture for everyone", (EPOCHS, for_everyone - 5), ha="right", va="top", color="dimgray")
left.set(xlabel="epoch", ylabel="nats a picture", title="Reconstruction", xticks=epochs)
right.plot(epochs, published_history["kl_loss"], "s:", label="mean over pixels")
right.plot(epochs, history["kl_loss"], "o-", label="sum over pixels")
right.set(xlabel="epoch", ylabel="nats a picture", title="KL", xticks=epochs)
left.legend(loc="upper right"), right.legend(loc="center right")
plots.show(
    figure,
    alt="Left: with the mean over pixels the reconstruction stays at the line of the average picture, a little above 200 "
    "nats; with the sum it falls far below. Right: with the mean the KL is zero, with the sum it settles at several nats.",
)

# %% [markdown]
# The collapsed curve lies on the gray line: that model has learned the average picture and nothing else. The mended one
# spends several nats and earns many times as much. Compare both by one measure, on pictures that neither has seen: the
# negative ELBO, summed properly whatever the model was trained with. Lower is better.

# %% tags=["skip-grading"]
for name, model in {"mean over pixels": published, "sum over pixels": vae}.items():
    reconstruction, kl = model.image_losses(ops.convert_to_tensor(x_test))
    reconstruction, kl = float(ops.mean(reconstruction)), float(ops.mean(kl))
    print(f"{name}: held-out −ELBO {reconstruction + kl:6.1f} nats = {reconstruction:5.1f} + KL {kl:.3f}")
print(f"and as History has it after the last epoch: {history['val_loss'][-1]:.1f}")

# %% [markdown]
# ## 6 · Draw what it does
#
# The last method shows originals above their reconstructions. Two decisions are behind it. Which code should be
# decoded? `z` is a draw, other each time; for a picture of what the model *knows* take `z_mean`, and the same figure
# comes out at every call. And how many axes? `plt.subplots(2, n)` gives a 2×n array of them, unless n is 1;
# `squeeze=False` keeps the array two-dimensional.
#
# ### TO DO · `class-plot`
# Return the figure; don't show it.


# %% exercise="class-plot"
@method_of(VariationalAutoencoder)
def plot_results(self, x_test, n=10):
    """Figure of 2×n axes without ticks: the first n pictures of x_test, and under each its reconstruction.

    x_test: (at least n, n_pixels), drawn as squares. The reconstructions are decoded from z_mean, without noise.
    """
    ### BEGIN SOLUTION
    side = round(self.n_pixels**0.5)
    originals = x_test[:n]
    z_mean, _, _ = self.encoder(originals)
    reconstructions = ops.convert_to_numpy(self.decoder(z_mean))
    figure, axes = plt.subplots(2, n, figsize=(n, 2.3), squeeze=False)
    for row, pictures in zip(axes, (originals, reconstructions)):
        for ax, picture in zip(row, pictures):
            ax.imshow(picture.reshape(side, side), vmin=0, vmax=1)
            ax.axis("off")
    return figure
    ### END SOLUTION


# %% check="class-plot"
check("class-plot")

# %% tags=["skip-grading"]
plots.show(
    vae.plot_results(x_test),
    alt="Ten digits and under each the mended model's reconstruction: each is another picture now. Zeros and ones come back "
    "clearly, the others softer, and some as a look-alike: a four as a nine.",
)

# %% [markdown]
# Now the picture depends on the digit. With two numbers for each and so short a training it is far from perfect: zeros
# and ones come back well, while fours, sevens and nines are easily taken for one another. More layers, more pictures
# and more dimensions help, and you have met all three.
#
# ## 7 · The plane, and digits nobody wrote
#
# A model that uses its codes has a plane worth looking at. Left, the means of held-out digits, each drawn as the digit
# it is. Right, the decoder's answer to an even grid over the prior: quantiles of the normal distribution along both
# axes, as in lesson 06.

# %% tags=["skip-grading"]
n, shown = 12, 1500
codes, _, _ = vae.encoder.predict(x_test[:shown], verbose=0)
quantiles = stats.norm.ppf(np.linspace(0.05, 0.95, n))
grid = np.stack([(z1, z2) for z2 in quantiles[::-1] for z1 in quantiles])  # top row first, as one reads a plot
digits = vae.decoder.predict(grid, verbose=0).reshape(n, n, 28, 28)
manifold = digits.swapaxes(1, 2).reshape(n * 28, n * 28)

figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 5))
for digit in range(10):
    where = y_test[:shown] == digit
    left.scatter(*codes[where].T, marker=f"${digit}$", s=28, linewidths=0.3, color=f"C{digit % 8}")
left.add_patch(plt.Rectangle((quantiles[0],) * 2, *[2 * quantiles[-1]] * 2, fill=False, color="black", linewidth=1.2))
left.set(xlabel="$z_1$", ylabel="$z_2$", title="Held-out digits; the frame is what the right shows", aspect="equal")
right.imshow(manifold, vmin=0, vmax=1)
right.set_title("Decoded from the grid")
right.axis("off")
plots.show(
    figure,
    alt="Left: a cloud around the origin, made of digits. Zeros, ones and sevens have regions of their own, twos, threes, "
    "fives and eights overlap in the middle, which a square frame marks. Right: twelve by twelve generated digits that "
    "change smoothly from one into the next, in the same arrangement.",
)

# %% [markdown]
# Every picture on the right is new: nobody wrote it, and neighbors pass into one another without a gap. Where digits
# crowd on the left, the right is blurred: two numbers don't suffice to keep them apart.
#
# ## What to take along
# - A `keras.Model` with its own `train_step` and `test_step` keeps `fit`, `evaluate` and the History; only what happens to a batch is yours.
# - Report reconstruction and KL apart. Their sum can fall while the model dies.
# - A KL near 0 and a reconstruction at the level of the average picture: collapsed.
# - Sum over pixels *and* over latent dimensions, then average over pictures. Averaging over 784 pixels makes β = 784.
# - Know over which axis a loss function averages. `binary_crossentropy` takes the last one.
#
# ## Where it comes from
# - D. P. Kingma, M. Welling: [Auto-Encoding Variational Bayes](https://arxiv.org/abs/1312.6114), 2013. The ELBO, with its sums.
# - S. R. Bowman and others: [Generating Sentences from a Continuous Space](https://arxiv.org/abs/1511.06349), 2015. Describes the collapse and the KL warm-up against it.
# - I. Higgins and others: [β-VAE](https://openreview.net/forum?id=Sy2fzU9gl), 2017. What the weight of the KL does, on purpose.
# - J. Lucas and others: [Don't Blame the ELBO!](https://arxiv.org/abs/1911.02469), 2019. When collapse lies in the loss, and when elsewhere.
# - Keras: [Customizing what happens in `fit()` with TensorFlow](https://keras.io/guides/custom_train_step_in_tensorflow/), and
#   [`binary_crossentropy`](https://keras.io/api/losses/probabilistic_losses/).
#
# [← Lesson 06: what the plane learned](../06_latent_clustering/06_latent_clustering.ipynb) · [Lesson 08: harder pictures →](../08_fashion_mnist/08_fashion_mnist.ipynb)
