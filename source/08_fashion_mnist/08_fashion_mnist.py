# %% [markdown]
# # 08 · Fashion-MNIST: harder pictures, eight dimensions
#
# **You will be able to**
# - work with a latent space that is too large to look at: measure it, dimension by dimension;
# - make new pictures, walk between two pictures along a line or a great circle, and say when the difference matters;
# - change one property of a picture with an attribute vector, and test whether it does what its name says;
# - score how unusual a picture is, and show where that score is confidently wrong;
# - read a rate-distortion curve, and choose a β with a reason.
#
# **Time** about 80 minutes · **Points** 20 · **Builds on** lessons 02, 04 and 05 · **Next** [lesson 09](../09_tight_bounds/09_tight_bounds.ipynb)
#
# The cells marked TO DO are yours. Under each stands a `check`: run it as often as you like.

# %%
import vaelab.quiet  # first, so that TensorFlow starts without its log lines

import math

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers, ops
from scipy import spatial, stats

from autograder import check
from vaelab import LatentExplorer, datasets, plots
from vaelab.datasets.files import data_file
from vaelab.progress import LiveLine

keras.utils.set_random_seed(237)

# %% [markdown]
# ## 1 · Clothes instead of digits
#
# Fashion-MNIST has the format of MNIST (28×28 gray pixels, ten classes) and little of its simplicity: clothes have texture and soft
# grays, and a shirt differs from a coat by a few pixels. The course ships 20,000 training and 5,000 test pictures of it, as bytes; 0 is the
# empty background, which our figures draw white, like the paper of MNIST.

# %% tags=["given"]
(train_raw, train_labels), (test_raw, test_labels) = datasets.load_fashion_mnist()
LABELS = list(datasets.FASHION_LABELS)

# %% [markdown]
# ### TO DO · `prepare`
# Turn the bytes into what the models of this course take: `float32`, from 0 to 1, with a channel axis at the end.


# %% exercise="prepare"
def prepare_images(raw):
    """Pictures for the models: float32 (n, 28, 28, 1) in [0, 1], 0 is the empty background.

    raw: uint8 (n, 28, 28), from 0 to 255; it stays as it is.
    """
    ### BEGIN SOLUTION
    return raw[..., np.newaxis].astype("float32") / 255.0
    ### END SOLUTION


# %% check="prepare"
check("prepare")


# %% tags=["given"]
def show_rows(rows, names=None, titles=None, scale=0.95):
    """A figure with one row of pictures for each entry of `rows`; names stand beside the rows, titles above."""
    columns = max(len(row) for row in rows)
    figure, axes = plt.subplots(len(rows), columns, figsize=(scale * columns, scale * len(rows)), squeeze=False)
    for i, row in enumerate(rows):
        for j in range(columns):
            axes[i, j].set(xticks=[], yticks=[], frame_on=False)
            if j < len(row):
                axes[i, j].imshow(np.asarray(row[j])[:, :, 0], vmin=0, vmax=1)
            if titles is not None and i == 0:
                axes[i, j].set_title(titles[j], fontsize=9)
        if names is not None:
            axes[i, 0].set_ylabel(names[i], rotation=0, ha="right", va="center", fontsize=10)
    return figure


# %% tags=["skip-grading"]
x_train, x_test = prepare_images(train_raw), prepare_images(test_raw)
one_of_each = [[x_test[test_labels == label][i] for label in range(10)] for i in range(3)]
plots.show(
    show_rows(one_of_each, titles=LABELS),
    alt="Three pictures of each of the ten classes: T-shirts, trousers, pullovers, dresses, coats, sandals, shirts, sneakers, "
    "bags and ankle boots, in grays on white. Some shirts, pullovers and coats look much alike.",
)

# %% [markdown]
# ## 2 · A larger encoder, eight dimensions
#
# Two numbers are enough to draw a map of the digits; for clothes they are too few. This lesson takes **eight**, and twice as many
# filters in the last two convolutions:
#
# | layer | activation | shape of its output | parameters |
# |---|---|---|---|
# | Conv2D, 32 filters | ReLU | 28×28×32 | 320 |
# | Conv2D, 64 filters, **stride 2** | ReLU | 14×14×64 | 18,496 |
# | Conv2D, **128** filters | ReLU | 14×14×128 | 73,856 |
# | Conv2D, **128** filters | ReLU | 14×14×128 | 147,584 |
# | Flatten | – | 25,088 | 0 |
# | Dense, **128** units | ReLU | 128 | 3,211,392 |
# | Dense, `hidden_state_size` units, named `z_mean` | none | 8 | 1,032 |
# | Dense, `hidden_state_size` units, named `z_log_variance` | none | 8 | 1,032 |
#
# All kernels are 3×3 with padding `"same"`. The second head holds what the course calls `z_log_var` everywhere else; here it bears the
# longer name that it has in the published lab.
#
# ### TO DO · `encoder`
# Build it. Which layer has nine tenths of all the parameters, and why? (Lesson 04 has the arithmetic.)


