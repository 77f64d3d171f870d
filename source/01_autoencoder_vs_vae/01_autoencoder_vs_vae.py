# %% [markdown]
# # 01 · Autoencoder against VAE: why an autoencoder can't generate
#
# **You will be able to**
# - build an autoencoder that compresses an image to two numbers, and plot its latent
#   space;
# - measure how well a model reconstructs each image, and how much of a latent space is
#   empty;
# - interpolate between two images, and tell an interpolation from a grid that only
#   looks like one;
# - say, from your own measurements, what a variational autoencoder (VAE) does better
#   than an autoencoder, and what it does not.
#
# **Time** about 60 minutes · **Points** 20 · **Builds on** a first acquaintance with Keras and NumPy · **Next** [lesson 02](../02_reparameterization/02_reparameterization.ipynb)
#
# ## How a lesson works
# The cells marked **TO DO** are yours. In each, replace the line
# `raise NotImplementedError(...)` with your answer and run the cell. The next cell
# reads `check("...")`. Run it as often as you like: it costs nothing. It shows one line
# for each property that it looks at:
#
# - ✓ your answer has the property;
# - ✗ it does not. The line below says what is wrong, what was expected and what your
#   code returned;
# - ○ there is nothing to check yet: the answer is missing, or its cell has not been
#   run;
# - – this check waits until an earlier one passes.
#
# `check()` without a name shows all exercises of the lesson so far, and what is next.
#
# Are you stuck? Run `hint("...")`, with the name of the exercise, in a cell of its own.
# Each run shows one more hint: first a question, then the function or the idea to use,
# then the shape of the answer. None of them is the answer. Hints cost no points, and
# nobody counts them.
#
# When your work is graded, the same checks run again, together with some on other
# inputs. So an answer has to be right, and not only right for these inputs. A person
# reads the written answers.
#
# All other cells are given. Read them: they are short, and later lessons use their
# ideas.

# %%
import vaelab.quiet  # first, so that TensorFlow starts without its log lines

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops
from scipy.spatial import KDTree

from autograder import check, hint
from vaelab import LatentExplorer, datasets, plots
from vaelab.progress import LiveLine

keras.utils.set_random_seed(237)

# %% [markdown]
# The data are the handwritten digits of MNIST ([LeCun and others,
# 1998](https://doi.org/10.1109/5.726791)). Each **image** is an array of 28×28 pixels,
# scaled to the range from 0 (paper) to 1 (ink). To keep the waiting short, we train on
# 30,000 images. The 10,000 test images take no part in the training. We use them to
# measure.

# %%
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()
x_train = x_train[:30_000, ..., np.newaxis] / np.float32(255)  # float32
x_test = x_test[..., np.newaxis] / np.float32(255)
y_train = y_train[:30_000]
print("training", x_train.shape, " test", x_test.shape)
print(f"pixel values from {x_train.min():.0f} to {x_train.max():.0f}")

# %% tags=["skip-grading"]
# Where the first test image of each digit is: first[7] is the index of a 7.
first = [int(np.argmax(y_test == digit)) for digit in range(10)]


def image_grid(images, columns):
    """Images (n, 28, 28, 1) side by side in one array, `columns` in each row."""
    rows = len(images) // columns
    tiles = np.reshape(images, (rows, columns, 28, 28)).swapaxes(1, 2)
    return tiles.reshape(28 * rows, 28 * columns)


figure, axes = plt.subplots(figsize=(10, 1.2))
axes.imshow(image_grid(x_test[first], 10), vmin=0, vmax=1)
axes.axis("off")
plots.show(figure, alt="The first test image of each digit from 0 to 9.")

# %% [markdown]
# ## 1 · Compress an image to two numbers
#
# An **autoencoder** consists of two networks. The *encoder* maps an image $x$ to a
# short vector $z$, its **latent code** (or *latent vector*). The *decoder* maps a
# latent code to an image. To **encode** an image is to compute its code; to **decode**
# a code is to compute its image. Do one after the other, and you **reconstruct** the
# image. The result $\hat x$ is its *reconstruction*.
#
# $$x\ (28, 28, 1)\ \xrightarrow{\ \text{encoder}\ }\ z\ (2)
# \ \xrightarrow{\ \text{decoder}\ }\ \hat x\ (28, 28, 1)$$
#
# The codes lie in the **latent space**. Here it has two dimensions, so that you can
# plot it: it is a **latent plane**. The two networks are trained together, and each
# image is its own target. No label is needed. But the 784 pixels have to pass through
# two numbers, so the networks have to learn what distinguishes one digit from another.
#
# ### TO DO · `autoencoder`
# Build both networks with Keras' [functional
# API](https://keras.io/guides/functional_api/). It makes a model from its inputs and
# its outputs. A model can then be called like a layer:
#
# ```python
# inputs = keras.Input((5,))  # vectors of 5 numbers: shape (n, 5)
# outputs = layers.Dense(3, activation="relu")(inputs)  # make a layer, then call it
# model = keras.Model(inputs, outputs)  # everything from inputs to outputs
# both = keras.Model(inputs, another_model(model(inputs)))  # two models in a row
# ```
#
# These layers have worked well here:
#
# - **encoder**: Flatten, Dense 256 with ReLU, Dense 128 with ReLU, then a Dense layer
#   with `latent_dim` units and *no* activation, so that a code can be any vector;
# - **decoder**: the same in reverse: Dense 128 with ReLU, Dense 256 with ReLU, Dense
#   784 with a sigmoid (a pixel lies between 0 and 1), then Reshape to (28, 28, 1);
# - **autoencoder**: the encoder *followed by* the decoder. Call the two models that you
#   have, `decoder(encoder(images))`. Then all three share their weights: when the
#   autoencoder is trained, so are the other two;
# - ReLU layers learn faster here with `kernel_initializer="he_normal"`.
#
# Each call of the function builds new models, so make all layers inside it.
# `latent_dim` can be any number, not only 2. Stuck? Run `hint("autoencoder")` in a cell
# of its own.


