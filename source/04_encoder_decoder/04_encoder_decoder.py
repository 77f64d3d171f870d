# %% [markdown]
# # 04 · Encoder and decoder: convolutions down and up
#
# **You will be able to**
# - say what kernel, stride and padding do to the size of an image, and count a layer's
#   parameters by hand;
# - build a convolutional encoder with two output heads, and a decoder that mirrors it;
# - read a layer table, and tell where the parameters are and where the computing time
#   goes;
# - explain where the checkerboard pattern in generated images comes from;
# - spot an activation that doesn't belong on a head, and measure what it costs.
#
# **Time** about 60 minutes · **Points** 20 · **Builds on** lessons 02 and 03 · **Next**
# [lesson 05](../05_vae_loss/05_vae_loss.ipynb)
#
# You complete the cells marked TO DO. Each is followed by a `check` that you can run as
# often as you like.

# %%
import vaelab.quiet  # first, so that TensorFlow starts without its log lines

import math

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

from autograder import check, hint
from vaelab import datasets, plots
from vaelab.progress import LiveLine

keras.utils.set_random_seed(237)

# %% [markdown]
# The images are those of lesson 03: 28×28 pixels, one channel, scaled to the range from
# 0 to 1.

# %%
(x_train, _), (x_test, test_labels) = datasets.load_mnist()
x_train = x_train[..., None] / np.float32(255)  # (60000, 28, 28, 1), float32
x_test = x_test[..., None] / np.float32(255)  # (10000, 28, 28, 1)

# %% [markdown]
# ## 1 · What a stride does to an image
#
# A convolution slides a small window across the image. At each position it multiplies
# the pixels in the window by its own weights, the **kernel**, and adds up the products.
# Three settings determine how many positions there are:
#
# - the **kernel size** $k$ is the width of the window in pixels;
# - the **stride** $s$ is the number of pixels from one position to the next;
# - the **padding** says what happens at the border. With `"valid"` the window stays
#   inside the image. With `"same"` the image is surrounded by zeros, so that a
#   convolution of stride 1 returns as many pixels as it gets.
#
# Training normally finds the weights of a kernel. Here you set them by hand: the rows
# −1 −2 −1, 0 0 0, 1 2 1 detect horizontal edges. The output is positive (blue in the
# figure) where the pixel values increase from top to bottom, and negative (red) where
# they decrease.

# %% tags=["skip-grading"]
kernel = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], "float32").reshape(3, 3, 1, 1)
digit = x_train[:1]

figure, axes = plt.subplots(1, 5, figsize=(11, 2.8))
axes[0].imshow(digit[0, :, :, 0], extent=(0, 28, 28, 0))
axes[0].set_title("image, 28×28")
settings = [(1, "same"), (1, "valid"), (2, "same"), (2, "valid")]
for ax, (stride, padding) in zip(axes[1:], settings):
    edges = ops.conv(digit, kernel, strides=stride, padding=padding)
    edges = ops.convert_to_numpy(edges)[0, :, :, 0]
    ax.imshow(edges, cmap="RdBu", vmin=-4, vmax=4)
    ax.set_title(f"stride {stride}, {padding}\n{edges.shape[0]}×{edges.shape[1]}")
for ax in axes:
    ax.set(xticks=[], yticks=[])
plots.show(
    figure,
    alt="A handwritten five and four feature maps of it. Upper edges of the strokes "
    "are blue, lower edges red. Stride 1 gives 28 by 28 pixels with padding same and "
    "26 by 26 with valid. Stride 2 gives 14 by 14 and 13 by 13: coarser, but with the "
    "same edges.",
)

# %% [markdown]
# Each result is a **feature map**: it says how strongly one feature, here a horizontal
# edge, is present at each position. Stride 2 keeps one position in four. The feature
# map has a quarter of the values, and you still see where the edges are, because
# neighboring windows overlap and respond similarly. That is why an encoder can halve
# the image, and why it adds channels when it does: fewer positions, more kinds of
# features at each.
#
# `"same"` does not always mean zeros on all four sides. TensorFlow adds only as many
# rows and columns as the last window needs, and puts an odd one at the bottom and on
# the right. The next cell asks where the windows are. The input holds the index of each
# row, and the kernel copies the value at its center.

# %% tags=["skip-grading"]
row_index = np.arange(28, dtype="float32").reshape(1, 28, 1, 1)
row_index = np.tile(row_index, (1, 1, 28, 1))
copy_center = np.zeros((3, 3, 1, 1), "float32")
copy_center[1, 1] = 1
for stride in (1, 2, 3):
    centers = ops.conv(row_index, copy_center, strides=stride, padding="same")
    centers = ops.convert_to_numpy(centers)[0, :, 0, 0].astype(int)
    print(f"stride {stride}: windows centered at rows", *centers[:4], "…", centers[-1])