# %% exercise="encoder"
def build_encoder(hidden_state_size=8):
    """Convolutional encoder: pictures (batch, 28, 28, 1) → [z_mean, z_log_variance], each (batch, hidden_state_size).

    Returns a keras.Model whose two outputs come from Dense layers named "z_mean" and "z_log_variance".
    """
    ### BEGIN SOLUTION
    images = keras.Input((28, 28, 1), name="images")
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(images)
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)  # 28×28 → 14×14
    x = layers.Conv2D(128, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(128, 3, padding="same", activation="relu")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(128, activation="relu")(x)
    z_mean = layers.Dense(hidden_state_size, name="z_mean")(x)
    z_log_variance = layers.Dense(hidden_state_size, name="z_log_variance")(x)
    return keras.Model(images, [z_mean, z_log_variance], name="encoder")
    ### END SOLUTION


# %% check="encoder"
check("encoder")

# %% [markdown]
# Decoder, sampling layer and loss are those of earlier lessons, unchanged.


# %% tags=["given"]
# From lesson 4: decoder

# %% tags=["given"]
# From lesson 2: reparameterize

# %% tags=["given"]
# From lesson 2: sampling

# %% tags=["given"]
# From lesson 5: reconstruction-loss

# %% tags=["given"]
# From lesson 5: kl-divergence

# %% tags=["given"]
# From lesson 5: loss-layer

# %% tags=["given"]
# From lesson 5: build-vae

# %% [markdown]
# ### Train a little, load the rest
#
# This is how it trains; the cell makes thirty steps, so that you see the loss fall. Good pictures take some 2,000 steps, which is five to
# fifteen minutes on two cores. They have been made for you, by `data/make_fashion_checkpoint.py`, with the code of this notebook.
# If you change a model, the stored weights no longer fit, and Keras says so.

# %% tags=["skip-grading"]
short = build_vae(build_encoder(), build_decoder(latent_dim=8))
short.compile(optimizer=keras.optimizers.Adam(1e-3), jit_compile=False)  # for 30 steps compiling isn't worth it
history = short.fit(x_train[:160], batch_size=16, epochs=3, callbacks=[LiveLine()], verbose=0)
print("mean loss of each 10 steps, in nats:", ", ".join(f"{loss:.0f}" for loss in history.history["loss"]))

# %% tags=["skip-grading"]
encoder, decoder = build_encoder(), build_decoder(latent_dim=8)
with np.load(data_file("checkpoints/fashion.npz")) as stored:
    encoder.set_weights([stored[name] for name in stored if name.startswith("encoder")])
    decoder.set_weights([stored[name] for name in stored if name.startswith("decoder")])

z_mean, z_log_var = encoder.predict(x_test, batch_size=250, verbose=0)
restored = decoder.predict(z_mean[:1000], batch_size=250, verbose=0)
reconstruction = np.asarray(reconstruction_loss(x_test[:1000], restored))
kl = np.asarray(kl_divergence(z_mean, z_log_var))
print(f"held-out pictures: reconstruction through z_mean {reconstruction.mean():.0f} nats, KL {kl.mean():.1f} nats")

# %% tags=["skip-grading"]
some = np.flatnonzero(np.arange(1000) % 83 == 0)[:12]
plots.show(
    show_rows([x_test[some], restored[some]], names=["picture", "from 8 numbers"]),
    alt="Twelve pieces of clothing, and below each what comes back from eight numbers: shape, kind and brightness are right, "
    "prints, stripes and small details are smoothed away.",
)

# %% [markdown]
# From 784 numbers to 8 and back: kind, outline and brightness survive, logos and stripes don't. The cross-entropy looks enormous next to MNIST's
# (lesson 05: about 140 nats), and most of it is nobody's fault. A pixel of brightness ½ costs $\log 2 \approx 0.69$ nats even when it
# is met *exactly*: the loss reads it as a coin. Gray pictures have a high floor. Keep that in mind; in section 7 it comes back.
#
# ### A space too large to look at
#
# In eight dimensions there is no map. What you can always do is measure, one dimension at a time: the KL adds up over dimensions, so each has its
# share; and the clouds of all pictures together should look like the prior, with mean 0 and standard deviation 1.

# %% tags=["skip-grading"]
kl_of_dimension = 0.5 * (np.exp(z_log_var) + z_mean**2 - 1 - z_log_var).mean(axis=0)
noise = np.random.default_rng(1).standard_normal(z_mean.shape).astype("float32")
draws = np.asarray(reparameterize(z_mean, z_log_var, noise))

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2))
dimensions = np.arange(1, 9)
left.bar(dimensions, kl_of_dimension)
left.set(
    xlabel="latent dimension", ylabel="KL (nats)", title="What each dimension tells of a picture", xticks=dimensions
)
right.errorbar(
    dimensions, draws.mean(axis=0), draws.std(axis=0), fmt="o", capsize=5, label="all clouds together: mean ± σ"
)
right.errorbar(dimensions, np.zeros(8), np.exp(0.5 * z_log_var).mean(axis=0), fmt="none", elinewidth=6, alpha=0.5,
               label="one picture's cloud: ± σ (average)")  # fmt: skip
right.axhspan(-1, 1, color="#E6E6E6", zorder=0, label="prior: ± 1")
right.set(
    xlabel="latent dimension", ylabel="z", title="Together they fill the prior", xticks=dimensions, ylim=(-2.2, 3.2)
)
right.legend(loc="upper center", ncol=1)
plots.show(
    figure,
    alt="Left: the KL of each of the eight dimensions, all well above 0. Right: in each dimension the clouds of all "
    "pictures together reach about from -1 to 1, like the prior, while the cloud of one picture is several times narrower.",
)
print("KL of each dimension, in nats:", ", ".join(f"{value:.2f}" for value in kl_of_dimension))