# %% exercise="autoencoder"
def build_autoencoder(latent_dim=2):
    """Three models that share their weights: (encoder, decoder, autoencoder).

    encoder: images (n, 28, 28, 1) -> latent codes (n, latent_dim), any real numbers.
    decoder: latent codes -> images (n, 28, 28, 1) with values between 0 and 1.
    autoencoder: images -> reconstructions, the encoder followed by the decoder.
    They need not be compiled.
    """
    ### BEGIN SOLUTION
    images = keras.Input((28, 28, 1))
    x = layers.Flatten()(images)
    x = layers.Dense(256, activation="relu", kernel_initializer="he_normal")(x)
    x = layers.Dense(128, activation="relu", kernel_initializer="he_normal")(x)
    encoder = keras.Model(images, layers.Dense(latent_dim)(x), name="encoder")

    codes = keras.Input((latent_dim,))
    x = layers.Dense(128, activation="relu", kernel_initializer="he_normal")(codes)
    x = layers.Dense(256, activation="relu", kernel_initializer="he_normal")(x)
    x = layers.Dense(784, activation="sigmoid")(x)
    decoder = keras.Model(codes, layers.Reshape((28, 28, 1))(x), name="decoder")

    autoencoder = keras.Model(images, decoder(encoder(images)), name="autoencoder")
    return encoder, decoder, autoencoder
    ### END SOLUTION


# %% check="autoencoder"
check("autoencoder")

# %% [markdown]
# Now train it. The loss is the *binary cross-entropy* between each pixel and its
# reconstruction, summed over the image and counted in *nats*. Lesson 05 explains both.
# Four terms that you will meet in every lesson:
#
# - A **training run** is one training from fresh random weights to the finished model.
# - An **epoch** is one pass over all training images. This run has six.
# - A **learning-rate schedule** says how large a step the optimizer takes at each point
#   of the run. Here the learning rate decays to zero along a cosine.
# - **Convergence** means that the loss hardly changes any more. The schedule helps the
#   run to converge, because the last steps are small.
#
# The run takes about ten seconds, and longer where other programs use the processor.

# %% tags=["skip-grading"]
EPOCHS, BATCH = 6, 250


def summed_cross_entropy(images, reconstructions):
    """Binary cross-entropy of each image, summed over its pixels, in nats: (n,)."""
    of_pixels = keras.losses.binary_crossentropy(images, reconstructions)  # (n, 28, 28)
    return ops.sum(of_pixels, axis=(1, 2))


def train(model):
    """Train a model to reconstruct its input, and print the first and the last loss."""
    steps = EPOCHS * len(x_train) // BATCH
    schedule = keras.optimizers.schedules.CosineDecay(4e-3, steps)
    model.compile(
        optimizer=keras.optimizers.Adam(schedule),
        loss=summed_cross_entropy,
        steps_per_execution=10,
    )
    history = model.fit(
        x_train,
        x_train,
        batch_size=BATCH,
        epochs=EPOCHS,
        callbacks=[LiveLine(model.name)],
        verbose=0,
    )
    loss = history.history["loss"]
    print(f"first epoch: loss {loss[0]:.0f} nats; last epoch: {loss[-1]:.0f} nats")


encoder, decoder, autoencoder = build_autoencoder(latent_dim=2)
train(autoencoder)

# %% [markdown]
# ## 2 · How well is each image reconstructed?
#
# The loss is one number for a whole batch. To see which images the model reconstructs
# well, you need **one number for each image**. Take the mean squared error over its
# pixels:
#
# $$e_i = \frac{1}{784}\sum_{p=1}^{784} (x_{ip} - \hat x_{ip})^2 .$$
#
# In words: average over the pixels of image $i$, not over the images.
#
# ### TO DO · `reconstruction-error`
# It should work for images of any shape. Axis 0 counts the images; all other axes,
# however many, belong to one image. Stuck? Run `hint("reconstruction-error")` in a cell
# of its own.


# %% exercise="reconstruction-error"
def reconstruction_error(images, reconstructions):
    """Mean squared error of each image.

    images, reconstructions: arrays of the same shape, (n, 28, 28, 1) or any other
    (n, ...). Returns (n,).
    """
    ### BEGIN SOLUTION
    squares = np.square(images - reconstructions)
    return squares.reshape(len(squares), -1).mean(axis=1)
    ### END SOLUTION


# %% check="reconstruction-error"
check("reconstruction-error")

# %% [markdown]
# With it you can sort the test images. Below you see originals above their
# reconstructions: the best ones, some from the middle, and the worst.

# %% tags=["skip-grading"]
test_codes = encoder.predict(x_test, batch_size=1000, verbose=0)
reconstructions = decoder.predict(test_codes, batch_size=1000, verbose=0)
errors = reconstruction_error(x_test, reconstructions)
order = errors.argsort()

figure, axes = plt.subplots(1, 3, figsize=(10, 1.5))
for panel, title, start in zip(axes, ("best", "middle", "worst"), (0, 5000, 9992)):
    chosen = order[start : start + 8]
    pairs = np.concatenate([x_test[chosen], reconstructions[chosen]])
    panel.imshow(image_grid(pairs, 8), vmin=0, vmax=1)
    low, high = errors[chosen].min(), errors[chosen].max()
    panel.set_title(f"{title}: error {low:.3f} to {high:.3f}")
    panel.axis("off")
