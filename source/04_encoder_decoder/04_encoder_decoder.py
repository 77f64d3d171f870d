# %% [markdown]
# # 04 · Encoder and decoder: convolutions down and up
#
# **You will be able to**
# - say what kernel, stride and padding do to the size of a picture, and count a layer's parameters by hand;
# - build an encoder that ends in two vectors, and a decoder that leads back to a picture;
# - read a layer table and see where the parameters are;
# - explain where the checkerboard in generated pictures comes from;
# - spot an activation that doesn't belong on a head, and measure what it costs.
#
# **Time** about 60 minutes · **Points** 20 · **Builds on** lessons 02 and 03 · **Next** [lesson 05](../05_vae_loss/05_vae_loss.ipynb)
#
# The cells marked TO DO are yours. Under each stands a `check`: run it as often as you like.

# %%
import vaelab.quiet  # first, so that TensorFlow starts without its log lines

import math

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops

from autograder import check
from vaelab import datasets, plots
from vaelab.progress import LiveLine

keras.utils.set_random_seed(237)

# %% [markdown]
# The pictures are those of lesson 03: 28×28 pixels, one channel, scaled to the range from 0 to 1.

# %%
(train_raw, _), (test_raw, test_labels) = datasets.load_mnist()
x_train = train_raw[..., None].astype("float32") / 255.0  # (60000, 28, 28, 1)
x_test = test_raw[..., None].astype("float32") / 255.0  # (10000, 28, 28, 1)

# %% [markdown]
# ## 1 · What a stride does to a picture
#
# A convolution slides a small window, the **kernel**, over the picture. At each stop it multiplies what it sees with
# its own numbers and adds up. Three choices decide how many stops there are:
#
# - the **kernel size** $k$: how wide the window is;
# - the **stride** $s$: how many pixels it moves from stop to stop;
# - the **padding**: `"valid"` lets the window stop only where it fits into the picture; `"same"` puts zeros around the
#   picture, so that with stride 1 the result is as large as the picture.
#
# Usually training finds the kernel's numbers. Here we set them by hand: the rows −1 −2 −1, 0 0 0, 1 2 1 answer to
# horizontal edges, positive (blue in the figure) where the numbers of the picture grow from top to bottom, negative
# (red) where they fall.

# %% tags=["skip-grading"]
kernel = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], "float32").reshape(3, 3, 1, 1)
digit = x_train[:1]

figure, axes = plt.subplots(1, 5, figsize=(11, 2.8))
axes[0].imshow(digit[0, :, :, 0], extent=(0, 28, 28, 0))
axes[0].set_title("picture, 28×28")
settings = [(1, "same"), (1, "valid"), (2, "same"), (2, "valid")]
for ax, (stride, padding) in zip(axes[1:], settings):
    edges = ops.convert_to_numpy(ops.conv(digit, kernel, strides=stride, padding=padding))[0, :, :, 0]
    ax.imshow(edges, cmap="RdBu", vmin=-4, vmax=4)
    ax.set_title(f"stride {stride}, {padding}\n{edges.shape[0]}×{edges.shape[1]}")
for ax in axes:
    ax.set(xticks=[], yticks=[])
plots.show(
    figure,
    alt="A handwritten five and four filtered versions of it. Upper edges of the strokes are blue, lower edges red. "
    "Stride 1 gives 28 by 28 pixels with padding same and 26 by 26 with valid; stride 2 gives 14 by 14 and 13 by 13, "
    "coarser, but with the same edges in the same places.",
)