# %% [markdown]
# Every dimension is in use: a collapsed one would show a KL of 0 and a cloud as wide as the prior (lesson 05).
#
# Eight dimensions are too many to look at, but two at a time you can. Choose which two; the other six stay at the mean
# of all codes. Colors are the ten classes.

# %% tags=["skip-grading"]
LatentExplorer(decoder, z_mean, test_labels)

# %% [markdown]
# ## 3 · Clothes that don't exist
#
# Generation is one line of theory: draw $z \sim \mathcal{N}(0, I)$, decode. Three details make it a function worth keeping: the number of
# dimensions comes from the decoder and is not typed in again; the seed makes the result repeatable; and all codes go through the decoder
# in one call.
#
# ### TO DO · `generate`
# `decoder.input_shape` knows the width of a code.


# %% exercise="generate"
def generate(decoder, n, seed):
    """n new pictures: codes drawn from the prior N(0, I), decoded in one call.

    decoder: a Keras model from codes (n, latent_dim) to pictures; latent_dim is read from it.
    seed: an integer; the same seed gives the same pictures. Returns what the decoder gives for n codes.
    """
    ### BEGIN SOLUTION
    latent_dim = decoder.input_shape[-1]
    z = keras.random.normal((n, latent_dim), seed=seed)
    return decoder.predict(z, verbose=0)
    ### END SOLUTION


# %% check="generate"
check("generate")

# %% tags=["skip-grading"]
new = generate(decoder, 36, seed=8)
plots.show(
    show_rows([new[:12], new[12:24], new[24:]]),
    alt="Thirty-six generated pictures. Most are clear pieces of clothing, some are between two kinds, such as half "
    "trousers and half dress, and a few are shapeless.",
)

# %% [markdown]
# Look closely, also at the bad ones. How many would you sell? In lesson 01 you measured holes in a code space; do it here: how far is it from a draw of the prior
# to the nearest code of a real picture, and how far from a draw of a held-out picture's own cloud?

# %% tags=["skip-grading"]
tree = spatial.cKDTree(z_mean[:4000])  # codes of 4,000 pictures; the other 1,000 are held out
prior = np.random.default_rng(2).standard_normal((1000, 8))
for name, points in (("drawn from held-out pictures' clouds", draws[4000:]), ("drawn from the prior", prior)):
    distances = tree.query(points)[0]
    print(f"{name}: nearest code at {np.median(distances):.2f} (median), {np.quantile(distances, 0.95):.2f} (95 %)")

# %% [markdown]
# Each dimension by itself looks like the prior, and still draws from the prior fall farther from any real code. The eight coordinates together have structure
# that $\mathcal{N}(0, I)$ doesn't know: between "trousers" and "sneaker" there are no pictures, but there is prior. This gap is where the
# shapeless ones come from.
#
# ## 4 · From one picture to another: line or circle?
#
# To walk between two codes, take the straight line (lesson 01)? There is an argument against it, and it is about **norms**.
# A draw from $\mathcal{N}(0, I)$ in $d$ dimensions has a squared norm of $d$ on average, and the larger $d$, the less it strays: in high
# dimensions nearly all draws lie in a thin shell of radius $\sqrt d$. The middle of two of them, however, has a norm of only about $\sqrt{d/2}$.

# %% tags=["skip-grading"]
figure, axes = plt.subplots(1, 3, figsize=(10.5, 3), sharey=False)
for ax, d in zip(axes, (2, 8, 100)):
    norms = np.linspace(0, math.sqrt(d) + 4, 400)
    ax.fill_between(norms, stats.chi(d).pdf(norms), alpha=0.35, label="norms of draws")
    ax.axvline(math.sqrt(d / 2), linestyle="--", color="C1", label="typical middle of a line")
    below = stats.chi(d).cdf(math.sqrt(d / 2))
    ax.set(xlabel="norm", title=f"d = {d}: {below:.2g} of the draws are nearer to 0", yticks=[], ylim=(0, 1))
    ax.title.set_fontsize(10)
axes[0].legend(loc="upper right")
plots.show(
    figure,
    alt="Densities of the norm of a normal draw in 2, 8 and 100 dimensions, with the norm of the middle of a straight line. In two "
    "dimensions the middle lies in the bulk, in 8 in the lower flank, in 100 far outside, where there are no draws.",
)

# %% [markdown]
# In 100 dimensions a straight line leads through a region where the prior has nothing and the decoder was never trained. In 2 dimensions the question doesn't arise.
# In 8 it is a matter of degree, so we will measure it.
#
# The remedy is to walk along the **great circle**: turn the direction from one code to the other by the same angle at each step (*slerp*, spherical linear
# interpolation). With unit vectors $\hat a, \hat b$ and the angle $\Omega$ between them, the direction at share $t$ is
#
# $$\hat u(t) = \frac{\sin((1-t)\,\Omega)}{\sin\Omega}\,\hat a + \frac{\sin(t\,\Omega)}{\sin\Omega}\,\hat b .$$
#
# In words: a mixture of both directions whose weights keep it on the unit circle and its speed even. That holds for directions only; the norm is
# handled by itself and goes in equal steps from $\|a\|$ to $\|b\|$.
#
# ### TO DO · `slerp`
# Beware of $\Omega = 0$: parallel vectors make the formula $0/0$, and rounding can push a cosine just above 1, where `arccos` gives NaN.
# Where nothing turns, the path is the straight line. (Between exactly opposite vectors there are infinitely many great circles; nobody will ask
# you for that one.)


