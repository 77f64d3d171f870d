# %% [markdown]
# # 01 · Autoencoder against VAE: why an autoencoder can't generate
#
# **You will be able to**
# - build an autoencoder that squeezes a picture through two numbers, and look at the plane those numbers span;
# - measure how well each picture comes back, and how much of a plane of codes is empty;
# - walk in a straight line from one picture to another, and tell such a walk from a grid that only looks like one;
# - say, from your own measurements, what a variational autoencoder (VAE) does better than an autoencoder, and what it
#   doesn't.
#
# **Time** about 60 minutes · **Points** 20 · **Builds on** a first acquaintance with Keras and NumPy · **Next** [lesson 02](../02_reparameterization/02_reparameterization.ipynb)
#
# ## How a lesson works
# The cells marked **TO DO** are yours: replace the line `raise NotImplementedError(...)` by your answer and run the
# cell. Under each stands a cell `check("...")`. Run it as often as you like; it costs nothing. It answers with one line
# for each thing it looked at:
#
# - ✓ holds;
# - ✗ doesn't, and the line under it says what is wrong, what was expected and what your code gave;
# - ○ nothing to look at yet: the answer isn't written, or its cell hasn't been run;
# - – waits for an earlier line to hold.
#
# When your work is graded, the same checks run again, together with some on other inputs, so that an answer has to be
# right and not only right *here*. A written answer is read by a person.
#
# All other cells are given. Read them: they are short, and later lessons take up their ideas.

# %%
import vaelab.quiet  # first, so that TensorFlow starts without its log lines

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops
from matplotlib import color_sequences
from scipy.spatial import KDTree

from autograder import check
from vaelab import LatentExplorer, datasets, plots
from vaelab.progress import LiveLine

keras.utils.set_random_seed(237)

# %% [markdown]
# The pictures are the handwritten digits of MNIST, 28×28 pixels, scaled to the range from 0 (paper) to 1 (ink). To keep
# the waiting short we train on 30,000 of them. The 10,000 test pictures stay out of the training: with them we measure.

# %%
(x_train, y_train), (x_test, y_test) = datasets.load_mnist()
x_train, y_train = x_train[:30_000], y_train[:30_000]
x_train, x_test = (x[..., np.newaxis].astype("float32") / 255 for x in (x_train, x_test))
print("training", x_train.shape, " test", x_test.shape, f" values from {x_train.min():.0f} to {x_train.max():.0f}")

# %% [markdown]
# ## 1 · A digit through two numbers
#
# An **autoencoder** is two networks in a row. The *encoder* turns a picture into a few numbers, the **code**. The
# *decoder* turns a code into a picture. They are trained together to give back what went in. There are no labels; the
# picture is its own target. The 784 pixels have to pass a bottleneck of two numbers, so the networks must find out what
# tells digits apart.
#
# $$\text{picture } (28, 28, 1)\ \xrightarrow{\ \text{encoder}\ }\ \text{code } (2)
# \ \xrightarrow{\ \text{decoder}\ }\ \text{picture } (28, 28, 1)$$
#
# ### TO DO · `autoencoder`
# Build both with Keras' [functional API](https://keras.io/guides/functional_api/). What has worked well here:
#
# - **encoder**: Flatten, Dense 256 ReLU, Dense 128 ReLU, and a Dense layer with `latent_dim` units and *no* activation,
#   so that a code can lie anywhere;
# - **decoder**: the same backwards, Dense 128 ReLU, Dense 256 ReLU, Dense 784 with a sigmoid (a pixel lies between 0
#   and 1), Reshape to (28, 28, 1);
# - ReLU layers learn faster here with `kernel_initializer="he_normal"`;
# - **autoencoder**: the encoder *followed by* the decoder. Call the two models you have, `decoder(encoder(pictures))`,
#   so that all three share their weights: what the autoencoder learns, the other two know.