# %% [markdown]
# Stride 2 keeps one stop in four. The result has a quarter of the numbers, and yet you still see where the edges are:
# neighboring stops overlap and tell nearly the same story. That is why an encoder can afford to halve the picture,
# and why it adds channels when it does: fewer places, more kinds of features at each.
#
# ## 2 · Sizes and parameters by hand
#
# For a picture of $n$ pixels along one side, the number of stops along that side is
#
# $$\text{same: } \left\lceil \frac{n}{s} \right\rceil \qquad\qquad \text{valid: } \left\lfloor \frac{n - k}{s} \right\rfloor + 1 .$$
#
# In words: with `"same"` there is a stop every $s$ pixels, the first included, and the kernel size doesn't matter.
# With `"valid"` the window starts at the edge and can move $n-k$ pixels before it hits the other one; each full stride
# is one more stop.
#
# A layer with $f$ **filters** has $f$ kernels, and each reaches through all $c$ channels of its input. With one bias
# for each filter that makes
#
# $$(k \cdot k \cdot c + 1) \cdot f \ \text{ parameters.}$$
#
# In words: count the numbers in one kernel, add its bias, and take as many as there are filters. What does *not* stand
# in the formula: the size of the picture and the stride. One kernel serves every place.
#
# ### TO DO · `conv-arithmetic`
# Write both formulas in plain Python. Sizes and counts are whole numbers: give an `int`, as a shape needs.


# %% exercise="conv-arithmetic"
def conv_output_size(size, kernel_size, stride, padding):
    """Number of pixels along one side after a convolution.

    size: pixels along that side before, at least kernel_size; padding: "same" or "valid". Returns an int.
    """
    ### BEGIN SOLUTION
    if padding == "same":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1
    ### END SOLUTION


def conv_params(in_channels, filters, kernel_size):
    """Number of parameters of a convolution with square kernels and a bias for each filter. Returns an int."""
    ### BEGIN SOLUTION
    return (kernel_size * kernel_size * in_channels + 1) * filters
    ### END SOLUTION


# %% check="conv-arithmetic"
check("conv-arithmetic")

# %% [markdown]
# A formula is worth what it predicts. Let Keras say what it does on many settings, and compare.

# %% tags=["skip-grading"]
agree, total = 0, 0
for size in (5, 8, 13, 28):
    for kernel_size in (1, 2, 3, 5):
        for stride in (1, 2, 3):
            for padding in ("same", "valid"):
                layer = layers.Conv2D(7, kernel_size, strides=stride, padding=padding)
                layer.build((None, size, size, 3))
                keras_size = layer.compute_output_shape((None, size, size, 3))[1]
                agree += conv_output_size(size, kernel_size, stride, padding) == keras_size
                agree += conv_params(3, 7, kernel_size) == layer.count_params()
                total += 2
print(f"{agree} of {total} predictions agree with Keras")

# %% [markdown]
# ## 3 · An encoder that ends in two vectors
#
# The encoder of this course, layer by layer. All kernels are 3×3 with padding `"same"`.
#
# | layer | activation | shape of its output | why |
# |---|---|---|---|
# | Conv2D, 32 filters | ReLU | 28×28×32 | edges and strokes |
# | Conv2D, 64 filters, **stride 2** | ReLU | 14×14×64 | half as wide, half as high, twice the features |
# | Conv2D, 64 filters | ReLU | 14×14×64 | features of features |
# | Conv2D, 64 filters | ReLU | 14×14×64 | each now sees a window of 13×13 pixels of the picture |
# | Flatten | – | 12,544 | the places become a long row |
# | Dense, 32 units | ReLU | 32 | the summary of the picture |
# | Dense, `latent_dim` units, named `z_mean` | **none** | 2 | where the cloud lies |
# | Dense, `latent_dim` units, named `z_log_var` | **none** | 2 | how wide it is |
#
# The two **heads** read the same 32 numbers, side by side; neither follows the other. And neither has an activation: a
# mean may be any number, and so may the logarithm of a variance (section 6 measures what happens otherwise).
#
# Use Keras' [functional API](https://keras.io/guides/functional_api/): call each layer on the output of the one before,
# and end with `keras.Model(images, [z_mean, z_log_var])`. A class derived from `keras.Model` gets the same points, but
# the figures below read shapes that only a functional model knows in advance.
#
# ### TO DO · `encoder`
# Build it. The order and the names of the outputs matter to every later lesson: `z_mean` first, then `z_log_var`.