plots.show(
    figure,
    alt="Test images above their reconstructions, in three groups. The best are mostly "
    "ones, and their reconstructions look almost the same. Those in the middle are "
    "blurred, and some are reconstructed as another digit. The worst are "
    "reconstructed as another digit or a blot.",
)
for digit in range(10):
    print(f"{digit}: mean error {errors[y_test == digit].mean():.3f}")

# %% [markdown]
# Two dimensions are not many. The model reconstructs ones best: a single stroke leaves
# little to get wrong. For many other images it gets the digit roughly right and the
# details wrong, and a thick or unusual digit becomes a blur.
#
# ## 3 · A second model: the VAE
#
# The VAE below is **given**. You need not understand every line yet: lesson 02 explains
# the sampling, and lesson 05 the second term of the loss. The VAE has the layers of
# your autoencoder, and it is trained on the same images, with the same optimizer and
# the same cross-entropy. Three things differ:
#
# - The encoder outputs *four* numbers: the mean of a Gaussian in the latent plane, and
#   the logarithm of its variance along each axis.
# - The decoder does not see the mean. It sees a **sample** from the Gaussian: a value
#   drawn from it at random. To draw values from a distribution is to *sample from* it.
# - The loss has a second term, the *KL divergence*. It is small for a Gaussian near the
#   standard normal distribution $\mathcal N(0, I)$, and it grows as the two differ.
#
# The training takes about ten seconds.


# %% tags=["skip-grading"]
@keras.saving.register_keras_serializable(package="vaelab")
class SampleWithKL(keras.layers.Layer):
    """Samples a code from each image's Gaussian, and adds the KL term to the loss."""

    def __init__(self, kl_weight=1.0, noise=1.0, **kwargs):
        super().__init__(**kwargs)
        self.kl_weight, self.noise = kl_weight, noise
        self.seed_generator = keras.random.SeedGenerator(237)

    def call(self, four_numbers):
        z_mean, z_log_var = ops.split(four_numbers, 2, axis=-1)
        kl = 0.5 * ops.sum(z_mean**2 + ops.exp(z_log_var) - 1 - z_log_var, axis=-1)
        self.add_loss(self.kl_weight * ops.mean(kl))
        epsilon = keras.random.normal(ops.shape(z_mean), seed=self.seed_generator)
        epsilon = self.noise * epsilon
        return z_mean + ops.exp(0.5 * z_log_var) * epsilon

    def get_config(self):
        config = {"kl_weight": self.kl_weight, "noise": self.noise}
        return {**super().get_config(), **config}


vae_encoder, _, _ = build_autoencoder(latent_dim=4)
_, vae_decoder, _ = build_autoencoder(latent_dim=2)
z = SampleWithKL()(vae_encoder.output)
vae = keras.Model(vae_encoder.input, vae_decoder(z), name="VAE")
train(vae)

# %% [markdown]
# The two losses are not comparable, because the VAE's includes the KL term. The
# reconstruction errors on the test images are. To reconstruct an image with the VAE, we
# decode the *mean* of its Gaussian and do not sample. So an image has the same
# reconstruction each time. All reconstructions in this course are made in this way.


# %% tags=["skip-grading"]
def encode(encoder, images):
    """Latent code of each image, (n, 2); for the VAE the mean of its Gaussian."""
    return encoder.predict(images, batch_size=1000, verbose=0)[:, :2]


def decode(decoder, codes):
    """Decoded image of each latent code, (n, 28, 28, 1)."""
    return decoder.predict(np.asarray(codes, "float32"), batch_size=1000, verbose=0)


encoders = {"autoencoder": encoder, "VAE": vae_encoder}
decoders = {"autoencoder": decoder, "VAE": vae_decoder}
codes = {name: encode(encoders[name], x_train) for name in encoders}
test_codes = {name: encode(encoders[name], x_test) for name in encoders}
for name in encoders:
    errors = reconstruction_error(x_test, decode(decoders[name], test_codes[name]))
    spread = codes[name].std(axis=0).round(2)
    print(f"{name:12} mean error on the test images {errors.mean():.4f}")
    print(f"{'':12} standard deviation of the training codes {spread}")
z_log_var = vae_encoder.predict(x_train, batch_size=1000, verbose=0)[:, 2:]
sigma = np.median(np.exp(0.5 * z_log_var), axis=0).round(3)
print(f"{'':12} standard deviation of an image's Gaussian {sigma} (median)")

# %% [markdown]
# The two errors lie within a few percent of each other, and which one is smaller
# depends on the seed. At reconstruction the two models are equals. So what is the VAE
# for?
#
# The last line shows how far a sample typically lies from the mean: less than a tenth
# of how far the codes of different images lie from one another.
#
# ## 4 · Two latent spaces
#
# A code is two numbers, so you can plot all of them. Each dot below is the code of a
# training image, colored by its digit. Neither model has ever seen a label.


# %% tags=["skip-grading"]
def spread_out(points, apart):
    """The points (n, 2), moved until hardly any two are closer than `apart`."""
    moved = points.copy()
    for _ in range(300):
        offset = moved[:, None] - moved[None]
        distance = np.linalg.norm(offset, axis=-1, keepdims=True)
        push = np.clip(apart - distance, 0, None) / np.maximum(distance, 1e-9)
        moved += 0.2 * (push * offset).sum(axis=1)
    return moved