# %% [markdown]
# With 28 pixels, a kernel of 3 and stride 2, the windows are centered at rows 1, 3, 5,
# … (counted from 0), not at 0, 2, 4, …. The last window, centered at row 27, reaches
# one row beyond the image: the padding is one row of zeros at the bottom, and none at
# the top. This matters when you copy weights between libraries: PyTorch's `padding=1`
# pads both sides, so that its windows are centered at 0, 2, 4, ….
#
# ## 2 · Sizes and parameters by hand
#
# For an image with $n$ pixels along one side, the number of positions along that side
# is
#
# $$\text{same: } \left\lceil \frac{n}{s} \right\rceil
# \qquad\qquad
# \text{valid: } \left\lfloor \frac{n - k}{s} \right\rfloor + 1 .$$
#
# In words: with `"same"` there is one window for every $s$ pixels, rounded up, and the
# kernel size doesn't matter. With `"valid"` the window starts at one border and can
# move $n-k$ pixels before it reaches the other. Each full stride is one more position.
#
# A layer with $f$ **filters** has $f$ kernels, and each extends through all $c$
# channels of its input. With one bias for each filter that makes
#
# $$(k \cdot k \cdot c + 1) \cdot f \ \text{ parameters.}$$
#
# In words: count the weights of one kernel, add its bias, and multiply by the number of
# filters. The formula contains neither the size of the image nor the stride, because
# one kernel is shared by all positions (**weight sharing**).
#
# ### TO DO · `conv-arithmetic`
# Write both formulas in plain Python. Sizes and counts are whole numbers: return an
# `int`, because a shape needs one. For example, `conv_output_size(7, 3, 2, "same")` is
# 4 and `conv_output_size(7, 3, 2, "valid")` is 3.
#
# Stuck? Run `hint("conv-arithmetic")` in a cell of its own.


# %% exercise="conv-arithmetic"
def conv_output_size(size, kernel_size, stride, padding):
    """Number of pixels along one side after a convolution.

    size: pixels along that side before, at least kernel_size; padding: "same" or
    "valid". Returns an int.
    """
    ### BEGIN SOLUTION
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1
    ### END SOLUTION


def conv_params(in_channels, filters, kernel_size):
    """Number of parameters of a convolution: square kernels, one bias for each filter.

    Returns an int.
    """
    ### BEGIN SOLUTION
    return (kernel_size * kernel_size * in_channels + 1) * filters
    ### END SOLUTION


# %% check="conv-arithmetic"
check("conv-arithmetic")

# %% [markdown]
# A formula should predict. Compare yours with Keras for many settings.

# %% tags=["skip-grading"]
agree, total = 0, 0
for size in (5, 8, 13, 28):
    for kernel_size in (1, 2, 3, 5):
        for stride in (1, 2, 3):
            for padding in ("same", "valid"):
                layer = layers.Conv2D(7, kernel_size, strides=stride, padding=padding)
                layer.build((None, size, size, 3))
                keras_size = layer.compute_output_shape((None, size, size, 3))[1]
                found = conv_output_size(size, kernel_size, stride, padding)
                agree += found == keras_size
                agree += conv_params(3, 7, kernel_size) == layer.count_params()
                total += 2
print(f"{agree} of {total} predictions agree with Keras")