# %% exercise="encoder"
def build_encoder(img_shape=(28, 28, 1), latent_dim=2):
    """Convolutional encoder: (batch, *img_shape) → [z_mean, z_log_var], each (batch, latent_dim).

    Returns a keras.Model whose two outputs come from Dense layers named "z_mean" and "z_log_var".
    """
    ### BEGIN SOLUTION
    images = keras.Input(img_shape, name="images")
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(images)
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)  # 28×28 → 14×14
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
# Look at what you built. Above each block stands the shape of its output, below it the kind of layer and the number of
# its parameters.


# %% tags=["skip-grading"]
def table(model):
    """(kind or name, shape of the output without the batch, parameters) of each layer."""
    rows = []
    for layer in model.layers:
        kind = layer.name if layer.name.startswith("z_") else type(layer).__name__
        rows.append((kind, tuple(layer.output.shape[1:]), layer.count_params()))
    return rows


encoder = build_encoder()
*blocks, z_mean, z_log_var = table(encoder)
plots.show(
    plots.draw_layers([*blocks, ("z_mean,\nz_log_var", z_mean[1], z_mean[2] + z_log_var[2])]),
    alt="The encoder as a row of blocks: a 28 by 28 picture, a stack of 32 maps of the same size, three stacks of 64 "
    "maps of half the size, a long vector of 12,544 numbers, one of 32, and the two heads of 2.",
)
print(f"{'layer':<12}{'shape':<10}{'parameters':>12}")
for kind, shape, params in table(encoder):
    print(f"{kind:<12}{'×'.join(map(str, shape)):<10}{params:>12,}")
print(f"{'encoder':<22}{encoder.count_params():>12,}")

# %% [markdown]
# Check one line by hand: the third convolution has $(3\cdot3\cdot64+1)\cdot64 = 36{,}928$ parameters. A Dense layer
# follows the same rule with a "kernel" that covers everything: $(12{,}544 + 1)\cdot 32 = 401{,}440$.
#
# ## 4 · A decoder that leads back
#
# The decoder goes the other way, from two numbers to 28×28 pixels. A stride of 2 halved the picture; a **transposed
# convolution** with stride 2 doubles it. Picture it as stamping: each number of the small picture is multiplied with
# the whole kernel, and this stamp is put down on the large picture, 2 pixels further for each step. Where stamps
# overlap, they add up.
#
# How often is each pixel stamped? Take a 4×4 picture of ones and a kernel of ones. Then the result simply counts.

# %% tags=["skip-grading"]
ones = np.ones((1, 4, 4, 1), "float32")
figure, axes = plt.subplots(1, 3, figsize=(10, 3.6))
for ax, size in zip(axes, (2, 3, 4)):
    stamps = ops.conv_transpose(ones, np.ones((size, size, 1, 1), "float32"), strides=2, padding="same")
    stamps = ops.convert_to_numpy(stamps)[0, :, :, 0]
    ax.imshow(stamps, vmin=0, vmax=6)
    for (row, column), count in np.ndenumerate(stamps):
        ax.text(column, row, f"{count:.0f}", ha="center", va="center", color="black" if count < 4 else "white")
    ax.set(title=f"kernel {size}×{size}, stride 2", xticks=[], yticks=[])
    ax.grid(False)
plots.show(
    figure,
    alt="Three 8 by 8 grids that count stamps. Kernel 2: every pixel once. Kernel 3: a checkerboard of 1, 2 and 4. "
    "Kernel 4: four everywhere except at the border.",
)

# %% [markdown]
# If the stride divides the kernel size, all pixels inside get the same number of stamps. With kernel 3 and stride 2
# some get one, some two, some four: a **checkerboard** that comes from the layer, not from the data. It isn't a matter
# of ones, either. Here are 2,000 transposed convolutions with random kernels, as before any training, and how far
# their results spread at each kind of pixel:

# %% tags=["skip-grading"]
for size in (3, 4):
    layer = layers.Conv2DTranspose(
        2000, size, strides=2, padding="same", kernel_initializer=keras.initializers.RandomNormal(seed=1)
    )
    spread = ops.convert_to_numpy(ops.std(layer(np.ones((1, 6, 6, 1), "float32")), axis=-1))[0]
    inner = spread[4:6, 4:6] / spread[4:6, 4:6].max()  # one pixel of each kind, away from the border
    print(
        f"kernel {size}: spread at the four kinds of pixels, as a share of the largest:",
        np.sort(inner.ravel()).round(2),
    )

# %% [markdown]
# Four stamps spread twice as far as one, and two lie between. So the untrained layer draws a grid even where its input
# is flat. Training can learn to even it out, and a further convolution smooths it, but the layer starts with the
# handicap. (Remedies: a kernel size that the stride divides, or `UpSampling2D` followed by a plain convolution. Odena
# and others, linked below, show many examples.)
#
# The decoder of this course has kernel 3 and stride 2 all the same, because that is the published architecture and we
# want to be able to compare. It has a plain convolution behind it, which helps:
#
# | layer | activation | shape of its output |
# |---|---|---|
# | Dense, as many units as `feature_shape` has numbers | ReLU (or none) | 12,544 |
# | Reshape to `feature_shape` | – | 14×14×64 |
# | Conv2DTranspose, 32 filters, 3×3, **stride 2**, same | ReLU | 28×28×32 |
# | Conv2D, 1 filter, 3×3, same | **sigmoid** | 28×28×1 |
#
# The sigmoid keeps every pixel between 0 and 1, as in the pictures that go in.
#
# ### TO DO · `decoder`
# Build it from its two arguments alone. A decoder that looks into an encoder object can't be loaded, tested or reused
# without one; all it needs to know is the shape to start from.


# %% exercise="decoder"
def build_decoder(latent_dim=2, feature_shape=(14, 14, 64)):
    """Convolutional decoder: (batch, latent_dim) → pictures (batch, 2·height, 2·width, 1) in [0, 1].

    feature_shape: (height, width, channels) of the feature maps it starts from.
    """
    ### BEGIN SOLUTION
    z = keras.Input((latent_dim,), name="z")
    x = layers.Dense(math.prod(feature_shape), activation="relu")(z)
    x = layers.Reshape(feature_shape)(x)
    x = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(x)  # 14×14 → 28×28
    images = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
    return keras.Model(z, images, name="decoder")
    ### END SOLUTION


# %% check="decoder"
check("decoder")

# %% tags=["skip-grading"]
decoder = build_decoder()
plots.show(
    plots.draw_layers([(kind.replace("Tr", "\nTr"), shape, params) for kind, shape, params in table(decoder)]),
    alt="The decoder as a row of blocks: a vector of 2 numbers, one of 12,544, a stack of 64 maps of 14 by 14, "
    "a stack of 32 maps of 28 by 28, and the picture of 28 by 28.",
)

# %% [markdown]
# Both halves together: where do the parameters sit?

# %% tags=["skip-grading"]
rows = [row for row in table(encoder) + table(decoder) if row[2]]
params = np.array([row[2] for row in rows])
figure, ax = plt.subplots(figsize=(9, 3.4))
bars = ax.barh(range(len(rows)), params)
ax.bar_label(bars, [f"{n:,}  ({n / params.sum():.2%})" for n in params], padding=4)
ax.set_yticks(range(len(rows)), [f"{kind} → {'×'.join(map(str, shape))}" for kind, shape, _ in rows])
ax.set(xlabel="parameters", xlim=(0, 500_000))
ax.xaxis.set_major_formatter("{x:,.0f}")
ax.invert_yaxis()
plots.show(
    figure,
    alt="Bars of the parameters of each layer. The Dense layer of 32 units holds nearly three quarters of all; the "
    "three large convolutions, the decoder's Dense layer and the transposed convolution a few percent each; the rest next to none.",
)
print(f"encoder {encoder.count_params():,} + decoder {decoder.count_params():,} = {params.sum():,} parameters")