figure, axes = plt.subplots(1, 2, figsize=(10, 5))
shuffled = np.random.default_rng(0).permutation(len(x_train))[:6000]
colors = np.array(plots.DIGIT_COLORS)
box = {"boxstyle": "circle,pad=0.15", "facecolor": "white", "linewidth": 2}
for panel, (name, points) in zip(axes, codes.items()):
    panel.scatter(*points[shuffled].T, s=3, color=colors[y_train[shuffled]], alpha=0.6)
    of_digits = [points[y_train == digit] for digit in range(10)]
    centers = np.array([np.median(own, axis=0) for own in of_digits])
    size = np.ptp(points[shuffled], axis=0).max()
    for digit, at in enumerate(spread_out(centers, 0.075 * size)):
        panel.annotate(
            str(digit),
            xy=centers[digit],
            xytext=at,
            ha="center",
            va="center",
            bbox=box | {"edgecolor": colors[digit]},
            arrowprops={"arrowstyle": "-", "color": "black", "linewidth": 0.8},
        )
    panel.set(title=f"latent codes of the {name}", xlabel="$z_1$", ylabel="$z_2$")
    panel.set_aspect("equal", adjustable="datalim")
plots.show(
    figure,
    alt="Two scatter plots of latent codes, colored by digit, with a numeral at the "
    "median of each digit. The autoencoder's codes are lopsided: some digits reach "
    "far out, most crowd into one corner. The VAE's codes fill a roundish region "
    "around 0, with the digits side by side.",
)

# %% [markdown]
# Look at the axes first. Nothing tells the autoencoder *where* to put its codes. Some
# digits reach far out, others crowd into a corner, and the whole is lopsided. The VAE's
# codes fill a roundish region around 0, a few units wide. Run the lesson with another
# seed: the autoencoder's codes take quite another shape. The VAE's digits change
# places, too, but their codes stay in a roundish region around 0.
#
# ## 5 · Sample from the latent space
#
# To **generate** an image is to decode a code that no image was encoded to. So sample
# some codes, and decode them. But from which distribution? Be fair to both models:
#
# - The VAE names one. It was trained with the standard normal distribution in its loss.
#   This is its **prior**, written $p(z)$: the distribution of $z$ before any image is
#   seen.
# - The autoencoder names none. We take the best that we can get without effort: a
#   normal distribution with the mean and the covariance of its codes.

# %% tags=["skip-grading"]
rng = np.random.default_rng(237)


def sample_fitted_normal(name, n):
    """n samples from the normal distribution fitted to a model's training codes."""
    return rng.multivariate_normal(codes[name].mean(axis=0), np.cov(codes[name].T), n)


def sample_codes(name, n):
    """n samples from the distribution that suits a model: prior or fitted normal."""
    if name == "VAE":
        return rng.standard_normal((n, 2))
    return sample_fitted_normal(name, n)


figure, axes = plt.subplots(1, 2, figsize=(10, 5))
for panel, name in zip(axes, decoders):
    generated = decode(decoders[name], sample_codes(name, 100))
    panel.imshow(image_grid(generated, 10), vmin=0, vmax=1)
    panel.set_title(f"{name}: 100 decoded samples")
    panel.axis("off")
plots.show(
    figure,
    alt="A hundred decoded samples of each model. Most of the autoencoder's look like "
    "digits, but some are torn into pieces or are no digit at all. The VAE's look "
    "a little more blurred, and nearly all of them could be digits.",
)

# %% [markdown]
# Before you read on, decide: how many on the left are not digits? How many on the
# right? Which digits are missing? Is one model better?
#
# <details><summary>Answer</summary>
#
# It is tempting to write "the left is garbage, the right is good" below such a figure.
# That would not be true. Most images on the left are digits, and if anything, those on
# the right look more blurred. What differs seems to be the share of broken ones. But a
# hundred images and an impression are no measurement. Section 7 counts.
#
# </details>
#
# ## 6 · Interpolate between two images
#
# First stay between codes that the model knows. To **interpolate** between two images
# is to encode both, to take points on the straight line from one code to the other, and
# to decode these points. Both ends belong to the line: the first point decodes to the
# reconstruction of the first image, and the last point to that of the second.
#
# $$z_k = \Big(1 - \frac{k}{n-1}\Big)\, z_\text{start} + \frac{k}{n-1}\, z_\text{end},
# \qquad k = 0, \dots, n-1 .$$
#
# In words: $n$ points at equal distances, so there are $n - 1$ steps between them.
#
# ### TO DO · `interpolate`
# Make it work for codes of any length $d$: lesson 08 has eight dimensions. Leave the
# two codes that are passed in unchanged. Stuck? Run `hint("interpolate")` in a cell of
# its own.


# %% exercise="interpolate"
def interpolate(z_start, z_end, steps):
    """Points at equal distances on the line between two latent codes, ends included.

    z_start, z_end: (d,). steps: the number of points, at least 2. Returns (steps, d).
    """
    ### BEGIN SOLUTION
    return np.linspace(z_start, z_end, steps)
    ### END SOLUTION


# %% check="interpolate"
check("interpolate")

# %% [markdown]
# Here are four interpolations with each model, between the same test images.

# %% tags=["skip-grading"]
pairs = [(0, 1), (7, 0), (6, 7), (1, 9)]

figure, axes = plt.subplots(1, 2, figsize=(10, 2.2))
for panel, name in zip(axes, decoders):
    z = test_codes[name][first]  # one code for each digit
    lines = np.concatenate([interpolate(z[a], z[b], 11) for a, b in pairs])
    panel.imshow(image_grid(decode(decoders[name], lines), 11), vmin=0, vmax=1)
    panel.set_title(f"{name}: four interpolations")
    panel.axis("off")