# %% exercise="autoencoder"
def build_autoencoder(latent_dim=2):
    """Three models that share their weights: (encoder, decoder, autoencoder). They need not be compiled.

    encoder: pictures (n, 28, 28, 1) -> codes (n, latent_dim), any real numbers.
    decoder: codes -> pictures with values between 0 and 1. autoencoder: pictures -> pictures, the two in a row.
    """
    ### BEGIN SOLUTION
    pictures = keras.Input((28, 28, 1))
    x = layers.Flatten()(pictures)
    x = layers.Dense(256, activation="relu", kernel_initializer="he_normal")(x)
    x = layers.Dense(128, activation="relu", kernel_initializer="he_normal")(x)
    encoder = keras.Model(pictures, layers.Dense(latent_dim)(x), name="encoder")

    codes = keras.Input((latent_dim,))
    x = layers.Dense(128, activation="relu", kernel_initializer="he_normal")(codes)
    x = layers.Dense(256, activation="relu", kernel_initializer="he_normal")(x)
    x = layers.Dense(784, activation="sigmoid")(x)
    decoder = keras.Model(codes, layers.Reshape((28, 28, 1))(x), name="decoder")

    return encoder, decoder, keras.Model(pictures, decoder(encoder(pictures)), name="autoencoder")
    ### END SOLUTION


# %% check="autoencoder"
check("autoencoder")

# %% [markdown]
# Now train it. The loss is the *binary cross-entropy* between each pixel that went in and the one that came out, summed
# over the picture; lesson 05 explains why this one. The rate at which the networks learn falls slowly to zero, so that
# they come to rest. The training takes about ten seconds.

# %% tags=["skip-grading"]
EPOCHS, BATCH = 6, 250


def summed_cross_entropy(pictures, reconstructions):
    """Binary cross-entropy of each picture, summed over its pixels: (n,)."""
    return ops.sum(keras.losses.binary_crossentropy(pictures, reconstructions), axis=(1, 2))


def train(model):
    """Train a model that gives back its input, and say where the loss began and ended."""
    steps = EPOCHS * len(x_train) // BATCH
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(4e-3, steps))
    model.compile(optimizer=optimizer, loss=summed_cross_entropy, steps_per_execution=10)
    progress = LiveLine(model.name)
    history = model.fit(x_train, x_train, batch_size=BATCH, epochs=EPOCHS, callbacks=[progress], verbose=0)
    loss = history.history["loss"]
    print(f"{model.name}: loss {loss[0]:.0f} in the first epoch, {loss[-1]:.0f} in the last")


encoder, decoder, autoencoder = build_autoencoder(latent_dim=2)
train(autoencoder)

# %% [markdown]
# ## 2 · How well does each picture come back?
#
# The loss is one number for a whole batch. To see which pictures come back and which don't, you want **one number for
# each picture**. Take the mean of the squared differences over its pixels:
#
# $$e_i = \frac{1}{784}\sum_{p=1}^{784} (x_{ip} - \hat x_{ip})^2 .$$
#
# In words: average over the pixels of picture $i$, not over the pictures.
#
# ### TO DO · `reconstruction-error`


# %% exercise="reconstruction-error"
def reconstruction_error(images, reconstructions):
    """Mean squared error of each image.

    images, reconstructions: arrays of the same shape, (n, 28, 28, 1) or any other (n, ...). Returns (n,).
    """
    ### BEGIN SOLUTION
    squares = np.square(images - reconstructions)
    return squares.reshape(len(squares), -1).mean(axis=1)
    ### END SOLUTION


# %% check="reconstruction-error"
check("reconstruction-error")

# %% [markdown]
# With it you can sort the test pictures. Below are originals above their reconstructions: the best ones, some from the
# middle, and the worst. (`side_by_side` puts pictures into one large array. It is given; you will need it a few times.)


# %% tags=["skip-grading"]
def side_by_side(pictures, columns):
    """Pictures (n, 28, 28, 1) as one array of n / columns rows."""
    rows = len(pictures) // columns
    return np.reshape(pictures, (rows, columns, 28, 28)).swapaxes(1, 2).reshape(28 * rows, 28 * columns)


reconstructions = decoder.predict(encoder.predict(x_test, batch_size=1000, verbose=0), batch_size=1000, verbose=0)
errors = reconstruction_error(x_test, reconstructions)
order = errors.argsort()