# %% exercise="slerp"
def slerp(z_start, z_end, steps):
    """Path from z_start to z_end along the great circle, both ends included.

    z_start, z_end: arrays (d,), not zero. The direction turns by the same angle at each step; the norm goes in equal steps
    from ‖z_start‖ to ‖z_end‖. (Nearly) parallel vectors: the straight line. Opposite ones: not defined. Returns (steps, d).
    """
    ### BEGIN SOLUTION
    norm_start, norm_end = np.linalg.norm(z_start), np.linalg.norm(z_end)
    start, end = z_start / norm_start, z_end / norm_end
    share = np.linspace(0, 1, steps)[:, np.newaxis]
    angle = np.arccos(np.clip(start @ end, -1, 1))
    if angle < 1e-3:
        return z_start + share * (z_end - z_start)
    direction = (np.sin((1 - share) * angle) * start + np.sin(share * angle) * end) / np.sin(angle)
    return direction * (norm_start + share * (norm_end - norm_start))
    ### END SOLUTION


# %% check="slerp"
check("slerp")

# %% [markdown]
# Now measure, for 300 pairs of held-out pictures, three things along both paths: the norm; the distance to the nearest code of another
# picture; and the share of gray pixels in what the decoder makes of it. Gray, neither 0 nor 1, is what a decoder paints
# when it can't decide.

# %% tags=["skip-grading"]
pairs = np.random.default_rng(3).permutation(1000)[:600].reshape(300, 2) + 4000
share = np.linspace(0, 1, 7)
paths = {
    "straight line": np.array([np.linspace(z_mean[i], z_mean[j], 7) for i, j in pairs]),  # (300, 7, 8)
    "great circle": np.array([slerp(z_mean[i], z_mean[j], 7) for i, j in pairs]),
}

figure, axes = plt.subplots(1, 3, figsize=(11, 3.2))
for (name, codes), style in zip(paths.items(), ("o--", "s-")):
    pictures = decoder.predict(codes.reshape(-1, 8), batch_size=250, verbose=0)
    gray = ((pictures > 0.1) & (pictures < 0.9)).mean(axis=(1, 2, 3)).reshape(300, 7)  # neither background nor bright
    axes[0].plot(share, np.median(np.linalg.norm(codes, axis=2), axis=0), style, label=name)
    axes[1].plot(share, np.median(tree.query(codes)[0], axis=0), style)
    axes[2].plot(share, gray.mean(axis=0), style)
for ax, title, top in zip(axes, ("norm", "distance to the nearest code", "share of gray pixels"), (3.6, 1.6, 0.7)):
    ax.set(xlabel="share of the way", title=title, ylim=(0, top))
axes[0].legend(loc="lower center")
plots.show(
    figure,
    alt="Three panels against the share of the way. The norm stays level along the great circle and dips in the middle of the "
    "straight line. The distance to the nearest code rises towards the middle on both paths, on the circle more. The "
    "share of gray pixels rises in the middle of the line and stays level on the circle.",
)

# %% tags=["skip-grading"]
start, end = 4000 + np.flatnonzero(test_labels[4000:] == 1)[0], 4000 + np.flatnonzero(test_labels[4000:] == 9)[2]
cosine = z_mean[start] @ z_mean[end] / np.linalg.norm(z_mean[start]) / np.linalg.norm(z_mean[end])
walks = [np.linspace(z_mean[start], z_mean[end], 11), slerp(z_mean[start], z_mean[end], 11)]
plots.show(
    show_rows([decoder.predict(walk, verbose=0) for walk in walks], names=["straight line", "great circle"]),
    alt="Two rows of eleven pictures from trousers to an ankle boot, along the line and along the great circle. Both end at "
    "the same pictures; what lies between differs a little.",
)
print(f"angle between the two codes: {math.degrees(math.acos(cosine)):.0f} degrees")

# %% [markdown]
# What do you see? The circle keeps the norm, as it must. But it does *not* stay nearer to real codes: the middle of a line lies closer to
# the center, and from the center everything is near. What the line pays for this shows in the pictures: in its middle they are
# grayer and softer than at its ends, like averages of two things. Along the circle they stay as crisp as at the ends, which isn't the
# same as being clothes: its middle is farther from any real code.
#
# So in eight dimensions "use slerp" isn't a law. It is a choice between a soft mixture and a crisp detour, and the
# more dimensions there are, the more the line loses. Look at the two rows again with that in mind.
#
# ## 5 · Find the bug
#
# With two dimensions, a grid of codes is the whole map. Many published notebooks show the same grid for a VAE with more dimensions,
# and call it interpolation:
#
# ```python
# grid = norm.ppf(np.linspace(0.05, 0.95, 15))
# z = np.zeros((1, 8))
# z[0, 0], z[0, 1] = grid[i], grid[j]          # the other six stay 0
# ```
#
# The pictures change smoothly from one cell to the next. Stop for a moment: which two pictures of the data set does a row lie between?