plots.show(
    figure,
    alt="Four rows of eleven decoded images for each model: from 0 to 1, 7 to 0, 6 to "
    "7 and 1 to 9. Both models pass through other digits on the way. The rows of "
    "the two models look much alike.",
)

# %% [markdown]
# Is one model better? Measure it. Interpolate between 300 random pairs of test images,
# and ask how much of the whole change happens in the largest of the ten steps. If all
# steps were equal, each would have one tenth.

# %% tags=["skip-grading"]
ends = rng.choice(len(x_test), (300, 2), replace=False)

for name in decoders:
    z = test_codes[name]
    lines = np.concatenate([interpolate(z[a], z[b], 11) for a, b in ends])
    frames = decode(decoders[name], lines).reshape(300, 11, 784)
    change = np.sqrt(np.square(np.diff(frames, axis=1)).mean(axis=-1))
    share = change.max(axis=1) / change.sum(axis=1)
    print(f"{name:12} largest of ten steps: {share.mean():.0%} of the change (mean)")

# %% [markdown]
# The autoencoder jumps a little more. Its largest step has 17 to 21% of the change, the
# VAE's 15 to 17%, over all seeds that we tried. The difference is small: between two
# *known* codes an autoencoder interpolates decently. So a row of good interpolated
# images does not show that a model can generate. The two models differ where there are
# no codes.
#
# ## 7 · Holes in the latent space
#
# A decoder has learned what to output at the codes that it was trained with. Far from
# all of them, its output is a guess. So ask of a random point: **is there a training
# code near it?** If there is none within a radius $r$, the point lies in a *hole*.
#
# ### TO DO · `holes`
# Return the share of samples that lie in a hole. A code at a distance of *exactly*
# `radius` counts as near, so a sample lies in a hole only if its nearest code is
# farther away than `radius`.
#
# Comparing each of 30,000 codes with each of several thousand samples takes hundreds of
# millions of distances. In a double loop that is minutes. A *k-d tree* ([Bentley,
# 1975](https://doi.org/10.1145/361002.361007)) sorts the codes by position once, and
# then looks only at those nearby. SciPy has one,
# [`KDTree`](https://docs.scipy.org/doc/scipy/reference/generated/scipy.spatial.KDTree.html).
# Make it from the codes, and `query` it with all samples at once. It returns a pair:
# for each sample the distance to its nearest code, and the index of that code.
#
# ```python
# tree = KDTree([[0.0, 0.0], [5.0, 5.0]])  # two codes
# distances, indices = tree.query([[0.0, 1.0], [5.0, 7.0], [6.0, 5.0]])  # three samples
# print(distances, indices)  # [1. 2. 1.] [0 1 1]
# ```
#
# 50,000 codes and 1,000 samples should take less than a second. Codes may have any
# length $d$. (If you use the argument `distance_upper_bound`: it leaves out a code at
# exactly that distance.) Stuck? Run `hint("holes")` in a cell of its own.


# %% exercise="holes"
def hole_fraction(codes, samples, radius):
    """Share of the samples that have no code within the radius, from 0 to 1.

    codes: (n, d). samples: (m, d). A code at exactly this distance counts as within.
    """
    ### BEGIN SOLUTION
    distances, _ = KDTree(codes).query(samples)
    return float(np.mean(distances > radius))
    ### END SOLUTION


# %% check="holes"
check("holes")

# %% [markdown]
# ### A map of the holes
#
# One latent space is wider than the other, so the same radius would mean different
# things in them. To be fair, **shift and scale each latent space so that its training
# codes have mean 0 and standard deviation 1 along each axis**. From here on, a radius
# of 0.1 means a tenth of the standard deviation of *this* model's codes.
#
# The map shows how far each point is from the nearest training code. The white dots are
# samples, from the same distributions as in section 5. Where do you expect the holes?


# %% tags=["skip-grading"]
def standardize(name, points):
    """Points of a latent space in units in which its codes have mean 0, deviation 1."""
    return (points - codes[name].mean(axis=0)) / codes[name].std(axis=0)


def distance_to_nearest_code(name, points):
    """Distance of each point to the model's nearest training code, in these units."""
    return trees[name].query(standardize(name, points))[0]


trees = {name: KDTree(standardize(name, codes[name])) for name in codes}
samples = {name: sample_codes(name, 5000) for name in codes}
ticks = np.linspace(-4, 4, 240)
grid = np.stack(np.meshgrid(ticks, ticks), axis=-1)

figure, axes = plt.subplots(1, 2, figsize=(10, 4.6))
for panel, name in zip(axes, codes):
    shown = panel.imshow(
        trees[name].query(grid)[0],
        extent=(-4, 4, -4, 4),
        origin="lower",
        cmap="viridis",
        vmin=0,
        vmax=0.3,
    )
    dots = standardize(name, samples[name][:400])
    panel.scatter(*dots.T, s=6, color="white", edgecolor="black", linewidth=0.4)
    panel.set(title=f"{name}: distance to the nearest code", xlim=(-4, 4), ylim=(-4, 4))
    panel.set(xlabel="$z_1$ (standardized)", ylabel="$z_2$ (standardized)")
    panel.grid(False)
figure.colorbar(shown, ax=axes, label="distance (standard deviations)", extend="max")
plots.show(
    figure,
    alt="Two maps of the distance to the nearest training code, dark where a code is "
    "near and bright in the holes, with random samples as dots. The autoencoder's "
    "codes cover a lopsided region, and a good many dots lie outside of it, in the "
    "bright part. In the VAE's map nearly all dots lie in the dark part, which the "
    "bright part surrounds.",
)