figure, axes = plt.subplots(1, 3, figsize=(10, 2.2))
for panel, title, start in zip(axes, ("best", "middle", "worst"), (0, 5000, 9992)):
    chosen = order[start : start + 8]
    panel.imshow(side_by_side(np.concatenate([x_test[chosen], reconstructions[chosen]]), 8), vmin=0, vmax=1)
    panel.set_title(f"{title}: error {errors[chosen].min():.3f} to {errors[chosen].max():.3f}")
    panel.axis("off")
plots.show(
    figure,
    alt="Test digits above their reconstructions in three groups. The best are mostly ones, and come back almost "
    "unchanged; those in the middle are blurred, and some have turned into another digit; the worst come back "
    "as another digit or as a blot.",
)

# %% [markdown]
# Two numbers are few. The ones come back best, because there is little to get wrong in a stroke; a thick or unusual
# digit comes back as some average of what the model knows.
#
# ## 3 · A second model: the VAE
#
# The VAE below is **given**. You need not understand each line yet: lesson 02 explains the draw, lesson 05 the extra
# term of the loss. It has the same layers as your autoencoder, the same pictures, the same optimizer and the same
# cross-entropy. Only this differs:
#
# - the encoder gives *four* numbers: a place in the plane, and how far a little cloud around it reaches in each
#   direction;
# - the decoder gets not the place itself but a point **drawn** from that cloud;
# - a term in the loss (the KL divergence) **pulls all the clouds together**, towards one standard normal distribution
#   around 0.