# %% tags=["skip-grading"]
quantiles = stats.norm.ppf(np.linspace(0.05, 0.95, 15))
grid = np.zeros((15, 15, 8))
grid[:, :, 0], grid[:, :, 1] = np.meshgrid(quantiles, quantiles)
pictures = decoder.predict(grid.reshape(-1, 8), batch_size=225, verbose=0)
plots.show(
    show_rows(list(pictures.reshape(15, 15, 28, 28, 1)[::2, ::2]), scale=0.7),
    alt="A grid of 8 by 8 decoded pictures over the first two coordinates. Neighbors are alike: pullovers on the left turn into "
    "shoes on the right, and most pictures between are soft gray shapes.",
)


def gray_share(pictures):
    """Share of pixels that are neither clearly background nor clearly bright."""
    return np.mean((pictures > 0.1) & (pictures < 0.9))


norms = [np.median(np.linalg.norm(codes, axis=-1)) for codes in (grid, z_mean)]
print(f"share of the KL that the two coordinates carry: {kl_of_dimension[:2].sum() / kl_of_dimension.sum():.0%}")
print(f"median norm: grid {norms[0]:.2f}, codes of pictures {norms[1]:.2f}")
print(f"gray pixels: grid {gray_share(pictures):.0%}, reconstructions {gray_share(restored):.0%}")

# %% [markdown]
# Between none. Nobody encoded a picture to get there: a row begins and ends at numbers that were written down. Two coordinates carry about a third of what the
# code tells of a picture, and the other six stand at 0, which says "average" in six respects at once; hardly any picture is. The norms on
# the grid are less than half of those of real codes, and the pictures are correspondingly gray. That they change smoothly proves
# nothing: a decoder is a continuous function and changes smoothly along any path whatever, also between two places where it has never been.
#
# With two dimensions the grid is a map. With eight it is one slice through the middle, and what it leaves out is most of the space. If you want an
# interpolation, encode two pictures; if you want an overview, draw from the prior.
#
# ## 6 · Add sleeves
#
# If codes of T-shirts lie around one place and codes of pullovers around another, the step from the first to the second ought to mean "add
# sleeves", and one might take that step from other places too.
#
# ### TO DO · `attribute`
# The step is the difference of two means.


# %% exercise="attribute"
def attribute_vector(codes, labels, source, target):
    """The step in code space that leads from the mean code of one class to the mean code of another.

    codes: array (n, d); labels: array (n,); source, target: labels of the two classes. Returns (d,).
    """
    ### BEGIN SOLUTION
    return codes[labels == target].mean(axis=0) - codes[labels == source].mean(axis=0)
    ### END SOLUTION


# %% check="attribute"
check("attribute")

# %% [markdown]
# ### TO DO · `vary`
# Take one code and go along a direction, a different amount for each picture: 0 is the original, 1 the whole step, negative amounts go the other
# way. Put all codes into one array first, so that the decoder runs once.


# %% exercise="vary"
def vary(decoder, code, direction, amounts):
    """Pictures of code + amount·direction, one for each amount, from one call of the decoder.

    code, direction: arrays (d,); amounts: list or array of m numbers. Returns m pictures in the decoder's shape.
    """
    ### BEGIN SOLUTION
    codes = code + np.asarray(amounts)[:, np.newaxis] * direction
    return decoder.predict(codes, verbose=0)
    ### END SOLUTION


# %% check="vary"
check("vary")

# %% tags=["skip-grading"]
sleeves = attribute_vector(z_mean[:4000], test_labels[:4000], source=0, target=2)
amounts = [-0.5, 0, 0.5, 1, 1.5]
starts = {LABELS[label]: 4000 + np.flatnonzero(test_labels[4000:] == label)[3] for label in (0, 3, 1, 7)}
plots.show(
    show_rows(
        [[x_test[i], *vary(decoder, z_mean[i], sleeves, amounts)] for i in starts.values()],
        names=list(starts),
        titles=["picture", *(f"{amount:+.1f}" for amount in amounts)],
    ),
    alt="Four rows: a T-shirt, a dress, trousers and a sneaker, each moved along the direction from T-shirt to pullover. The T-shirt "
    "grows long sleeves; the dress and the trousers get limbs at their sides, and the sneaker becomes darker and ragged.",
)

# %% [markdown]
# One handsome row proves nothing: you could have picked it. So let a judge who sees no picture decide: encode each varied picture again, and ask its 15 nearest codes
# for their class. For 100 held-out T-shirts, what share is taken for something with long sleeves (pullover, coat, shirt)? And what share after an equally long
# step in a random direction?

# %% tags=["skip-grading"]
shirts = 4000 + np.flatnonzero(test_labels[4000:] == 0)[:100]
aside = np.random.default_rng(4).standard_normal((100, 8))
aside *= np.linalg.norm(sleeves) / np.linalg.norm(aside, axis=1, keepdims=True)
amounts = np.linspace(0, 1.5, 7)


def share_with_sleeves(directions):
    """For each amount: which share of the 100 T-shirts, moved and decoded, has mostly long sleeves around its new code."""
    # As `vary` does, for all T-shirts at once: (100, 7, 8).
    moved = z_mean[shirts, np.newaxis] + amounts[:, np.newaxis] * directions[:, np.newaxis]
    pictures = decoder.predict(moved.reshape(-1, 8), batch_size=250, verbose=0)
    codes = encoder.predict(pictures, batch_size=250, verbose=0)[0]
    around = test_labels[:4000][tree.query(codes, k=15)[1]]  # (700, 15)
    return (np.isin(around, (2, 4, 6)).mean(axis=1) > 0.5).reshape(100, 7).mean(axis=0)