# %% [markdown]
# <details><summary>Where are they?</summary>
#
# Between the digits, where most people expect them, the codes are only a little
# sparser. The large holes are elsewhere: **beside the codes, where the fitted
# distribution says that there should be some.** A normal distribution has the shape of
# an ellipse, and a lopsided set of codes does not.
#
# </details>
#
# What does the decoder output in a hole? Below are, for each model, the twelve of 2,000
# samples that lie farthest from any code. Above each image stands this distance.

# %% tags=["skip-grading"]
figure, axes = plt.subplots(2, 12, figsize=(10, 2.3))
for row, name in zip(axes, codes):
    distances = distance_to_nearest_code(name, samples[name][:2000])
    deepest = distances.argsort()[::-1][:12]
    images = decode(decoders[name], samples[name][deepest])
    for panel, image, distance in zip(row, images, distances[deepest]):
        panel.imshow(image, vmin=0, vmax=1)
        panel.set_title(f"{distance:.2f}", fontsize=9)
        panel.set(xticks=[], yticks=[])
        panel.spines[:].set_visible(False)
    row[0].set_ylabel(name)
plots.show(
    figure,
    alt="Two rows of twelve decoded samples, those that lie deepest in holes. The "
    "autoencoder's are about one standard deviation or more away from any code, and "
    "are torn or too bold. The VAE's are much nearer to a code, more blurred and more "
    "like digits.",
)

# %% [markdown]
# ### Explore the latent space yourself
#
# Below is the VAE's latent plane. Drag over it, or click into it and use the arrow
# keys. On the right you see the decoded image of the point where you are, and that of
# the nearest training code. Go to where there are no dots. Then put `decoder,
# codes["autoencoder"]` into the cell and compare.

# %% tags=["skip-grading"]
LatentExplorer(vae_decoder, codes["VAE"], y_train)

# %% [markdown]
# ### How many samples lie in a hole?
#
# A single radius is an arbitrary choice, so take a range of them. A single distribution
# to sample from is arbitrary, too. So take three, and the same three for both models:
#
# - $\mathcal N(0, I)$, which is the VAE's prior and means nothing to the autoencoder;
# - a normal distribution fitted to the codes;
# - a naive choice that you will often meet: the uniform distribution over the box that
#   just contains all codes.

# %% tags=["skip-grading"]
radii = np.geomspace(0.01, 1, 15)


def sample_sources(name, n):
    """n samples of a model's latent space from each distribution, by its name."""
    low, high = codes[name].min(axis=0), codes[name].max(axis=0)
    return {
        "N(0, I)": rng.standard_normal((n, 2)),
        "fitted normal": sample_fitted_normal(name, n),
        "box around codes": rng.uniform(low, high, (n, 2)),
    }


styles = {"N(0, I)": ":", "fitted normal": "-", "box around codes": "--"}
figure, axes = plt.subplots(figsize=(7.2, 4))
for name, marker, color in zip(codes, "os", ("C1", "C0")):
    unit_codes = standardize(name, codes[name])
    for source, z in sample_sources(name, 5000).items():
        shares = [hole_fraction(unit_codes, standardize(name, z), r) for r in radii]
        look = {"linestyle": styles[source], "marker": marker, "color": color}
        axes.semilogx(radii, shares, label=f"{name}, {source}", **look)
axes.set(xlabel="radius $r$ (standard deviations of the codes)", ylim=(0, 1))
axes.set(ylabel="share of the samples in a hole")
axes.legend()
plots.show(
    figure,
    alt="Share of the samples in a hole, against the radius. At a radius of 0.1 both "
    "curves of the VAE, with its prior and a fitted normal, are close to zero, and "
    "the autoencoder's with a fitted normal is at about a tenth. The two for boxes "
    "are far higher. Where the autoencoder's for N(0, I) lies depends on the seed.",
)

# %% [markdown]
# At small radii all curves are high: between 30,000 codes there is always *some* room.
# What counts is what remains. For boxes, very much remains: a VAE does not fill *all*
# of its latent space either.
#
# One curve may surprise you. The autoencoder knows nothing of $\mathcal N(0, I)$, and
# yet samples from it may hardly ever lie in a hole (with some seeds one or two in a
# hundred). Do not conclude too early. Samples can fail in two ways: they can lie where
# there are no codes, and they can miss codes. To count the second, ask the same
# question the other way round: what share of the *codes* has no *sample* within the
# radius?
# `hole_fraction` answers that, too, with its first two arguments swapped.

# %% tags=["skip-grading"]
print(f"{'radius 0.1':29} {'samples in a hole':>18} {'codes missed':>13}")
for name in codes:
    unit_codes = standardize(name, codes[name])
    for source, z in sample_sources(name, 30_000).items():
        unit_samples = standardize(name, z)
        in_hole = hole_fraction(unit_codes, unit_samples, 0.1)
        missed = hole_fraction(unit_samples, unit_codes, 0.1)
        print(f"{f'{name}, {source}':29} {in_hole:18.1%} {missed:13.1%}")