# %% tags=["skip-grading"]
class Cloud(keras.layers.Layer):
    """Draws a point from the cloud of each picture, and adds the pull towards N(0, 1) to the loss."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(237)

    def call(self, numbers):
        z_mean, z_log_var = ops.split(numbers, 2, axis=-1)
        pull = 0.5 * ops.sum(ops.square(z_mean) + ops.exp(z_log_var) - 1 - z_log_var, axis=-1)
        self.add_loss(ops.mean(pull))
        noise = keras.random.normal(ops.shape(z_mean), seed=self.seed_generator)
        return z_mean + ops.exp(0.5 * z_log_var) * noise


four_numbers, _, _ = build_autoencoder(latent_dim=4)
_, vae_decoder, _ = build_autoencoder(latent_dim=2)
vae = keras.Model(four_numbers.input, vae_decoder(Cloud()(four_numbers.output)), name="VAE")
train(vae)

# %% [markdown]
# The two losses can't be compared as they stand, for the VAE's contains the extra term. The error of the test pictures
# can. For the VAE we decode the middle of each cloud, without a draw.


# %% tags=["skip-grading"]
def encode(model, pictures):
    """The code of each picture, (n, 2); for the VAE the middle of its cloud."""
    return model.predict(pictures, batch_size=1000, verbose=0)[:, :2]


def decode(model, codes):
    """The picture of each code, (n, 28, 28, 1)."""
    return model.predict(np.asarray(codes, "float32"), batch_size=1000, verbose=0)


models = {"autoencoder": (encoder, decoder), "VAE": (four_numbers, vae_decoder)}
codes = {name: encode(down, x_train) for name, (down, _) in models.items()}
test_codes = {name: encode(down, x_test) for name, (down, _) in models.items()}
for name, (_, up) in models.items():
    errors = reconstruction_error(x_test, decode(up, test_codes[name]))
    spread = codes[name].std(axis=0).round(2)
    print(f"{name:12} mean error of the test pictures {errors.mean():.4f}, spread of the codes {spread}")

# %% [markdown]
# The two errors lie within a few percent of each other, and which is smaller depends on the seed: two numbers limit
# both far more than the cloud and the pull do. As devices that give back what went in, they are equals. So what is the
# VAE for?
#
# ## 4 · Two planes of codes
#
# A code is two numbers, so you can look at all of them. Each dot below is a training picture, colored by its digit.
# Neither model has ever seen a label.

# %% tags=["skip-grading"]
figure, axes = plt.subplots(1, 2, figsize=(10, 4.8))
for panel, (name, plane) in zip(axes, codes.items()):
    for digit, color in enumerate(color_sequences["petroff10"]):
        cloud = plane[y_train == digit][:600]
        panel.scatter(*cloud.T, s=3, color=color, alpha=0.6)
        box = {"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": color, "linewidth": 2}
        panel.text(*np.median(cloud, axis=0), str(digit), ha="center", va="center", fontsize=10, bbox=box)
    panel.set(title=f"codes of the {name}", xlabel="first number", ylabel="second number")
plots.show(
    figure,
    alt="Two scatter plots of codes colored by digit, with a numeral at the middle of each cloud. The "
    "autoencoder's plane is lopsided: some digits reach far out, most crowd in a corner. The VAE's codes form "
    "one roundish patch around 0 in which the digits lie side by side.",
)

# %% [markdown]
# Look at the axes first. Nothing tells the autoencoder *where* to put its codes: some digits reach far out, others
# crowd in a corner, and the whole is lopsided. The VAE's codes lie in a roundish patch around 0, a few units wide. Run
# the lesson with another seed: the autoencoder's plane gets quite another outline, the VAE's turns, but stays a patch
# around 0.
#
# ## 5 · Draw a code at random, and look
#
# To **generate** is to decode a code that no picture led to. So draw some. But from where? Be fair to both:
#
# - the VAE says where: it was trained towards the standard normal distribution, its *prior*;
# - the autoencoder says nothing, so we do the best we can without effort and fit a normal distribution to its codes
#   (their mean and covariance).

# %% tags=["skip-grading"]
rng = np.random.default_rng(237)


def draw_normal(name, n):
    """n random codes from a normal distribution fitted to the codes of a model."""
    return rng.multivariate_normal(codes[name].mean(axis=0), np.cov(codes[name].T), n)


def draw(name, n):
    """n random codes from where we best expect a model to know its way."""
    return rng.standard_normal((n, 2)) if name == "VAE" else draw_normal(name, n)


figure, axes = plt.subplots(1, 2, figsize=(10, 5))
for panel, (name, (_, up)) in zip(axes, models.items()):
    panel.imshow(side_by_side(decode(up, draw(name, 100)), 10), vmin=0, vmax=1)
    panel.set_title(f"{name}: 100 random codes, decoded")
    panel.axis("off")
plots.show(
    figure,
    alt="A hundred decoded random codes of each model. Most of the autoencoder's are digits, rather sharp ones, "
    "but some are torn into pieces or are no digit at all. The VAE's are softer, and nearly all of them could "
    "be digits.",
)

# %% [markdown]
# Before you read on, make up your mind: how many on the left are no digit? How many on the right? Which digits do you
# miss?
#
# It is tempting to write "the left is garbage, the right is good" under such a picture. It would not be true. Most of
# the left are digits, and often sharper ones. What you see is a share of broken ones, and an impression is no
# measurement. Section 7 counts.

# %% [markdown]
# ## 6 · From one picture to another
#
# First a walk on known ground. To **interpolate** between two pictures means: encode both, walk from one code to the
# other in a straight line, and decode what lies on the way. Both ends belong to it: the first frame is the first
# picture as the model gives it back, the last frame is the second.
#
# $$z_k = \Big(1 - \frac{k}{n-1}\Big)\, z_\text{start} + \frac{k}{n-1}\, z_\text{end}, \qquad k = 0, \dots, n-1 .$$
#
# In words: $n$ points at equal distances, so $n - 1$ steps between them.
#
# ### TO DO · `interpolate`
# Make it work for codes of any length $d$; lesson 08 has eight numbers.


# %% exercise="interpolate"
def interpolate(z_start, z_end, steps):
    """Points at equal distances on the straight line from one code to another, both ends included.

    z_start, z_end: (d,). steps: how many points, at least 2. Returns (steps, d).
    """
    ### BEGIN SOLUTION
    return np.linspace(z_start, z_end, steps)
    ### END SOLUTION


# %% check="interpolate"
check("interpolate")

# %% [markdown]
# Four walks in each plane, between the same test pictures.

# %% tags=["skip-grading"]
first = {digit: int(np.argmax(y_test == digit)) for digit in range(10)}
walks = [(0, 1), (7, 0), (6, 7), (1, 9)]

figure, axes = plt.subplots(1, 2, figsize=(10, 2.2))
for panel, (name, (_, up)) in zip(axes, models.items()):
    lines = [interpolate(test_codes[name][first[a]], test_codes[name][first[b]], 11) for a, b in walks]
    panel.imshow(side_by_side(decode(up, np.concatenate(lines)), 11), vmin=0, vmax=1)
    panel.set_title(f"{name}: the same four walks")
    panel.axis("off")
plots.show(
    figure,
    alt="Four rows of eleven frames for each model, from 0 to 1, 7 to 0, 6 to 7 and 1 to 9. Both models pass "
    "through other digits on the way. The two models' rows look much alike.",
)

# %% [markdown]
# Is one better? Measure it: over 300 walks between random test pictures, how much of the whole change happens in the
# largest of the ten steps? In a perfectly even walk each step has one tenth of it.

# %% tags=["skip-grading"]
ends = rng.integers(0, len(x_test), (300, 2))

for name, (_, up) in models.items():
    lines = [interpolate(test_codes[name][a], test_codes[name][b], 11) for a, b in ends]
    frames = decode(up, np.concatenate(lines)).reshape(300, 11, 784)
    change = np.sqrt(np.square(np.diff(frames, axis=1)).mean(axis=-1))
    share = change.max(axis=1) / change.sum(axis=1)
    print(f"{name:12} largest of ten steps: {share.mean():.0%} of the change, on average over 300 walks")

# %% [markdown]
# The autoencoder jumps a little more: its largest step takes 18 to 21% of the change, the VAE's 15 to 17% (six seeds).
# That is a difference, not a triumph. Between two *known* codes of a plane, an autoencoder interpolates decently, and
# whoever shows you a row of pretty frames hasn't shown you that the model can generate. The difference lies where
# nobody has been.
#
# ## 7 · Holes
#
# A decoder has learned what to do at the codes it was trained with. Far from all of them, its picture is a guess. So
# ask of a random code: **is any training code near?** If none lies within a radius $r$, call the place a *hole*.
#
# ### TO DO · `holes`
# Give the share of samples that fall into a hole. Comparing each of 30,000 codes with each of several thousand samples
# takes hundreds of millions of distances; in a double loop that is minutes. A *k-d tree* sorts the codes by place once
# and then looks only in the neighborhood:
# [`scipy.spatial.KDTree`](https://docs.scipy.org/doc/scipy/reference/generated/scipy.spatial.KDTree.html), made from
# the codes and asked with `query`, gives the distance of each sample to the nearest code. 50,000 codes should take less
# than a second.


# %% exercise="holes"
def hole_fraction(codes, samples, radius):
    """Share of samples that have no code within the radius, from 0 to 1.

    codes: (n, d). samples: (m, d). A code at exactly this distance counts as within.
    """
    ### BEGIN SOLUTION
    distances, _ = KDTree(codes).query(samples)
    return float(np.mean(distances > radius))
    ### END SOLUTION


# %% check="holes"
check("holes")

# %% [markdown]
# ### The map of holes
#
# One plane is wider than the other, and the same radius would mean different things in them. To be fair, **shift and
# scale each plane so that its training codes have mean 0 and standard deviation 1 along each axis**. From here on, a
# radius of 0.1 means: a tenth of how far the codes of *this* model spread.
#
# The map shows the distance from each place to the nearest training code. The white dots are random draws, as in
# section 5.


# %% tags=["skip-grading"]
def to_unit(name, points):
    """Points of a model's plane, in units of the mean and spread of its training codes."""
    return (points - codes[name].mean(axis=0)) / codes[name].std(axis=0)