figure, ax = plt.subplots(figsize=(6.4, 3.4))
ax.plot(amounts, share_with_sleeves(np.tile(sleeves, (100, 1))), "o-", label="T-shirt → pullover")
ax.plot(amounts, share_with_sleeves(aside), "s--", label="random direction, as long")
ax.set(xlabel="amount", ylabel="share taken for long sleeves", ylim=(-0.02, 1.02))
ax.legend()
plots.show(
    figure,
    alt="Share of T-shirts taken for something with long sleeves against the amount. Along the attribute vector it rises steeply, in "
    "random directions it stays low.",
)

# %% [markdown]
# The vector does what its name says, for T-shirts: at amount 1 most of them count as something with long sleeves, while random steps of the
# same length get there far less often. Elsewhere it means less: something grows at the sides of the dress and the
# trousers, but you would hardly call it sleeves, and the sneaker changes in ways that have no name. The difference of two means carries *everything* in which the two classes differ on average (sleeves, and also
# width, brightness, length), and it is measured at T-shirts. Nothing promises that it means the same elsewhere.
#
# ## 7 · Is this a piece of clothing at all?
#
# The ELBO is a lower bound of $\log p(x)$. So its negative should be large for pictures that the model has never seen the like of: an **anomaly score**
# for free. Decode $z_\text{mean}$ rather than a draw: a score that changes from call to call can't be compared with a threshold.
#
# ### TO DO · `anomaly`
# Reconstruction plus KL, in nats, one number for each picture. The given functions of lesson 05 do the sums.


# %% exercise="anomaly"
def anomaly_scores(encoder, decoder, images):
    """Negative ELBO of each picture, through z_mean instead of a draw, in nats: the larger, the more unusual.

    Reconstruction (binary cross-entropy summed over the pixels; finite where the decoder gives exactly 0 or 1) plus KL.
    encoder: gives [z_mean, z_log_var]; images: float32 (n, 28, 28, 1) in [0, 1]. Returns (n,).
    """
    ### BEGIN SOLUTION
    z_mean, z_log_var = encoder.predict(images, batch_size=250, verbose=0)
    reconstructions = decoder.predict(z_mean, batch_size=250, verbose=0)
    return ops.convert_to_numpy(reconstruction_loss(images, reconstructions) + kl_divergence(z_mean, z_log_var))
    ### END SOLUTION


# %% check="anomaly"
check("anomaly")

# %% [markdown]
# Feed it what it doesn't know: digits, clothes upside down, negatives, noise, and a picture with nothing in it. The **AUC** says how well a score tells
# two sets apart: it is the chance that a foreign picture scores higher than a piece of clothing. 1 is perfect, 0.5 is a coin, and *below* 0.5 the score
# prefers the foreign picture.
#
# Before you run the cell, write down what you expect for the digits and for the empty picture.

# %% tags=["skip-grading"]
clothes = x_test[4500:]
digits = prepare_images(datasets.load_mnist()[1][0][:500])
foreign = {
    "digits": digits,
    "upside down": clothes[:250, ::-1],
    "negatives": 1 - clothes[:250],
    "noise": np.random.default_rng(5).uniform(0, 1, (200, 28, 28, 1)).astype("float32"),
    "half as bright": clothes[:250] / 2,
    "empty": np.zeros((1, 28, 28, 1), "float32"),
}
scores = {"clothes": anomaly_scores(encoder, decoder, clothes)}
for name, images in foreign.items():
    scores[name] = anomaly_scores(encoder, decoder, images)


def auc(foreign, own):
    """Chance that a foreign picture scores higher than one of our own."""
    return np.mean(foreign[:, np.newaxis] > own)


print(f"{'':<16}{'median score':>14}{'AUC':>8}")
for name, values in scores.items():
    print(f"{name:<16}{np.median(values):>9.0f} nats{auc(values, scores['clothes']):>8.2f}")

# %% [markdown]
# Read the table slowly. Noise and negatives are found without fail. Upside-down clothes are found more often than not. But the AUC of the
# **digits** lies clearly below 0.5: a model that has never seen a digit rates the typical digit as *more* normal than the typical T-shirt.
# And the empty picture is, by a wide margin, the most normal picture of all.
#
# Nalisnick and others described this in 2019 for several kinds of deep generative models; it isn't a mistake in your code. Part of the reason you
# have already met: the floor. A gray pixel costs up to 0.69 nats even when it is met exactly, a pixel of 0 or 1 nothing. Digits are nearly all 0
# and 1, clothes are gray. The score asks "how many nats does this picture cost?", and simple pictures are cheap.
#
# The floor can be computed: it is the cross-entropy of a picture with itself. What is above it is the fault of the model.


# %% tags=["skip-grading"]
def floor(images):
    """Cross-entropy of each picture with itself, in nats: what even a perfect reconstruction costs."""
    return np.asarray(reconstruction_loss(images, images))


above = {"clothes": scores["clothes"] - floor(clothes)}
for name, images in foreign.items():
    above[name] = scores[name] - floor(images)