# %% [markdown]
# Nearly three quarters of all parameters sit in one Dense layer: the one that reads the 12,544 numbers. All
# convolutions together, on both sides, have fewer than a third of that. This is what sharing a kernel between all
# places buys.
#
# (The convolutions have most of the *work*, though: the same few numbers are multiplied at every place. Parameters
# fill memory, multiplications take time, and the two needn't be in the same layer.)
#
# ## 5 · There and back
#
# Now put a picture in and see what comes out. For a *reconstruction* we don't want chance: decode `z_mean`, the middle
# of the cloud. The same picture then gives the same result each time, which is what you want when you compare models
# or pictures.
#
# There are two ways to run a model, and either is fine here. `model.predict(x, verbose=0)` goes through any number of
# pictures in batches and gives NumPy arrays; `model(x)` takes them all in one go and gives tensors. What isn't fine is
# a loop over the pictures: most of its time is spent on calling, not on computing.
#
# ### TO DO · `round-trip`
# Send all pictures through the encoder and through the decoder, once each.


# %% exercise="round-trip"
def reconstruct(encoder, decoder, images):
    """Pictures as they come back: images → z_mean → decoder, without noise.

    encoder gives [z_mean, z_log_var]; images: (n, height, width, 1). Returns the same shape.
    """
    ### BEGIN SOLUTION
    z_mean, _ = encoder.predict(images, verbose=0)
    return decoder.predict(z_mean, verbose=0)
    ### END SOLUTION


# %% check="round-trip"
check("round-trip")

# %% [markdown]
# What do you expect from two models that have never learned anything? Decide before you run the next cell.

# %% tags=["skip-grading"]
shown = x_test[:10]
untrained = np.asarray(reconstruct(encoder, decoder, shown))
figure, axes = plt.subplots(1, 5, figsize=(10, 2.4))
for ax, image in zip(axes, (shown[0], untrained[0], shown[1], untrained[1], untrained[1])):
    ax.imshow(image[:, :, 0], vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[])
axes[4].images[0].set_clim(untrained[1].min(), untrained[1].max())
for ax, title in zip(axes, ("picture", "comes back", "picture", "comes back", "contrast stretched")):
    ax.set_title(title)
plots.show(
    figure,
    alt="Two digits, and what the untrained models make of them: a flat gray. With the contrast stretched the gray "
    "turns out to be noise without any trace of the digit.",
)
print(f"pixels that come back: {untrained.min():.3f} to {untrained.max():.3f}")

# %% [markdown]
# Gray: a sigmoid of numbers near 0 is ½. With the contrast stretched, there is noise, and nothing of the digit in it.
#
# Training as a plain autoencoder, through `z_mean` alone, takes seconds on a few thousand pictures. There is no cloud
# in it yet and no force that keeps the codes together; that is lesson 05. It shows that the two halves fit.

# %% tags=["skip-grading"]
head = encoder.get_layer("z_log_var").get_weights()[0]
autoencoder = keras.Model(encoder.inputs, decoder(encoder.outputs[0]))
autoencoder.compile(keras.optimizers.Adam(1e-3), loss="binary_crossentropy")
few = x_train[:3000]
history = autoencoder.fit(few, few, batch_size=16, epochs=2, callbacks=[LiveLine()], verbose=0)
print("loss after each epoch:", ", ".join(f"{loss:.3f}" for loss in history.history["loss"]))
print("the z_log_var head has not moved:", np.array_equal(head, encoder.get_layer("z_log_var").get_weights()[0]))