unit_codes = {name: to_unit(name, plane) for name, plane in codes.items()}
draws = {name: draw(name, 5000) for name in models}
grid = np.stack(np.meshgrid(np.linspace(-4, 4, 240), np.linspace(-4, 4, 240)), axis=-1)

figure, axes = plt.subplots(1, 2, figsize=(10, 4.6))
for panel, name in zip(axes, models):
    distance, _ = KDTree(unit_codes[name]).query(grid)
    image = panel.imshow(distance, extent=(-4, 4, -4, 4), origin="lower", cmap="viridis", vmin=0, vmax=0.3)
    panel.scatter(*to_unit(name, draws[name][:400]).T, s=5, color="white", edgecolor="black", linewidth=0.3)
    panel.set(title=f"{name}: distance to the nearest code", xlabel="standard deviations", xlim=(-4, 4), ylim=(-4, 4))
    panel.grid(False)
figure.colorbar(image, ax=axes, label="distance (standard deviations)", extend="max")
plots.show(
    figure,
    alt="Two maps of the distance to the nearest training code, dark where a code is near and bright in the "
    "holes, with random draws as dots. The autoencoder's codes cover a lopsided area, and a good many dots "
    "lie outside of it, on bright ground. In the VAE's map nearly all dots lie on dark ground.",
)