print(f"{'':<16}{'median floor':>14}{'above it':>14}{'AUC':>8}")
for name, values in above.items():
    median = np.median(scores[name] - values)
    print(f"{name:<16}{median:>9.0f} nats{np.median(values):>9.0f} nats{auc(values, above['clothes']):>8.2f}")

# %% tags=["skip-grading"]
figure, axes = plt.subplots(1, 2, figsize=(10.5, 3.4))
for ax, values, title in zip(axes, (scores, above), ("negative ELBO", "negative ELBO above the floor")):
    top = 1.1 * max(np.quantile(values[name], 0.98) for name in ("clothes", "digits"))
    bins = np.linspace(0, top, 50)
    ax.hist(np.minimum(values["clothes"], top), bins, density=True, alpha=0.35, label="clothes")
    ax.hist(np.minimum(values["digits"], top), bins, density=True, histtype="step", linewidth=1.8, label="digits")
    ax.axvline(values["empty"][0], color="black", linestyle=":", label="empty picture")
    ax.set(xlabel="nats (the last bar holds all beyond)", yticks=[], title=title)
axes[0].legend()
plots.show(
    figure,
    alt="Left: histograms of the score; the digits lie to the left of the clothes' center, and the empty picture left of all. Right: "
    "above the floor the digits lie far to the right of the clothes, with little overlap; the empty picture is still at the very left.",
)

# %% [markdown]
# Above the floor, digits are told from clothes almost without error. Case closed? Look at the last two rows before you deploy it. The empty picture is still the most
# normal of all. And the same clothes at half the brightness, which no shop would call normal, now look *better* than the originals: the dimmer a
# picture, the smaller its errors. We have corrected one bias, the one we knew of, and others remain.
#
# What to take from it: a VAE's score is not a test for "foreign". It measures how many nats a picture costs, and that depends on the
# picture's complexity and contrast as much as on whether the model knows it. Before you rely on such a score, try it on foreign data like that which
# you fear, and on *simple* foreign data in any case. If the AUC is below 0.5, it warns you of the wrong ones.
#
# ## 8 · How much may a code cost? The β sweep
#
# So far the two forces had equal rights. Multiply the KL by β (lesson 05) and you set a price: each nat of code must save β nats of
# reconstruction. In the language of information theory, the KL is the **rate** $R$, what the code tells of a picture, and the
# reconstruction is the **distortion** $D$, what is still missing. Training minimizes $D + \beta R$.
#
# One dense model, trained four times from the same start, each time with another β, in a few seconds each. (It is built
# once and its variables, those of the optimizer too, are set back: preparing a model for training takes longer than these trainings.)


# %% tags=["given"]
def dense_vae(steps):
    """A small VAE with 8 latent dimensions, whose learning rate falls to 0 in `steps` steps: (encoder, decoder, vae)."""
    images, z = keras.Input((28, 28, 1)), keras.Input((8,))
    x = layers.Dense(256, activation="relu")(layers.Flatten()(images))
    x = layers.Dense(128, activation="relu")(x)
    encoder = keras.Model(images, [layers.Dense(8, name="z_mean")(x), layers.Dense(8, name="z_log_variance")(x)])
    x = layers.Dense(128, activation="relu")(z)
    x = layers.Dense(256, activation="relu")(x)
    decoder = keras.Model(z, layers.Reshape((28, 28, 1))(layers.Dense(784, activation="sigmoid")(x)))
    vae = build_vae(encoder, decoder)
    # XLA makes steps this small no faster, and compiling it takes seconds.
    schedule = keras.optimizers.schedules.CosineDecay(6e-3, steps)
    vae.compile(optimizer=keras.optimizers.Adam(schedule), jit_compile=False, steps_per_execution=8)
    return encoder, decoder, vae


# %% tags=["skip-grading"]
betas = (0.25, 1, 4, 16)
rate, distortion, rows = [], [], []
same_draws = keras.random.normal((6, 8), seed=1)
keras.utils.set_random_seed(237)
dense_encoder, dense_decoder, dense = dense_vae(steps=3 * 64)
dense.optimizer.build(dense.trainable_variables)
state = dense.variables + dense.optimizer.variables
start = [ops.convert_to_numpy(variable) for variable in state]
for beta in betas:
    for variable, value in zip(state, start):
        variable.assign(value)
    dense.get_layer("vae_loss").beta.assign(beta)
    keras.utils.set_random_seed(237)  # the same batches too
    dense.fit(x_train[:8192], batch_size=128, epochs=3, callbacks=[LiveLine(f"β = {beta}")], verbose=0)
    result = dense.evaluate(x_test, batch_size=500, verbose=0, return_dict=True)
    rate.append(result["kl_loss"])
    distortion.append(result["reconstruction_loss"])
    rows.append([*dense_decoder(dense_encoder(x_test[some[:6]])[0]), *dense_decoder(same_draws)])
    print(
        f"beta {beta:>5}: rate {rate[-1]:5.1f}, distortion {distortion[-1]:5.1f}, sum {rate[-1] + distortion[-1]:5.1f} nats"
    )

# %% tags=["skip-grading"]
figure, ax = plt.subplots(figsize=(7, 4.2))
best = min(r + d for r, d in zip(rate, distortion))
across = np.array([-1, 60])
for total in best + np.arange(0, 100, 10):
    ax.plot(across, total - across, color="gray", linewidth=0.6, label="equal sum R + D" if total == best else None)