# %% [markdown]
# ## 3 · An encoder with two heads
#
# This is the encoder of the course, layer by layer. All kernels are 3×3 with padding
# `"same"`.
#
# | layer | activation | output shape | purpose |
# |---|---|---|---|
# | Conv2D, 32 filters | ReLU | 28×28×32 | edges and strokes |
# | Conv2D, 64 filters, **stride 2** | ReLU | 14×14×64 | half the height and width, twice the features |
# | Conv2D, 64 filters | ReLU | 14×14×64 | features of features |
# | Conv2D, 64 filters | ReLU | 14×14×64 | each value now depends on 13×13 pixels of the image |
# | Flatten | – | 12,544 | feature maps to one long vector |
# | Dense, 32 units | ReLU | 32 | a summary of the image |
# | Dense, `latent_dim` units, named `z_mean` | **none** | 2 | mean of the approximate posterior |
# | Dense, `latent_dim` units, named `z_log_var` | **none** | 2 | logarithm of its variance |
#
# The 13×13 pixels are the **receptive field** of the last convolution: the part of the
# image that can influence one of its values.
#
# The two output layers are called **heads**. Both read the same 32 values, side by
# side; neither follows the other. Together they describe the approximate posterior
# q(z|x) of lesson 02, a Gaussian: `z_mean` is its mean μ, `z_log_var` is the logarithm
# of its variance σ². Neither head has an activation, because a mean may be any number,
# and so may the logarithm of a variance. Section 6 measures what happens otherwise.
#
# Use Keras' [functional API](https://keras.io/guides/functional_api/): call each layer
# on the output of the previous one. A model with two outputs takes a list of them:
#
# ```python
# inputs = keras.Input((4,))
# hidden = layers.Dense(3, activation="relu")(inputs)
# a = layers.Dense(1, name="a")(hidden)
# b = layers.Dense(1, name="b")(hidden)
# model = keras.Model(inputs, [a, b])
# ```
#
# A subclass of `keras.Model` earns the same points, but the figures below read shapes
# that only a functional model knows in advance.
#
# ### TO DO · `encoder`
# Build it. Every later lesson relies on the order and the names of the outputs:
# `z_mean` first, then `z_log_var`. Take the sizes from the two arguments: the check
# also builds encoders for other image shapes and other numbers of latent dimensions.
#
# Stuck? Run `hint("encoder")` in a cell of its own.


# %% exercise="encoder"
def build_encoder(img_shape=(28, 28, 1), latent_dim=2):
    """Convolutional encoder: images (batch, *img_shape) → [z_mean, z_log_var].

    Both outputs are (batch, latent_dim). Returns a keras.Model whose two outputs come
    from Dense layers named "z_mean" and "z_log_var".
    """
    ### BEGIN SOLUTION
    images = keras.Input(img_shape, name="images")
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(images)
    # 28×28 → 14×14
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(32, activation="relu")(x)
    z_mean = layers.Dense(latent_dim, name="z_mean")(x)
    z_log_var = layers.Dense(latent_dim, name="z_log_var")(x)
    return keras.Model(images, [z_mean, z_log_var], name="encoder")
    ### END SOLUTION


# %% check="encoder"
check("encoder")

# %% [markdown]
# Look at the model you built. Each block shows the output shape above, and the kind of
# layer and its number of parameters below.


# %% tags=["skip-grading"]
def table(model):
    """(kind or name, output shape without the batch, parameters) of each layer."""
    rows = []
    for layer in model.layers:
        kind = layer.name if layer.name.startswith("z_") else type(layer).__name__
        rows.append((kind, tuple(layer.output.shape[1:]), layer.count_params()))
    return rows


encoder = build_encoder()
*blocks, z_mean, z_log_var = table(encoder)
heads = ("z_mean,\nz_log_var", z_mean[1], z_mean[2] + z_log_var[2])
plots.show(
    plots.draw_layers([*blocks, heads]),
    alt="The encoder as a row of blocks: a 28 by 28 image, a stack of 32 feature maps "
    "of the same size, three stacks of 64 feature maps of half the size, a vector of "
    "12,544 values, one of 32, and the two heads of 2 values each.",
)
print(f"{'layer':<12}{'shape':<10}{'parameters':>12}")
for kind, shape, params in table(encoder):
    print(f"{kind:<12}{'×'.join(map(str, shape)):<10}{params:>12,}")
print(f"{'encoder':<22}{encoder.count_params():>12,}")

# %% [markdown]
# Check one line by hand: the third convolution has
# $(3\cdot3\cdot64+1)\cdot64 = 36{,}928$ parameters. A Dense layer follows the same rule
# with a "kernel" that covers the whole input: $(12{,}544 + 1)\cdot 32 = 401{,}440$.
#
# ## 4 · A decoder that mirrors the encoder
#
# The decoder maps two numbers to 28×28 pixels. A convolution with stride 2 halves the
# size; a **transposed convolution** with stride 2 doubles it. Each value of the small
# feature map is multiplied by the whole kernel, and the product is added to the large
# feature map, 2 pixels further for each step. Where these copies of the kernel overlap,
# they add up.
#
# How many copies cover each pixel? Use a 4×4 input of ones and a kernel of ones: then
# the output is the count.

# %% tags=["skip-grading"]
ones = np.ones((1, 4, 4, 1), "float32")
figure, axes = plt.subplots(1, 3, figsize=(10, 3.6))
for ax, size in zip(axes, (2, 3, 4)):
    kernel_of_ones = np.ones((size, size, 1, 1), "float32")
    counts = ops.conv_transpose(ones, kernel_of_ones, strides=2, padding="same")
    counts = ops.convert_to_numpy(counts)[0, :, :, 0]
    ax.imshow(counts, vmin=0, vmax=6)
    for (row, column), count in np.ndenumerate(counts):
        color = "black" if count < 4 else "white"
        ax.text(column, row, f"{count:.0f}", ha="center", va="center", color=color)
    ax.set(title=f"kernel {size}×{size}, stride 2", xticks=[], yticks=[])
    ax.grid(False)