# %% [markdown]
# Are the holes where you expected them, between the digits? There the ground is thinner here and there, but the large
# holes are elsewhere: **next to the codes, where a sensible guess says there should be some.** A lopsided cloud has no
# simple shape that one could draw from.
#
# What does the decoder make of a hole? Below are the twelve draws of each model, out of 2,000, that lie farthest from
# any code. Above each stands how far.

# %% tags=["skip-grading"]
figure, axes = plt.subplots(2, 12, figsize=(10, 2.3))
for row, (name, (_, up)) in zip(axes, models.items()):
    distance, _ = KDTree(unit_codes[name]).query(to_unit(name, draws[name][:2000]))
    deepest = distance.argsort()[::-1][:12]
    for panel, picture, depth in zip(row, decode(up, draws[name][deepest]), distance[deepest]):
        panel.imshow(picture, vmin=0, vmax=1)
        panel.set_title(f"{depth:.2f}", fontsize=9)
        panel.set(xticks=[], yticks=[])
        panel.spines[:].set_visible(False)
    row[0].set_ylabel(name)
plots.show(
    figure,
    alt="Two rows of twelve pictures, the random draws that lie deepest in holes. The autoencoder's lie far from "
    "any code, one standard deviation or so, and are torn or overdrawn. The VAE's lie much nearer to a code, "
    "and are softer and more like digits.",
)

# %% [markdown]
# ### Walk there yourself
#
# Below is the VAE's plane. Drag over it, or click into it and use the arrow keys: on the right is what the decoder makes
# of the place where you stand, and of the nearest training code. Go out to where no dots are. Then put
# `decoder, codes["autoencoder"]` into the cell and compare.

# %% tags=["skip-grading"]
LatentExplorer(vae_decoder, codes["VAE"], y_train)

# %% [markdown]
# ### How many holes?
#
# A single radius is an arbitrary choice, so take them all. And a single way to draw is one too: besides the fitted
# normal (now for both models, so that both are treated alike) and the VAE's prior, take a naive way that you meet
# often, drawing from the box that just contains all codes.

# %% tags=["skip-grading"]
radii = np.geomspace(0.01, 1, 15)


def places(name, n):
    """Random codes of a model by where they come from."""
    low, high = codes[name].min(axis=0), codes[name].max(axis=0)
    drawn = {"a fitted normal": draw_normal(name, n), "the box around the codes": rng.uniform(low, high, (n, 2))}
    return drawn | ({"the prior": rng.standard_normal((n, 2))} if name == "VAE" else {})


styles = {"a fitted normal": "-", "the box around the codes": "--", "the prior": ":"}
figure, axes = plt.subplots(figsize=(6.8, 4))
for (name, plane), marker, color in zip(unit_codes.items(), "os", ("C1", "C0")):
    for where, samples in places(name, 5000).items():
        samples = to_unit(name, samples)
        shares = [hole_fraction(plane, samples, radius) for radius in radii]
        axes.semilogx(radii, shares, styles[where], marker=marker, color=color, label=f"{name}, draws from {where}")
        print(f"{name:12} draws from {where:25} in a hole of radius 0.1: {hole_fraction(plane, samples, 0.1):6.1%}")
axes.set(xlabel="radius (standard deviations of the codes)", ylabel="share of draws in a hole", ylim=(0, 1))
axes.legend()
plots.show(
    figure,
    alt="Share of random draws in a hole against the radius. With its prior the VAE's curve falls to almost zero "
    "at a radius of 0.1; the autoencoder's, with a fitted normal, is still at about a tenth there. The two "
    "curves for boxes stay far higher.",
)