ax.plot(rate, distortion, "o-")
for beta, r, d in zip(betas, rate, distortion):
    ax.annotate(f"β = {beta}", (r, d), (6, 6), textcoords="offset points")
ax.set(xlabel="rate: KL (nats)", ylabel="distortion: reconstruction (nats)")
ax.set(xlim=(-1, max(rate) + 5), ylim=(min(distortion) - 8, max(distortion) + 12))
ax.legend(loc="upper right")
plots.show(
    figure,
    alt="Rate-distortion curve of the four trainings. From beta 16 to beta 0.25 the rate rises from a few nats to about twenty, and the "
    "distortion falls, steeply at first, then hardly. The line of the lowest sum touches the curve near beta 1.",
)
plots.show(
    show_rows(
        [[*x_test[some[:6]]], *rows],
        names=["pictures", *(f"β = {beta}" for beta in betas)],
        titles=["", "comes back", *[""] * 5, "generated", *[""] * 4],
        scale=0.8,
    ),
    alt="Top row: six pictures. Below, for each beta, what comes back of them and six generated pictures. With small beta pictures "
    "come back best and generated ones are often shapeless; with large beta generated ones are clean but alike, and pictures come back as averages.",
)

# %% [markdown]
# The thin lines join equal sums $R + D$, the negative ELBO; β = 1 is trained for exactly this sum and touches the lowest line. From there to the right you pay more than
# one nat of code for each nat of picture, to the left less. At each point the slope of the curve is $-\beta$: the price at which the model
# stopped buying.
#
# The pictures tell the other half. For small β they come back a little better, and the generated ones get worse: clouds so narrow that they leave holes between
# them, as in lesson 01. For large β the generated ones are cleaner, and pictures come back as the average of
# their kind or even as another kind: watch the bag. (This is a small model, briefly trained. The large one of section 2 is better at
# everything; the trade is the same.)
#
# ### TO DO · `written-beta`
# A shop asks for **one** model that does two things: show visitors clothes that don't exist yet, and compress the pictures of its stock to
# eight numbers so that similar ones can be found. Which β from the sweep would you ship? Give the numbers and the pictures that speak for it, say
# what you give up, and say why the lowest sum $R + D$ alone doesn't decide it. Four to six sentences.

# %% [markdown] written="written-beta" points=2
# *Your answer goes here.*
#
# ### BEGIN SOLUTION
# I would ship β = 1, perhaps 4. From β = 1 to 4 the model gives up some fifteen to twenty nats of distortion, and its rate falls by about half: reconstructions get
# a bit softer, generated pictures get cleaner. At β = 0.25 pictures come back hardly better than at 1, but many of the generated ones are shapeless, because the
# narrow clouds leave holes that the prior draws from. At β = 16 even a bag comes back as a shoe, so a search for similar pictures
# would fail. The lowest sum doesn't decide it, because it counts a nat of code and a nat of picture alike, and the shop doesn't: for
# the search distortion counts, for generation how well the clouds fill the prior.
#
# Rubric, 2 points:
# - ½ names one β (or a narrow range) and refers to numbers of the sweep, rate as well as distortion;
# - ½ refers to what the pictures show, for reconstruction as well as for generation;
# - ½ says what is given up with this choice;
# - ½ says why R + D alone doesn't decide: it weighs both terms equally, the two uses don't; a reasoned choice of another β gets full marks.
# ### END SOLUTION

# %% [markdown]
# ## What to take along
# - In many dimensions you measure instead of looking: KL of each dimension, norms, distances to the nearest code.
# - A great circle keeps the norm; it matters the more, the more dimensions there are. A path between pictures begins and ends at the codes of pictures.
# - An attribute vector is a difference of means. Test it against a random step of the same length, with a judge who isn't you.
# - A generative model's score isn't a test for "foreign": it mixes how surprising a picture is with how much there is in it to be surprised by.
# - β is a price. It moves a model along the rate-distortion curve; which point is best depends on what you want to do with it.
#
# ## Where it comes from
# - H. Xiao, K. Rasul, R. Vollgraf: [Fashion-MNIST](https://arxiv.org/abs/1708.07747), 2017. The data.
# - T. White: [Sampling Generative Networks](https://arxiv.org/abs/1609.04468), 2016. Great-circle paths and attribute vectors.
# - K. Shoemake: [Animating rotation with quaternion curves](https://doi.org/10.1145/325334.325242), 1985. Where slerp got its name.
# - E. Nalisnick and others: [Do Deep Generative Models Know What They Don't Know?](https://arxiv.org/abs/1810.09136), 2019. Foreign data that is rated more likely.
# - J. Serrà and others: [Input complexity and out-of-distribution detection with likelihood-based generative models](https://arxiv.org/abs/1909.11480), 2020.
#   Why, and a correction.
# - I. Higgins and others: [beta-VAE](https://openreview.net/forum?id=Sy2fzU9gl), 2017. The price β.
# - A. Alemi and others: [Fixing a Broken ELBO](https://arxiv.org/abs/1711.00464), 2018. Rate against distortion.
#
# [← Lesson 07: the same model as a class](../07_vae_class/07_vae_class.ipynb) · [Lesson 09: tight bounds →](../09_tight_bounds/09_tight_bounds.ipynb)