figure, axes = plt.subplots(3, 10, figsize=(10, 3.2))
for row, images in zip(axes, (shown, untrained, np.asarray(reconstruct(encoder, decoder, shown)))):
    for ax, image in zip(row, images):
        ax.imshow(image[:, :, 0], vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[])
for row, label in zip(axes, ("picture", "untrained", "trained")):
    row[0].set_ylabel(label)
plots.show(
    figure,
    alt="Ten digits in the first row; a flat gray for each in the second; in the third, what comes back after a few "
    "seconds of training: blurred digits, ones and zeros clear, some others taken for a similar digit.",
)

# %% [markdown]
# A few hundred steps, and digits come back, blurred, some of them as another digit: two numbers for each picture are
# little, and so are 3,000 pictures. The `z_log_var` head kept its first random numbers: no gradient reached it,
# because nothing in this loss depends on it. It waits for lesson 05.
#
# ## 6 · Find the bug
#
# In public code you meet encoders that end like this:
#
# ```python
# z_mean = Dense(latent_dim, activation="relu", name="z_mean")(x)
# z_log_var = Dense(latent_dim, activation="relu", name="z_log_var")(x)
# ```
#
# It runs, the loss falls. Stop for a moment: which codes can such an encoder never give, and which clouds?
#
# First the mean. Two small autoencoders, alike but for that one word, learn the same 5,000 pictures. Then look at the
# codes of 2,000 others.


# %% tags=["skip-grading"]
def small_autoencoder(activation):
    """Dense encoder (784 → 128 → 2) whose head has the given activation, and the autoencoder around it."""
    keras.utils.set_random_seed(4)
    images = keras.Input((28, 28, 1))
    z = layers.Dense(2, activation=activation)(layers.Dense(128, activation="relu")(layers.Flatten()(images)))
    x = layers.Dense(784, activation="sigmoid")(layers.Dense(128, activation="relu")(z))
    autoencoder = keras.Model(images, layers.Reshape((28, 28, 1))(x))

    # XLA makes steps this small no faster, and compiling it takes seconds.
    autoencoder.compile(keras.optimizers.Adam(2e-3), loss="binary_crossentropy", jit_compile=False)
    return keras.Model(images, z), autoencoder


# %% tags=["skip-grading"]
figure, axes = plt.subplots(1, 2, figsize=(10, 4.2))
for ax, activation in zip(axes, (None, "relu")):
    small_encoder, small = small_autoencoder(activation)
    progress = LiveLine(f"codes with {activation or 'no activation'}")
    small.fit(x_train[:5000], x_train[:5000], batch_size=32, epochs=4, callbacks=[progress], verbose=0)
    codes = ops.convert_to_numpy(small_encoder(x_test[:2000]))
    loss = ops.mean(keras.losses.binary_crossentropy(x_test[:2000], small(x_test[:2000])))
    for digit, marker in zip(range(10), "osD^v<>pPX"):
        points = codes[test_labels[:2000] == digit].T
        ax.scatter(*points, s=7, marker=marker, color=plt.colormaps["tab10"](digit), label=digit)
    ax.axhline(0, color="black", linewidth=1)
    ax.axvline(0, color="black", linewidth=1)
    ax.set(xlabel="$z_1$", ylabel="$z_2$", title=f"activation of the head: {activation}")
    negative = np.mean((codes < 0).any(axis=1))
    print(f"{activation}: held-out loss {float(loss):.3f}, codes with a negative coordinate: {negative:.0%}")
axes[1].legend(title="digit", loc="upper left", bbox_to_anchor=(1.02, 1), markerscale=2)
plots.show(
    figure,
    alt="Codes of 2,000 digits, marked by digit. Without an activation they spread to several sides of the origin. "
    "With ReLU all of them lie in the one quarter of the plane where no number is negative.",
)
draws = np.random.default_rng(237).standard_normal((100_000, 2))
print(f"draws from the prior with a negative coordinate: {np.mean((draws < 0).any(axis=1)):.0%}")