# %% [markdown]
# At small radii all curves are high: between 30,000 codes there is always *some* room. What counts is what remains. At
# a radius of 0.1, about a tenth of the autoencoder's draws have no code near, against a few in a hundred of the VAE's,
# or fewer. (With nine trainings we measured 7 to 15% for the autoencoder and 0.3 to 3% for the VAE and its prior. With
# a fitted normal the VAE had 1 to 4% in the four of them where we looked.)
#
# And look at the dashed lines: the VAE's box is full of holes too. A VAE doesn't fill *every* place. It fills the one
# distribution it was trained towards, and so it can tell you where to draw.
#
# ### And what do the holes do to the pictures?
#
# Count the broken pictures without a judge. Decode 5,000 training codes: that is what the model makes of real digits.
# How far is another decoded picture from the most similar of those? Do the same for 1,000 test pictures to learn how
# far is usual, and call a picture **strange** if it is farther off than 99% of them. By this yardstick 1% of real
# digits are strange. The yardstick is each model's own, so that blur counts neither for nor against it.


# %% tags=["skip-grading"]
def farness(pictures, known):
    """Mean squared error between each picture and the most similar one of those known."""
    a, b = (np.reshape(p, (len(p), -1)) for p in (pictures, known))
    return (np.square(a).sum(axis=1)[:, None] + np.square(b).sum(axis=1) - 2 * a @ b.T).min(axis=1) / a.shape[1]


for name, (_, up) in models.items():
    plane, known = codes[name], decode(up, codes[name][:5000])
    usual = np.quantile(farness(decode(up, test_codes[name][:1000]), known), 0.99)
    near = plane[rng.integers(0, len(plane), 1000)] + 0.05 * plane.std(axis=0) * rng.standard_normal((1000, 2))
    for where, samples in {**places(name, 1000), "close to a training code": near}.items():
        strange = farness(decode(up, samples), known) > usual
        hole = KDTree(unit_codes[name]).query(to_unit(name, samples))[0] > 0.1
        inside = f"{strange[hole].mean():.0%}" if hole.sum() >= 20 else "too few to say"
        print(f"{name:12} {where:25} strange: {strange.mean():5.1%}   of those in a hole: {inside}")

# %% [markdown]
# Three things to read off, which held in all nine trainings we made with different seeds:
#
# 1. **Holes are where strange pictures come from.** Of the autoencoder's draws that fall into a hole, more than eight
#    in ten are strange.
# 2. **Drawn where each model may be expected to know its way**, 10 to 25% of the autoencoder's pictures are strange,
#    against 3 to 10% of the VAE's. Better, not perfect.
# 3. **The autoencoder's decoder is not to blame.** Close to known codes its pictures are no stranger than the VAE's. It
#    *can* draw digits; it can't tell you where. If you fit a better distribution to its codes afterwards, it generates
#    well (Ghosh and others, 2020, do exactly that). A VAE arranges its codes so that you know the distribution
#    beforehand.
#
# This is a plane, where you can see what you do. The more numbers a code has, the more room there is to be lost in.

# %% [markdown]
# ## 8 · Find the bug: the grid that interpolates no two images
#
# In many published lessons the section called "interpolation between digits" decodes something like this:
#
# ```python
# grid_x = np.linspace(-3, 3, n)
# grid_y = np.linspace(-3, 3, n)
# ```
#
# and shows the $n \times n$ pictures. It looks splendid. Stop for a moment: *which two digits* does it interpolate
# between?

# %% tags=["skip-grading"]
side = np.linspace(-3, 3, 15)
tour = np.stack(np.meshgrid(side, side[::-1]), axis=-1)  # (row, column, 2), the first row on top
tour_pictures = decode(vae_decoder, tour.reshape(-1, 2))
rows = []
for a, b in ((first[6], first[7]), (first[0], first[1]), (first[7], first[0])):
    walk = decode(vae_decoder, interpolate(test_codes["VAE"][a], test_codes["VAE"][b], 11))
    rows += [x_test[a : a + 1], walk, x_test[b : b + 1]]

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.4), width_ratios=(1, 1.3))
left.imshow(side_by_side(tour_pictures, 15), vmin=0, vmax=1)
left.set_title("published: a box of codes, decoded")
right.imshow(side_by_side(np.concatenate(rows), 13), vmin=0, vmax=1)
right.set_title("from a picture (left end) to another (right end)")
left.axis("off"), right.axis("off")
plots.show(
    figure,
    alt="Left: a 15 by 15 grid of decoded digits that blend into each other. Right: three rows that each begin "
    "with an original digit and its reconstruction, and end with the reconstruction of another digit and its "
    "original.",
)