# %% [markdown]
# The ranges in brackets are those of all seeds that we tried:
#
# - With a *fitted normal*, about a tenth of the autoencoder's samples lie in a hole (6
#   to 17%), and a few in a hundred of the VAE's (1 to 5%).
# - With its *prior*, the VAE has about one sample in a hundred in a hole (0.3 to 5%),
#   and misses few codes (about 3%).
# - With the same distribution $\mathcal N(0, I)$, up to a sixth of the autoencoder's
#   samples lie in holes (0.6 to 17%), and a sixth or more of its codes are missed (16
#   to 29%).
# - With a *box*, hardly a code is missed, but a quarter to a half of the samples lie in
#   holes.
#
# So a VAE does not fill its latent space. It puts codes in nearly all of the region
# where its prior has its mass, and nearly all codes there. This is why it can tell you
# where to sample. Nearly is not exactly: some samples do lie in holes, and some codes
# are missed. Lesson 06 compares the prior with the distribution of the codes.
#
# ### What do the holes do to the images?
#
# Count the broken images without a person's judgment. Decode 5,000 training codes:
# these are the model's own reconstructions of real digits. For another decoded image,
# measure the distance to the most similar one of them. Do the same for 1,000 test
# images, to learn which distances are usual. Call an image **implausible** if its
# distance is larger than 99% of theirs. By construction, 1% of real digits count as
# implausible. Each model is compared with its own reconstructions, so blur counts
# neither for it nor against it.
#
# Is it the holes that matter? Look at the samples in a hole and at the others
# separately. The cell takes some ten seconds.


# %% tags=["skip-grading"]
def distance_to_nearest(images, known):
    """Mean squared error between each image and the most similar known image."""
    a, b = (np.reshape(x, (len(x), -1)) for x in (images, known))
    squared = np.square(a).sum(axis=1)[:, None] + np.square(b).sum(axis=1) - 2 * a @ b.T
    return squared.min(axis=1) / a.shape[1]


def percent(values):
    """The share of True values, where there are enough of them to say."""
    return f"{values.mean():.0%}" if len(values) >= 20 else "too few"


print(f"{'implausible images':29} {'all':>7} {'in a hole':>11} {'elsewhere':>11}")
for name in codes:
    known = decode(decoders[name], codes[name][:5000])
    of_tests = decode(decoders[name], test_codes[name][:1000])
    limit = np.quantile(distance_to_nearest(of_tests, known), 0.99)
    noise = 0.05 * codes[name].std(axis=0) * rng.standard_normal((1000, 2))
    near = codes[name][rng.integers(0, len(x_train), 1000)] + noise
    for source, z in {**sample_sources(name, 1000), "close to a code": near}.items():
        implausible = distance_to_nearest(decode(decoders[name], z), known) > limit
        in_hole = distance_to_nearest_code(name, z) > 0.1
        shares = [percent(x) for x in (implausible[in_hole], implausible[~in_hole])]
        label = f"{name}, {source}"
        print(f"{label:29} {implausible.mean():7.1%} {shares[0]:>11} {shares[1]:>11}")

# %% [markdown]
# What you can see here held for all seeds that we tried:
#
# 1. **Samples in holes are mostly implausible**, of the autoencoder's with a fitted
#    normal more than eight in ten. Elsewhere it is one in ten or fewer.
# 2. **The VAE has fewer implausible images**: 2 to 10% with its prior. The autoencoder
#    has 9 to 25% with a fitted normal. (With $\mathcal N(0, I)$ it has 5 to 27%, and
#    codes are missed.) That is better, not perfect. With nearly all seeds, most of the
#    VAE's implausible images do not come from holes.
# 3. **The holes make most of the difference.** Elsewhere the two models differ much
#    less: 3 to 10% of the autoencoder's images are implausible, 2 to 6% of the VAE's.
# 4. **The autoencoder's decoder is not to blame.** Close to known codes, 0.4 to 3% of
#    its images are implausible, hardly more than of real digits. It *can* output
#    digits; it can't tell you where.
#
# In fact, to sample close to a training code *is* to sample from a distribution fitted
# to the codes: a *kernel density estimate*. So an autoencoder can generate once you fit
# a good distribution to its codes. [Ghosh and others
# (2020)](https://arxiv.org/abs/1903.12436) call this *ex-post density estimation*. They
# fit a mixture of Gaussians to the codes, and their autoencoders are regularized as
# well: extra terms of the loss keep the codes near 0 and the decoder smooth. A VAE
# arranges its codes so that you know a distribution beforehand, at least approximately.
#
# What this does not measure: whether a plausible image is *new*, or whether it is any
# good. An image next to a training code is plausible because it is nearly a
# reconstruction of a training image. Lesson 08 judges samples more thoroughly.
#
# In two dimensions you can see all this in a figure. In lesson 08, with eight, only the
# measurements remain.

# %% [markdown]
# ## 8 · Find the bug: a grid that interpolates between no two images
#
# In many published lessons, the section called "interpolation between digits" decodes
# something like this:
#
# ```python
# grid_x = np.linspace(-3, 3, n)
# grid_y = np.linspace(-3, 3, n)
# ```
#
# and shows the $n \times n$ images. It looks splendid. Stop for a moment: *which two
# digits* does it interpolate between?

# %% tags=["skip-grading"]
side = np.linspace(-3, 3, 15)
box = np.stack(np.meshgrid(side, side[::-1]), axis=-1)  # (row, column, 2), from the top
rows = []
for a, b in ((6, 7), (0, 1), (7, 0)):
    z = test_codes["VAE"][first]
    line = decode(vae_decoder, interpolate(z[a], z[b], 11))
    rows += [x_test[[first[a]]], line, x_test[[first[b]]]]

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.4), width_ratios=(1, 1.3))
left.imshow(image_grid(decode(vae_decoder, box.reshape(-1, 2)), 15), vmin=0, vmax=1)
left.set_title("published: a grid of points, decoded")
right.imshow(image_grid(np.concatenate(rows), 13), vmin=0, vmax=1)
right.set_title("from one image (left end) to another (right end)")
left.axis("off"), right.axis("off")
plots.show(
    figure,
    alt="Left: a 15 by 15 grid of decoded digits that blend into each other. Right: "
    "three rows that each begin with a test image and its reconstruction, and end "
    "with the reconstruction of another test image and that image itself.",
)