# %% [markdown]
# The loss tells you almost nothing: the two autoencoders are about equally good. But with ReLU every code lies in one
# quarter of the plane, and a VAE makes new pictures from draws around 0, of which three quarters fall where this
# encoder never puts anything. With eight latent dimensions it would be $1 - 2^{-8}$, more than 99 %.
#
# Now the log-variance. ReLU allows no negative number, so the variance is never below $e^0 = 1$: every cloud is at
# least as wide as the whole prior. What that costs shows in the toy of lesson 02, whose right answer is known: prior
# $\mathcal{N}(0, 1)$, measurement noise of variance ¼, true posterior variance 0.2.

# %% tags=["skip-grading"]
log_var = np.linspace(-3.5, 2, 400)
loss = 2 * np.exp(log_var) + 0.5 * (np.exp(log_var) - 1 - log_var)
allowed = log_var >= 0
figure, ax = plt.subplots(figsize=(7, 3.6))
ax.axvspan(-3.5, 0, color="#E6E6E6", label="what a ReLU head can't say")
ax.plot(log_var, loss)
for place, marker, label in (
    (loss.argmin(), "o", "no activation"),
    (np.flatnonzero(allowed)[loss[allowed].argmin()], "s", "ReLU"),
):
    best = f"best with {label}: variance {np.exp(log_var[place]):.2f}, loss {loss[place]:.2f} nats"
    ax.plot(log_var[place], loss[place], marker, color="black", label=best)
ax.set(xlabel="z_log_var", ylabel="loss (nats)", ylim=(0, 6), xlim=(-3.5, 2))
ax.legend(loc="upper left", frameon=True)
plots.show(
    figure,
    alt="Loss against z_log_var. Its minimum, at a variance of 0.2, lies in the shaded region of negative z_log_var that a ReLU "
    "head cannot reach; the best it can do is a variance of 1, where the loss is more than twice as high.",
)

# %% [markdown]
# In this toy that is more than a nat for each latent dimension, and the model can't learn its way out: where a ReLU
# gives 0 it has no slope, so no gradient says "narrower". The remedy is to write nothing: a Dense layer without
# `activation` is the right head for a number that may take any value.
#
# Did you notice that the layer table would have shown none of this? An activation has no parameters. Shapes and counts
# are a first test, never the last.
#
# ## What to take along
# - `"same"`: ⌈n/s⌉ pixels; `"valid"`: ⌊(n−k)/s⌋ + 1. Parameters: (k²·c + 1)·f, whatever the size of the picture.
# - The encoder ends in two heads side by side, without activation: `z_mean`, then `z_log_var`.
# - A decoder is built from shapes, not from an encoder object.
# - A stride that doesn't divide the kernel size makes a checkerboard in transposed convolutions.
# - Nearly three quarters of the 550,629 parameters sit in one Dense layer.
# - A reconstruction goes through `z_mean`: no noise, one pass.
#
# ## Where it comes from
# - V. Dumoulin, F. Visin: [A guide to convolution arithmetic for deep learning](https://arxiv.org/abs/1603.07285),
#   2016. All the formulas, with drawings.
# - A. Odena, V. Dumoulin, C. Olah: [Deconvolution and Checkerboard Artifacts](https://doi.org/10.23915/distill.00003),
#   Distill, 2016.
# - F. Chollet: [Building Autoencoders in Keras](https://blog.keras.io/building-autoencoders-in-keras.html), 2016.
#   Convolutional autoencoders and a first VAE, in the Keras of that time.
# - Keras: [The functional API](https://keras.io/guides/functional_api/). Models with more than one output.
#
# [← Lesson 03: the MNIST pipeline](../03_mnist_pipeline/03_mnist_pipeline.ipynb) · [Lesson 05: the VAE loss →](../05_vae_loss/05_vae_loss.ipynb)