# %% tags=["skip-grading"]
borders = to_unit("VAE", tour[:, [0, -1]].reshape(-1, 2))
unit_test = to_unit("VAE", test_codes["VAE"])
print(f"ends of the grid's rows with no code within 0.1: {hole_fraction(unit_codes['VAE'], borders, 0.1):.0%}")
print(f"test pictures with an end of a row within 0.1: {1 - hole_fraction(borders, unit_test, 0.1):.1%}")

# %% [markdown]
# Each walk begins and ends with a picture, as well as the model can give it back. The grid starts from no picture and
# ends at none: the ends of its rows were chosen by somebody, a third or more of them lie where the model has never put
# anything, and of the test pictures about one in a hundred happens to lie near one. It is a fine *tour of the plane*
# (you will draw one in lesson 06). It just doesn't show what its title says: how the model leads from this digit to
# that one. A simple question tells the two apart: **does a picture enter the computation?**
#
# ## 9 · Why are there fewer holes?
#
# Look again at what is different about the VAE (section 3): a cloud instead of a point, a draw, a pull.
#
# ### TO DO · `written-holes`
# In about three sentences: **why does the regularized plane have fewer holes?** Say what each of the two forces in the
# loss does to the codes, what would happen with only one of them, and name one number from this lesson that supports
# you.

# %% [markdown] written="written-holes" points=3
# *Your answer, about three sentences:*
#
# ### BEGIN SOLUTION
# The KL term pulls all clouds towards one N(0, 1): codes can't run off to wherever they like, and the clouds may not
# shrink to points, so they have to share a small patch. Because the decoder sees a point drawn from the cloud, every
# place in it must decode to something like the picture, so neighboring clouds blend instead of leaving a gap; without
# the pull the clouds would move apart and shrink, and we would have the autoencoder again, while with nothing but the
# pull all clouds would coincide and tell nothing about the picture. In the lesson the share of draws in a hole of
# radius 0.1 fell from about a tenth to a few in a hundred or fewer.
#
# Rubric
# - 1 point: the KL term holds the codes together around 0 (or: towards the prior), so that we know where to draw.
# - 1 point: the draw makes the decoder answer for a whole neighborhood of each code, not for a single point.
# - ½ point: what one force alone would do: only the reconstruction gives back the autoencoder, only the KL a code that
#   says nothing.
# - ½ point: a number measured in the lesson, rightly read. "The VAE has no holes" is not right: its box is full of
#   them.
# ### END SOLUTION

# %% [markdown]
# ## What to take along
# - An autoencoder learns to give back pictures, and nothing about *where* its codes lie. Its plane is lopsided and has
#   holes.
# - A good reconstruction, or a pretty interpolation, is no evidence that a model can generate. Draw at random, and
#   count.
# - A VAE's plane is filled where its prior says. Outside of that it has holes too.
# - Comparisons need a fair footing: draws each model can be expected to handle, planes in the same units, the same
#   yardstick for strange.
# - Interpolation starts from a picture and ends at one. A grid of codes is a tour.
#
# ## Where it comes from
# - G. E. Hinton, R. R. Salakhutdinov: [Reducing the Dimensionality of Data with Neural
#   Networks](https://doi.org/10.1126/science.1127647), 2006. MNIST in two numbers, by an autoencoder.
# - D. P. Kingma, M. Welling: [Auto-Encoding Variational Bayes](https://arxiv.org/abs/1312.6114), 2013. The VAE.
# - P. Ghosh and others: [From Variational to Deterministic Autoencoders](https://arxiv.org/abs/1903.12436), 2020. An
#   autoencoder that generates, with a distribution fitted to its codes afterwards.
# - J. L. Bentley: [Multidimensional binary search trees used for associative
#   searching](https://doi.org/10.1145/361002.361007), 1975. The k-d tree.
# - Y. LeCun, C. Cortes, C. J. C. Burges: MNIST, [described in LeCun and others,
#   1998](https://doi.org/10.1109/5.726791).
#
# [Lesson 02: reparameterization →](../02_reparameterization/02_reparameterization.ipynb)