plots.show(
    figure,
    alt="Three 8 by 8 grids that count how many copies of the kernel cover each pixel. "
    "Kernel 2: one everywhere. Kernel 3: a checkerboard of 1, 2 and 4. Kernel 4: four "
    "everywhere except at the border.",
)

# %% [markdown]
# If the kernel size is divisible by the stride, all pixels inside are covered equally
# often. With kernel 3 and stride 2, some pixels are covered once, some twice, some four
# times: a **checkerboard artifact** that comes from the layer, not from the data. It
# does not depend on the ones. Here are 2,000 transposed convolutions with random
# kernels, as before any training, and the standard deviation of their outputs at each
# kind of pixel:

# %% tags=["skip-grading"]
rng = np.random.default_rng(237)
flat = np.ones((1, 6, 6, 1), "float32")
for size in (3, 4):
    kernels = rng.normal(size=(size, size, 2000, 1)).astype("float32")
    outputs = ops.conv_transpose(flat, kernels, strides=2, padding="same")
    spread = ops.convert_to_numpy(ops.std(outputs, axis=-1))[0]
    inner = spread[4:6, 4:6]  # one pixel of each kind, away from the border
    relative = np.sort((inner / inner.max()).ravel()).round(2)
    print(f"kernel {size}: standard deviations, relative to the largest:", relative)

# %% [markdown]
# A sum of four random weights has twice the standard deviation of one weight, and a sum
# of two is in between. So the untrained layer produces a grid even where its input is
# constant. Training can learn to compensate for it, but the layer starts at a
# disadvantage. Two remedies are a kernel size that is divisible by the stride, and
# `UpSampling2D` followed by an ordinary convolution. Odena et al., linked below, show
# many examples.
#
# The decoder of this course uses kernel 3 and stride 2 nevertheless: this is the
# published architecture, and you want to compare your results with it. An ordinary
# convolution follows, which can learn to average over neighboring pixels.
#
# | layer | activation | output shape |
# |---|---|---|
# | Dense, as many units as `feature_shape` has values | ReLU | 12,544 |
# | Reshape to `feature_shape` | – | 14×14×64 |
# | Conv2DTranspose, 32 filters, 3×3, **stride 2**, padding `"same"` | ReLU | 28×28×32 |
# | Conv2D, 1 filter, 3×3, padding `"same"` | **sigmoid** | 28×28×1 |
#
# The ReLU after the first Dense layer is optional: the check accepts a decoder with or
# without it. The lessons' own decoder has it.
#
# The sigmoid keeps every pixel between 0 and 1, the range of the input images.
#
# Two calls that you need, with other numbers:
#
# ```python
# x = layers.Reshape((2, 3, 5))(x)  # (batch, 30) → (batch, 2, 3, 5)
# x = layers.Conv2DTranspose(8, 3, strides=2, padding="same")(x)  # → (batch, 4, 6, 8)
# ```
#
# `math.prod((2, 3, 5))` is 30. Keras 3 rejects a NumPy integer, as `np.prod` returns
# one, as a number of units.
#
# ### TO DO · `decoder`
# Build it from its two arguments alone. A decoder that reads the shapes of an encoder
# object can't be loaded, tested or reused without that encoder. All it needs is the
# shape to start from. The check also tries other values of both arguments.
#
# Stuck? Run `hint("decoder")` in a cell of its own.


# %% exercise="decoder"
def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    """Convolutional decoder: z (batch, latent_dim) → images in [0, 1].

    feature_shape: (height, width, channels) of the feature maps it starts from; the
    images are (batch, 2·height, 2·width, 1). Returns a keras.Model.
    """
    ### BEGIN SOLUTION
    z = keras.Input((latent_dim,), name="z")
    x = layers.Dense(math.prod(feature_shape), activation="relu")(z)
    x = layers.Reshape(feature_shape)(x)
    # 14×14 → 28×28
    x = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(x)
    images = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
    return keras.Model(z, images, name="decoder")
    ### END SOLUTION


# %% check="decoder"
check("decoder")