# %% tags=["skip-grading"]
borders = standardize("VAE", box[:, [0, -1]].reshape(-1, 2))
unit_codes = standardize("VAE", codes["VAE"])
unit_test_codes = standardize("VAE", test_codes["VAE"])
in_holes = hole_fraction(unit_codes, borders, 0.1)
print(f"ends of rows with no code within 0.1: {in_holes:.0%}")
near_an_end = 1 - hole_fraction(borders, unit_test_codes, 0.1)
print(f"test images with an end of a row within 0.1: {near_an_end:.1%}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Between none. Each row on the right begins and ends with an image, as well as the
# model can reconstruct it. A row of the grid begins and ends at points that somebody
# has chosen. About half of these points lie in holes, and hardly one test image in a
# hundred is encoded near one of them.
#
# The figure is a fine *grid of decoded samples*, and you will make one in lesson 06. It
# just does not show what its title says: what the model makes of the line from this
# digit to that one. One question tells the two apart: **is an image encoded at all?**
#
# </details>
#
# ## 9 · Why are there fewer holes?
#
# Look again at what is different about the VAE (section 3): a Gaussian instead of a
# point, a sample from it, and the KL term.
#
# Which of them does it? Two experiments can tell. Each changes one line of section 3;
# then run all cells from there once more, which takes about a minute:
#
# - `SampleWithKL(kl_weight=0.0)`: sampling without the KL term;
# - `SampleWithKL(noise=0.0)`: the KL term without sampling.
#
# Before you look, note what you expect of the standard deviations in section 3 and of
# the table in section 7: a fitted normal and $\mathcal N(0, I)$.
#
# ### TO DO · `written-holes`
# In about three sentences: **why does the VAE's latent space have fewer holes?** Say
# what each of the two terms of the loss does to the codes, what would happen with only
# one of them, and name one number from this lesson that supports you.

# %% [markdown] written="written-holes" points=3
# *Your answer, about three sentences:*
#
# ### BEGIN SOLUTION
# The KL term keeps every Gaussian close to the one prior N(0, I): the means can't move
# far out, and the variances can't shrink to zero, so the Gaussians have to share a
# small region. Because the decoder sees a sample, the reconstruction term makes every
# point that a Gaussian covers decode to something like its image, so that neighboring
# Gaussians blend and leave no gap. Without the KL term the variances shrink towards
# zero, and the model is an autoencoder again; with only the KL term, all Gaussians
# become the prior and say nothing about the image. In the lesson the share of samples
# in a hole of radius 0.1 fell from about a tenth to a few in a hundred or fewer.
#
# For the person who grades, what the experiments show. Sampling without the KL term
# (eight seeds): within an image's Gaussian a standard deviation of 0.001 to 0.004,
# between the codes 2 to 4, and 9 to 16% of the samples from a fitted normal lie in
# holes, as with the autoencoder. The KL term without sampling (three seeds): the codes
# shrink to a standard deviation of 0.7 and form a compact region, so that 3 to 4% of
# the samples from a fitted normal lie in holes; but the prior is too wide for them,
# with 14 to 19%.
#
# Rubric
# - 1 point: the KL term keeps the codes together around 0 (or: close to the prior), so
#   that we know where to sample.
# - 1 point: because of the sampling, the decoder has to decode a whole neighborhood of
#   each code, not a single point.
# - ½ point: what one term alone would do: with only the reconstruction term the model
#   is an autoencoder again, with only the KL term a code says nothing.
# - ½ point: a number measured in the lesson, rightly read. "The VAE has no holes" is
#   not right: a few samples from its prior lie in holes, too, and its box is full of
#   them.
# ### END SOLUTION

# %% [markdown]
# ## What to take along
# - An autoencoder learns to reconstruct images. It learns nothing about *where* its
#   codes should lie: its latent space is lopsided and has holes.
# - Good reconstructions, or good interpolations, are no evidence that a model can
#   generate. Sample at random, and count.
# - Nearly all samples from a VAE's prior have training codes near them: 95 to 99.7% in
#   our runs, not all. Outside the region that the prior covers, a VAE has holes, too.
# - A fair comparison samples from a distribution that suits each model, measures both
#   latent spaces in the same units, and uses the same definition of implausible.
# - An interpolation starts from an image and ends at one. A grid of latent points does
#   not.
#
# ## Where to go on
# - G. E. Hinton, R. R. Salakhutdinov: [Reducing the Dimensionality of Data with Neural
#   Networks](https://doi.org/10.1126/science.1127647), 2006. MNIST in two dimensions by
#   an autoencoder, beside PCA. The latent code is simply the "code" there, the output
#   of a "small central layer".
# - D. P. Kingma, M. Welling: [Auto-Encoding Variational
#   Bayes](https://arxiv.org/abs/1312.6114), 2013. The paper that introduced the VAE.
#   The encoder is called the "recognition model" there. Lessons 02 and 05 prepare you
#   to read it.
# - C. Doersch: [Tutorial on Variational
#   Autoencoders](https://arxiv.org/abs/1606.05908), 2016. The VAE from scratch,
#   intuition before mathematics. It calls $z$ the "latent variables".
# - P. Ghosh and others: [From Variational to Deterministic
#   Autoencoders](https://arxiv.org/abs/1903.12436), 2020. Regularized autoencoders that
#   generate. To fit a distribution to the codes after the training is "ex-post density
#   estimation" there.
#
# [Lesson 02: reparameterization
# →](../02_reparameterization/02_reparameterization.ipynb)