# %% tags=["skip-grading"]
decoder = build_decoder()
blocks = table(decoder)
blocks[3] = ("Conv2D\nTranspose", *blocks[3][1:])
plots.show(
    plots.draw_layers(blocks),
    alt="The decoder as a row of blocks: a vector of 2 values, one of 12,544, a stack "
    "of 64 feature maps of 14 by 14, a stack of 32 feature maps of 28 by 28, and the "
    "image of 28 by 28.",
)

# %% [markdown]
# Where are the parameters of both networks, and where is the work? The number of
# multiplications per image follows from the same arithmetic: a convolution uses each
# weight once for every position of its output, a transposed convolution once for every
# position of its input, and a Dense layer once.


# %% tags=["skip-grading"]
def multiplications(layer):
    """Multiplications that a layer needs for one image."""
    weights = math.prod(layer.kernel.shape)
    if isinstance(layer, layers.Conv2DTranspose):
        return weights * math.prod(layer.input.shape[1:3])
    if isinstance(layer, layers.Conv2D):
        return weights * math.prod(layer.output.shape[1:3])
    return weights


rows = [row for row in table(encoder) + table(decoder) if row[2]]
params = np.array([row[2] for row in rows])
with_weights = [one for one in encoder.layers + decoder.layers if one.count_params()]
work = np.array([multiplications(layer) for layer in with_weights])
figure, axes = plt.subplots(1, 2, figsize=(11, 3.8), sharey=True)
panels = ((params, "parameters"), (work, "multiplications per image"))
for ax, (values, label) in zip(axes, panels):
    shares = values / values.sum()
    bars = ax.barh(range(len(values)), shares)
    ax.bar_label(bars, [f"{n:,} ({s:.1%})" for n, s in zip(values, shares)], padding=4)
    ax.set(xlabel=f"share of all {label}", xlim=(0, 1.15))
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
names = [f"{kind} → {'×'.join(map(str, shape))}" for kind, shape, _ in rows]
axes[0].set_yticks(range(len(names)), names)
axes[0].invert_yaxis()
plots.show(
    figure,
    alt="Two bar charts over the ten layers with weights. The Dense layer of 32 units "
    "has nearly three quarters of the parameters and about 2 percent of the "
    "multiplications. The two convolutions from 64 to 64 channels have about a third "
    "of the multiplications each, the other convolution with stride 2 and the "
    "transposed one about a sixth each.",
)
sizes = encoder.count_params(), decoder.count_params()
print(f"encoder {sizes[0]:,} + decoder {sizes[1]:,} = {sum(sizes):,} parameters")

# %% [markdown]
# Nearly three quarters of all parameters are in one Dense layer, the one that reads
# 12,544 values. All convolutions together, encoder and decoder, have less than a third
# of that. This is what weight sharing saves.
#
# The work is distributed the other way round: nearly all multiplications are in the
# convolutions, because they use the same few weights at every position. Parameters take
# up memory and multiplications take time, and they need not be in the same layer.
#
# ## 5 · Encode, decode, reconstruct
#
# Send an image through the encoder and the result through the decoder, and you get its
# **reconstruction**. The encoder returns a distribution, so there is a choice: decode a
# sample of z, or decode the posterior mean `z_mean`. For figures of reconstructions
# this course decodes `z_mean`, from here on and in every later lesson:
#
# - it is deterministic: the same image always gets the same reconstruction, so you can
#   reproduce a figure;
# - a difference between two reconstructions is then due to the models or the images,
#   and not to noise.
#
# It is a convention for looking at images, not a way to score a model. The ELBO of
# lesson 05 averages over samples of z. A loss computed through `z_mean` leaves out the
# cost of the noise, and is neither an ELBO nor a bound on anything.
#
# You can run a model in two ways, and both are fine here. `model.predict(x, verbose=0)`
# takes any number of images in batches and returns NumPy arrays. `model(x)` takes all
# images at once and returns tensors. What you should avoid is a loop over single
# images: it spends most of its time on the calls and little on the computation.
#
# ### TO DO · `round-trip`
# Encode all images and decode their `z_mean`. Run each model once, not once for each
# image, and leave `images` unchanged. The encoder and the decoder can be any two that
# fit together: the check uses small ones of other shapes.
#
# Stuck? Run `hint("round-trip")` in a cell of its own.


# %% exercise="round-trip"
def reconstruct(encoder, decoder, images):
    """Reconstructions of images: images → z_mean → decoder, without noise.

    encoder returns [z_mean, z_log_var]; images: (n, height, width, channels).
    Returns the decoder's images, (n, height, width, channels), as an array or a tensor.
    """
    ### BEGIN SOLUTION
    z_mean, _ = encoder.predict(images, verbose=0)
    return decoder.predict(z_mean, verbose=0)
    ### END SOLUTION


# %% check="round-trip"
check("round-trip")

# %% [markdown]
# What do you expect from two models that have not been trained? Decide before you run
# the next cell.

# %% tags=["skip-grading"]
shown = x_test[:10]
untrained = np.asarray(reconstruct(encoder, decoder, shown))
figure, axes = plt.subplots(1, 5, figsize=(10, 2.4))
images = (shown[0], untrained[0], shown[1], untrained[1], untrained[1])
for ax, image in zip(axes, images):
    ax.imshow(image[:, :, 0], vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[])
axes[4].images[0].set_clim(untrained[1].min(), untrained[1].max())
titles = ["image", "reconstruction"] * 2 + ["same, contrast\nstretched"]
for ax, title in zip(axes, titles):
    ax.set_title(title)
plots.show(
    figure,
    alt="Two digits and their reconstructions by the untrained models: uniform gray. "
    "With the contrast stretched, the gray turns out to be noise without any trace of "
    "the digit.",
)
print(f"reconstructed pixels: from {untrained.min():.4f} to {untrained.max():.4f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Uniform gray. The logits, the values before the sigmoid, are close to 0, and the
# sigmoid of 0 is ½. With the contrast stretched you see noise, and nothing of the
# digit.
#
# </details>
#
# Now train both networks as a plain autoencoder, through `z_mean` alone. There are no
# samples of z yet, and no regularization of the latent space: both follow in lesson 05.
# The purpose here is to see that encoder and decoder fit together. Training on 3,000
# images takes about 10 to 30 seconds.

# %% tags=["skip-grading"]
log_var_head = encoder.get_layer("z_log_var")
kernel_before = log_var_head.get_weights()[0]
autoencoder = keras.Model(encoder.inputs, decoder(encoder.outputs[0]))
autoencoder.compile(keras.optimizers.Adam(1e-3), loss="binary_crossentropy")
few = x_train[:3000]
autoencoder.fit(few, few, batch_size=16, epochs=2, callbacks=[LiveLine()], verbose=0)
trained = np.asarray(reconstruct(encoder, decoder, shown))

figure, axes = plt.subplots(3, 10, figsize=(10, 3.2))
for row, images in zip(axes, (shown, untrained, trained)):
    for ax, image in zip(row, images):
        ax.imshow(image[:, :, 0], vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[])
for row, label in zip(axes, ("image", "untrained", "trained")):
    row[0].set_ylabel(label)
plots.show(
    figure,
    alt="Ten test images in the first row; their reconstructions by the untrained "
    "models, uniform gray, in the second; by the trained models in the third: blurred "
    "digits, zeros and ones clear, several others reconstructed as a similar digit.",
)

# %% [markdown]
# Ten images show what a reconstruction looks like, not how good the model is. Measure
# that on 2,000 test images, and compare it with two reconstructions that need no model:
# gray, and the average training image. Section 6 uses the same loss, the cross-entropy
# per pixel.


# %% tags=["skip-grading"]
def test_loss(reconstructions, n=2000):
    """Mean cross-entropy per pixel, in nats, of the first n test images."""
    reconstructions = np.broadcast_to(reconstructions, x_test[:n].shape)
    return float(np.mean(keras.losses.binary_crossentropy(x_test[:n], reconstructions)))


reconstructions = np.asarray(reconstruct(encoder, decoder, x_test[:2000]))
print(f"gray, as from the untrained models:  {test_loss(np.float32(0.5)):.3f}")
print(f"average training image:              {test_loss(x_train.mean(axis=0)):.3f}")
print(f"trained autoencoder:                 {test_loss(reconstructions):.3f}")
unchanged = np.array_equal(kernel_before, log_var_head.get_weights()[0])
print("the z_log_var head is unchanged:", unchanged)

# %% [markdown]
# After a few hundred steps the reconstructions are clearly better than the average
# image, but blurred, and some show another digit. This run can't say how much of that
# is due to only two latent dimensions, how much to 3,000 images, and how much to two
# epochs: lessons 05 and 06 train longer. The `z_log_var` head still has its initial
# weights: this loss doesn't depend on it, so no gradient reaches it.
#
# ### Sigmoid or logits?
# The decoder ends in a sigmoid, and the loss compares probabilities. This is the
# published architecture, and it has an advantage for you: the decoder's output is an
# image that you can show. The numerically stable form leaves the sigmoid out. The
# decoder then returns **logits**, log-odds of any size, and the loss is told so with
# `from_logits=True`. Compare the two for one black pixel (target 0) that the model gets
# very wrong:


# %% tags=["skip-grading"]
cross_entropy = keras.losses.binary_crossentropy
target = np.zeros((1, 1), "float32")
print("logit   loss from sigmoid(logit)   loss from the logit   (nats)")
for logit in (5.0, 10.0, 20.0, 40.0):
    logits = np.array([[logit]], "float32")
    pixels = ops.convert_to_numpy(ops.sigmoid(logits))
    clipped = cross_entropy(target, pixels)
    stable = cross_entropy(target, logits, from_logits=True)
    print(f"{logit:5.0f}{float(clipped[0]):18.2f}{float(stable[0]):24.2f}")

# %% [markdown]
# From about 16 on, the sigmoid is so close to 1 that Keras clips it, to avoid the
# logarithm of 0. The loss stops growing and its gradient vanishes: the worse the pixel,
# the less the model learns from it. The loss from the logit keeps growing. The lessons
# keep the published form, so that your results stay comparable with it. In a model of
# your own, prefer logits, and apply the sigmoid only to show an image. Lesson 05 looks
# at what Keras does with a sigmoid inside a model.
#
# ## 6 · Find the bug
#
# In public code you find encoders that end like this:
#
# ```python
# z_mean = Dense(latent_dim, activation="relu", name="z_mean")(x)
# z_log_var = Dense(latent_dim, activation="relu", name="z_log_var")(x)
# ```
#
# The code runs and the loss decreases. Stop for a moment: which latent vectors can such
# an encoder never return, and which variances?
#
# Begin with the mean. Two small autoencoders that differ only in this activation are
# trained on the same 5,000 images. Then they encode 2,000 test images, and the figure
# shows 400 of the latent codes. Both trainings together take about 10 to 20 seconds.


# %% tags=["skip-grading"]
def small_autoencoder(activation):
    """Dense encoder, 784 → 128 → 2, with this head activation, and the autoencoder."""
    keras.utils.set_random_seed(4)
    images = keras.Input((28, 28, 1))
    hidden = layers.Dense(128, activation="relu")(layers.Flatten()(images))
    z = layers.Dense(2, activation=activation)(hidden)
    hidden = layers.Dense(128, activation="relu")(z)
    pixels = layers.Dense(784, activation="sigmoid")(hidden)
    autoencoder = keras.Model(images, layers.Reshape((28, 28, 1))(pixels))

    # Compiling with XLA takes seconds and makes steps this small no faster.
    optimizer = keras.optimizers.Adam(2e-3)
    autoencoder.compile(optimizer, loss="binary_crossentropy", jit_compile=False)
    return keras.Model(images, z), autoencoder


# %% tags=["skip-grading"]
few = x_train[:5000]
figure, axes = plt.subplots(1, 2, figsize=(10, 4.4))
for ax, activation in zip(axes, (None, "relu")):
    name = "ReLU" if activation else "no activation"
    small_encoder, small = small_autoencoder(activation)
    progress = [LiveLine(name)]
    small.fit(few, few, batch_size=32, epochs=4, callbacks=progress, verbose=0)
    codes = ops.convert_to_numpy(small_encoder(x_test[:2000]))
    negative = np.mean((codes < 0).any(axis=1))
    loss = test_loss(ops.convert_to_numpy(small(x_test[:2000])))
    print(f"{name}: test loss {loss:.3f}, {negative:.0%} have a negative coordinate")

    for digit, color in enumerate(plots.DIGIT_COLORS):
        points = codes[:400][test_labels[:400] == digit].T
        style = {"s": 34, "edgecolor": "white", "linewidth": 0.5}
        ax.scatter(*points, color=color, label=digit, **style)
    ax.axhline(0, color="black", linewidth=1)
    ax.axvline(0, color="black", linewidth=1)
    ax.set(xlabel="$z_1$", ylabel="$z_2$", title=f"head with {name}", aspect="equal")
axes[1].legend(title="digit", loc="center left", bbox_to_anchor=(1.02, 0.5))
plots.show(
    figure,
    alt="Latent codes of 400 test images, colored by digit. Without an activation they "
    "are on several sides of the origin. With ReLU all of them are in the one quadrant "
    "where no coordinate is negative.",
)
samples = np.random.default_rng(237).standard_normal((100_000, 2))
share = np.mean((samples < 0).any(axis=1))
print(f"samples from the prior with a negative coordinate: {share:.0%}")

# %% [markdown]
# The loss tells you almost nothing: in these two runs it is nearly the same. But with
# ReLU every latent code is in one quadrant of the latent plane. A VAE generates from
# samples of the prior p(z), a Gaussian around 0, and three quarters of these are where
# this encoder never puts a code. With eight latent dimensions it would be $1 - 2^{-8}$,
# more than 99 %.
#
# Now the log-variance. ReLU returns no negative number, so the variance is never below
# $e^0 = 1$: every approximate posterior is at least as wide as the prior. The toy model
# of lesson 02 shows what that costs, because its exact posterior is known: prior
# $\mathcal{N}(0, 1)$, measurement noise of variance ¼, posterior variance 0.2. The
# figure shows the part of the negative ELBO that depends on the variance σ² of the
# approximate posterior: $2\sigma^2$ from the reconstruction and
# $\tfrac12(\sigma^2 - 1 - \log\sigma^2)$ from the KL.

# %% tags=["skip-grading"]
log_var = np.linspace(-3.5, 2, 400)
loss = 2 * np.exp(log_var) + 0.5 * (np.exp(log_var) - 1 - log_var)
allowed = log_var >= 0
figure, ax = plt.subplots(figsize=(7.5, 3.8))
ax.axvspan(-3.5, 0, color="#E6E6E6", label="out of reach for a ReLU head")
ax.plot(log_var, loss)
minima = (
    (loss.argmin(), "o", "no activation"),
    (np.flatnonzero(allowed)[loss[allowed].argmin()], "s", "ReLU"),
)
for i, marker, head in minima:
    best = f"minimum, {head}: σ² = {np.exp(log_var[i]):.2f}, {loss[i]:.2f} nats"
    ax.plot(log_var[i], loss[i], marker, color="black", label=best)
ax.set(xlabel="z_log_var = log σ²", ylabel="part of −ELBO (nats)")
ax.set(xlim=(-3.5, 2), ylim=(0, 6))
ax.legend(loc="upper left", frameon=True)
plots.show(
    figure,
    alt="Part of the negative ELBO against z_log_var. Its minimum, at a variance of "
    "0.2, is in the shaded region of negative z_log_var that a ReLU head can't reach. "
    "The best that the head can do is a variance of 1, where the value is more than "
    "twice as high.",
)

# %% [markdown]
# In this toy model the activation costs more than a nat for each latent dimension.
# Training can't repair it: where a ReLU returns 0 its slope is 0 too, so no gradient
# asks for a smaller variance. The fix is to write nothing. A Dense layer without
# `activation` is the right head for a number that may take any value.
#
# Would the layer table have shown this?
#
# <details><summary>Answer</summary>
#
# No. An activation has no parameters and changes no shape. Shapes and counts are a
# first test, never the last.
#
# </details>
#
# ## What to take along
# - Output size: `"same"` ⌈n/s⌉, `"valid"` ⌊(n−k)/s⌋ + 1. Parameters: (k²·c + 1)·f,
#   whatever the size of the image.
# - `"same"` may pad one side only: with 28 pixels, kernel 3 and stride 2, zeros are
#   added at the bottom and on the right.
# - The encoder ends in two heads side by side, without activation: `z_mean`, then
#   `z_log_var`.
# - A decoder is built from shapes, not from an encoder object.
# - A transposed convolution whose kernel size is not divisible by its stride produces a
#   checkerboard.
# - Nearly three quarters of the 550,629 parameters are in one Dense layer; nearly all
#   of the work is in the convolutions.
# - A figure of reconstructions decodes `z_mean`: no noise, one pass. The ELBO averages
#   over samples of z.
#
# ## Where to go on
# - V. Dumoulin, F. Visin: [A guide to convolution arithmetic for deep
#   learning](https://arxiv.org/abs/1603.07285), 2016. All the formulas with drawings,
#   also for transposed and dilated convolutions. Their "half padding" is `"same"` with
#   stride 1, and "no zero padding" is `"valid"`.
# - A. Odena, V. Dumoulin, C. Olah: [Deconvolution and Checkerboard
#   Artifacts](https://doi.org/10.23915/distill.00003), Distill, 2016. Shows the
#   checkerboard in generated images, and compares remedies. "Deconvolution" is their
#   word for a transposed convolution.
# - F. Chollet: [Building Autoencoders in
#   Keras](https://blog.keras.io/building-autoencoders-in-keras.html), 2016.
#   Convolutional autoencoders and a first VAE, in the Keras of that time.
# - Keras: [The functional API](https://keras.io/guides/functional_api/). Models with
#   several inputs and outputs, and layers that are shared between models.
#
# [← Lesson 03: the MNIST pipeline](../03_mnist_pipeline/03_mnist_pipeline.ipynb) ·
# [Lesson 05: the VAE loss →](../05_vae_loss/05_vae_loss.ipynb)
