# %% [markdown]
# # 03 · The MNIST pipeline: from two CSV files to arrays
#
# **You will be able to**
# - read a table in the smallest data type that holds it, and say what that saves;
# - put labeled and unlabeled rows into one table without losing or renaming a row;
# - hold out rows at random so that anyone can hold out the same ones again;
# - turn rows into pictures, and recognize the mistakes that no shape and no range gives away;
# - say what a leak is, and for which question something is one.
#
# **Time** about 50 minutes · **Points** 20 · **Builds on** NumPy and a first look at pandas · **Next** [lesson 04](../04_encoder_decoder/04_encoder_decoder.ipynb)
#
# The cells marked TO DO are yours. Under each stands a `check`: run it as often as you like.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv

from autograder import check
from vaelab import datasets, plots

# %% [markdown]
# ## 1 · Two files, as they come
#
# MNIST is 70,000 handwritten digits. In a competition it comes as two tables. In `train.csv` a row is a digit's `label`
# and its $28 \times 28 = 784$ pixels, `pixel0` to `pixel783`, from 0 (paper) to 255 (ink), line by line from the top
# left. In `test.csv` the label is missing: finding it is what the competition is about.
#
# Before you read a file with a library, look at it with your own eyes.

# %% tags=["skip-grading"]
train_csv, test_csv = datasets.mnist_csv_files()

for path in (train_csv, test_csv):
    with open(path) as file:
        header, first = file.readline(), file.readline()
    print(f"{path.name}, {path.stat().st_size / 1e6:.0f} MB: {header.count(',') + 1} columns")
    print(f"  {header[:48]}… {header[-19:].strip()}\n  {first[:48]}…")

# %% [markdown]
# ## 2 · One byte is enough
#
# Left alone, pandas reads whole numbers as `int64`: eight bytes for a value that never exceeds 255. One byte, `uint8`,
# holds 0 to 255. Tell the reader so *while it reads*: a conversion afterwards still needs all the memory first. What
# does it save?
#
# And who reads? Besides `pd.read_csv` there is the CSV reader of [pyarrow](https://arrow.apache.org/docs/python/csv.html),
# which cuts the file into blocks, reads them on all cores, and hands pandas the finished table.


# %% tags=["skip-grading"]
def read_with_pyarrow(path):
    """A table of uint8, whatever its columns are called."""
    with open(path) as file:
        types = dict.fromkeys(file.readline().strip().split(","), pa.uint8())
    return csv.read_csv(path, convert_options=csv.ConvertOptions(column_types=types)).to_pandas()


readers = {
    "int64, pandas' default": pd.read_csv,
    "uint8, pandas": lambda path: pd.read_csv(path, dtype=np.uint8),
    "uint8, pyarrow": read_with_pyarrow,
}
measured = {"MB in memory": [], "seconds to read": [], "seconds to shuffle the rows": []}
for read in readers.values():
    start = time.perf_counter()
    frame = read(train_csv)
    measured["seconds to read"].append(time.perf_counter() - start)
    measured["MB in memory"].append(frame.memory_usage().sum() / 1e6)
    start = time.perf_counter()
    frame.sample(frac=1, random_state=99)
    measured["seconds to shuffle the rows"].append(time.perf_counter() - start)
del frame

figure, axes = plt.subplots(1, 3, figsize=(10, 2.4), sharey=True)
for ax, (what, values) in zip(axes, measured.items(), strict=True):
    bars = ax.barh(list(readers), values, color=["C1", "C0", "C2"], hatch=["//", "", "\\\\"], edgecolor="white")
    ax.bar_label(bars, fmt="%.3g", padding=3)
    ax.set(xlabel=what, xlim=(0, 1.3 * max(values)))
    ax.grid(axis="y", visible=False)
axes[0].invert_yaxis()
plots.show(
    figure,
    alt="Three bar charts for train.csv, read as int64 and as uint8 by pandas and as uint8 by pyarrow. Memory: 264 megabytes "
    "against 33, an eighth, for both readers of uint8. Seconds to read: of the same order for both types in pandas, less "
    "with pyarrow. Seconds to shuffle the rows: several times longer with int64.",
)

# %% [markdown]
# The memory is an eighth, on any machine: 42,000 × 785 values of one byte instead of eight. Reading gains less, in pandas
# on some machines nothing: much of its time goes into finding the commas, and that is what pyarrow does faster. But
# each step that follows, a shuffle, a copy, a split, moves an eighth of the bytes and takes a fraction of the time.
#
# A stated type is also a guard. Were there a 300 or a −1 in the file, either reader would refuse to squeeze it into a
# `uint8` and raise an error; the default takes both without a word. An empty field is such a case as well, if you say
# that it is: `null_values=[]` in pyarrow's `ConvertOptions`. Otherwise its column arrives as `float64`, with a NaN in it.
#
# What a type can't see is a column that isn't there. Then the error comes three functions later, with a message about
# shapes. So look at the columns when you read, and say which is missing.
#
# The names of the pixel columns, once and for all:

# %% tags=["given"]
PIXELS = [f"pixel{i}" for i in range(28 * 28)]

# %% [markdown]
# ### TO DO · `read`
# Read both files as `uint8`, with either reader. A file may have further columns, such as the row numbers that a
# careless `to_csv` wrote into it: leave them out (pandas'
# [`usecols`](https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html) or pyarrow's
# [`include_columns`](https://arrow.apache.org/docs/python/generated/pyarrow.csv.ConvertOptions.html) helps). If a column
# is missing, raise a `ValueError` or `KeyError` that names it.


# %% exercise="read"
def read_raw(train_csv, test_csv):
    """Read the two files of the competition.

    train_csv, test_csv: paths. Returns (train_raw, test_raw), DataFrames of uint8: train_raw with the columns label,
    pixel0 … pixel783, test_raw with the pixels only. Raises ValueError or KeyError that names a column that is missing.
    """

    ### BEGIN SOLUTION
    def read(path, wanted):
        types = dict.fromkeys(wanted, pa.uint8())
        # null_values=[]: an empty field is an error. A column that isn't there is a KeyError that names it.
        options = csv.ConvertOptions(column_types=types, include_columns=wanted, null_values=[])
        return csv.read_csv(path, convert_options=options).to_pandas()

    tables = read(train_csv, ["label", *PIXELS]), read(test_csv, PIXELS)
    pa.default_memory_pool().release_unused()  # pyarrow keeps what the text took up, in case there is more to read
    return tables
    ### END SOLUTION


# %% check="read"
check("read")

# %% tags=["skip-grading"]
train_raw, test_raw = read_raw(train_csv, test_csv)
print("train_raw", train_raw.shape, " test_raw", test_raw.shape)
train_raw.iloc[:4, [0, 1, 2, 3, 400, 401, 402, 783, 784]]

# %% [markdown]
# ## 3 · Pictures without a label
#
# A VAE learns from pictures alone. The 28,000 pictures of `test.csv` are as good to it as the others, and it would be a
# waste to leave them out. But each row of one table has a label, so the unlabeled rows need a value that says
# "unknown":
#
# - `NaN` is the usual choice, but no integer type has one: a single `NaN` makes the column `float64`.
# - −1 doesn't fit into a `uint8`.
# - 10 looks like the next class after 9, and sooner or later somebody counts ten classes and takes it for one.
# - **11** is a byte and no digit, and the gap before it makes you ask. It is what this course uses from here on.
#
# The price of such a marker: it *is* a number. Each mean, each histogram and each accuracy over the labels must leave
# it out first.
#
# ### TO DO · `unlabeled`
# Put a column `label` in front of the pixels, so that the columns are those of `train_raw`, and of the same type: a
# single `int64` column among 784 `uint8` ones makes `to_numpy()` of the whole table eight times as large. Leave the
# table you were given as it is: run on the same input twice, the function gives the same result twice.


# %% exercise="unlabeled"
def mark_unlabeled(test_raw, label=11):
    """A new table with the column label in front, which says the same in each row.

    test_raw: DataFrame of uint8, pixels only; it stays as it is. label: what stands for "unknown".
    Returns a DataFrame of uint8 with the columns label, pixel0 … pixel783.
    """
    ### BEGIN SOLUTION
    marked = test_raw.copy()
    marked.insert(0, "label", np.uint8(label))
    return marked
    ### END SOLUTION


# %% check="unlabeled"
check("unlabeled")

# %% [markdown]
# ## 4 · One table
#
# Now the two go one below the other. Mind the index: both tables number their rows from 0, and `pd.concat` keeps these
# numbers unless you tell it otherwise. Then 28,000 numbers stand for two rows each. Nothing complains, and the table
# looks fine. What it does to you, you will see in the next section.
#
# ### TO DO · `combine`
# Put the labeled rows first and the unlabeled rows below them, and number all rows afresh from 0.


# %% exercise="combine"
def combine(train_raw, test_raw):
    """One table of both, train_raw first, with a fresh index 0, 1, 2, …

    train_raw, test_raw: DataFrames with the same columns (test_raw already marked).
    Returns a DataFrame with these columns and the rows of both.
    """
    ### BEGIN SOLUTION
    return pd.concat([train_raw, test_raw], ignore_index=True)
    ### END SOLUTION


# %% check="combine"
check("combine")

# %% tags=["skip-grading"]
data = combine(train_raw, mark_unlabeled(test_raw))
different = len({row.tobytes() for row in np.ascontiguousarray(data[PIXELS].to_numpy())})
print(f"{data.shape}, {data.memory_usage().sum() / 1e6:.0f} MB; {different:,} different pictures")

# %% [markdown]
# All pictures differ. Good to know: the same picture on both sides of a split would be a leak (section 8).
#
# ## 5 · Hold out some rows
#
# How good is a model on pictures it has never seen? To find out, some rows must be kept from it: 5,000 of them, *held
# out*.
#
# **Why at random?** Because rows have an order, and an order has a reason. The *last* 5,000 rows of our table are all
# unlabeled, the *first* 5,000 all labeled. Only a random draw is a small copy of the whole, in each respect at once,
# also in those you didn't think of.
#
# **Why with a seed?** So that the same rows are held out tomorrow and on your colleague's machine. Otherwise your
# numbers can't be compared, and a model that you train on after a restart has by then seen rows that it is tested on.
#
# ### TO DO · `hold-out`
# Draw `n` rows with `data.sample(n=n, random_state=seed)` and keep them in the order they were drawn in. All others are
# for training.


# %% exercise="hold-out"
def hold_out(data, n=5000, seed=99):
    """Split a table at random into rows to train on and rows held out.

    data: DataFrame whose index names each row once; it stays as it is. n: how many rows to hold out.
    seed: the random_state of DataFrame.sample. Returns (train, valid), DataFrames with len(data) - n and n rows.
    """
    ### BEGIN SOLUTION
    valid = data.sample(n=n, random_state=seed)
    return data.drop(valid.index), valid
    ### END SOLUTION


# %% check="hold-out"
check("hold-out")

# %% tags=["skip-grading"]
train, valid = hold_out(data)
print(f"{len(train):,} rows to train on, {len(valid):,} held out; the first held out are {valid.index[:5].tolist()}")

splits = {"at random": (train, valid), "the last 5,000 rows": (data[:-5000], data[-5000:])}
figure, axes = plt.subplots(1, 2, figsize=(10, 3.2), sharey=True)
for ax, (how, parts) in zip(axes, splits.items(), strict=True):
    for part, offset, name, hatch in zip(parts, (-0.2, 0.2), ("train", "held out"), ("", "//"), strict=True):
        counts = np.bincount(part["label"], minlength=12)[[*range(10), 11]]
        ax.bar(np.arange(11) + offset, 100 * counts / len(part), 0.4, label=name, hatch=hatch, edgecolor="white")
    ax.set(title=f"Held out: {how}", xlabel="label", xticks=range(11), xticklabels=[*range(10), "11"])
    ax.grid(axis="x", visible=False)
axes[0].set_ylabel("share of the rows (%)")
axes[0].legend(loc="upper left")
plots.show(
    figure,
    alt="Share of each label in the training and the held-out rows. Drawn at random both have the same bars, about six "
    "percent for each digit and forty percent unlabeled. With the last 5,000 rows held out, all of those are unlabeled.",
)

# %% [markdown]
# On the left the bars of each pair are equal to within a percentage point. On the right there is not one digit by which
# to measure anything. The five row numbers are the same for everyone who takes this course, and the same as in the
# published lab it follows.
#
# ### What the index is for
#
# In pandas the index holds the rows' *names*, and a row is most easily removed by its name. Let us split a table whose
# index names rows twice, as `pd.concat` alone leaves it:

# %% tags=["skip-grading"]
twice = pd.concat([train_raw, mark_unlabeled(test_raw)])
lost, drawn = hold_out(twice)
print(f"{len(lost):,} rows to train on and {len(drawn):,} held out make {len(lost) + len(drawn):,} of {len(twice):,}")
del twice, lost, drawn

# %% [markdown]
# If your function removes the held-out rows by name, some 3,700 rows are now in neither part: the held-out row 5,406 of
# `train.csv` took the row 5,406 of `test.csv` along. No error, no warning: whoever doesn't count never knows. Count.
#
# ## 6 · From rows to pictures
#
# A convolutional network wants a batch of pictures as `(n, 28, 28, 1)`: number, height, width, and one channel, for
# gray. And it wants them as `float32` from 0 to 1. **Why 0 to 1?** The decoder of lesson 04 ends in a sigmoid, which
# gives numbers between 0 and 1, and the loss of lesson 05 compares a pixel $x$ with the decoder's $p$ by the
# cross-entropy
#
# $$-\big[x \log p + (1 - x) \log(1 - p)\big].$$
#
# In words: it reads $x$ as the chance of ink. Look at it for a pixel from 0 to 1, and for one somebody forgot to scale.

# %% tags=["skip-grading"]
p = np.linspace(0.005, 0.995, 199)
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2))
for x, style in ((0.0, ":"), (0.3, "-"), (1.0, "--")):
    left.plot(p, -(x * np.log(p) + (1 - x) * np.log(1 - p)), style, label=f"x = {x:g}")
left.plot(0.3, -(0.3 * np.log(0.3) + 0.7 * np.log(0.7)), "ko")
left.set(xlabel="what the decoder says, p", ylabel="loss of the pixel (nats)", title="Pixel from 0 to 1")
left.legend(loc="upper center")
right.plot(p, -(77 * np.log(p) + (1 - 77) * np.log(1 - p)), "C3", label="x = 77, that is 0.3 · 255")
right.axhline(0, color="gray", linewidth=0.8)
right.set(xlabel="what the decoder says, p", title="The same pixel, not scaled")
right.legend()
plots.show(
    figure,
    alt="Loss of one pixel against the decoder's answer p. Left, for pixels 0, 0.3 and 1: each curve has its minimum "
    "where p equals the pixel. Right, for the pixel 77: the curve falls below zero and on without end as p nears 1.",
)

# %% [markdown]
# On the left each curve is lowest where $p = x$: the loss asks for the right answer. On the right it falls for ever:
# whatever isn't paper is best drawn in solid ink, and the loss goes to $-\infty$. A negative cross-entropy in your
# training log is nearly always a picture that nobody divided by 255.
#
# The divisor is 255, the largest value a pixel *can* have, not the largest in the table: the latter depends on what
# else is in it.
#
# ### TO DO · `images`
# Turn a table into pictures and labels. Mind the type: `uint8 / 255` is `float64` in NumPy, twice the memory for
# nothing.


# %% exercise="images"
def to_images(frame):
    """Pictures and labels of a table.

    frame: DataFrame of uint8 with the columns label, pixel0 … pixel783; it stays as it is.
    Returns (images, labels) in the order of the rows: images float32 (n, 28, 28, 1) in [0, 1], labels (n,) integers.
    """
    ### BEGIN SOLUTION
    images = np.array(frame[PIXELS].to_numpy(), dtype=np.float32, order="C")
    images /= 255  # in place: no second array of this size
    return images.reshape(-1, 28, 28, 1), frame["label"].to_numpy()
    ### END SOLUTION


# %% check="images"
check("images")

# %% tags=["skip-grading"]
x_train, y_train = to_images(train)
x_valid, y_valid = to_images(valid)
print("x_train", x_train.shape, x_train.dtype, f"{x_train.nbytes / 1e6:.0f} MB   x_valid", x_valid.shape)

figure, axes = plt.subplots(3, 12, figsize=(10, 3.1))
for ax, i in zip(axes.flat, np.random.default_rng(237).choice(len(x_train), 36, replace=False), strict=True):
    ax.imshow(x_train[i, ..., 0], vmin=0, vmax=1)
    ax.set_title("?" if y_train[i] == 11 else y_train[i])
    ax.axis("off")
plots.show(
    figure,
    alt="36 training pictures: upright handwritten digits, each under its label, or under a question mark where it has "
    "none.",
)

# %% [markdown]
# ### Row by row in memory
#
# One thing no check looks at, for those who train on what they made. pandas keeps a table column by column, and
# `to_numpy()` hands it out as it lies, with the 784 pixels of a picture far apart in memory. A copy with `order="C"`
# puts them side by side. The values are the same; the time to fetch a batch of pictures is not.

# %% tags=["skip-grading"]
batches = np.random.default_rng(237).permutation(len(train))[: 200 * 128].reshape(200, 128)
by_column = train[PIXELS].to_numpy(dtype=np.float32)
for name, pictures in {"as pandas has it": by_column, "order='C'": x_train.reshape(-1, 784)}.items():
    start = time.perf_counter()
    for batch in batches:
        pictures[batch]
    print(f"{name:>18}: {1000 * (time.perf_counter() - start) / len(batches):.2f} ms for a batch of 128 pictures")
del by_column

# %% [markdown]
# ## 7 · Find the bug
#
# Four ways to turn rows into pictures. All give the right shape, the right type and values from 0 to 1. No
# test of shapes finds the three that are wrong. Which are they?

# %% tags=["skip-grading"]
rows = train[train["label"] != 11].head(1000)
pixels = rows[PIXELS].to_numpy(dtype=np.float32) / np.float32(255)
shifted = rows[["label", *PIXELS]].to_numpy(dtype=np.float32)[:, :784] / np.float32(255)
shifted = shifted.reshape(-1, 28, 28, 1)
ways = {
    "A: reshape(-1, 28, 28, 1)": pixels.reshape(-1, 28, 28, 1),
    "B: the same, order='F'": pixels.reshape(-1, 28, 28, 1, order="F"),
    "C: reshape(28, 28, n, 1),\nthen n to the front": np.moveaxis(pixels.reshape(28, 28, -1, 1), 2, 0),
    "D: reshape of the\nfirst 784 columns": shifted,
}
figure, axes = plt.subplots(1, 4, figsize=(10, 3.1))
for ax, (name, pictures) in zip(axes, ways.items(), strict=True):
    ax.imshow(pictures[3, ..., 0], vmin=0, vmax=1)
    ax.set_title(name, fontsize=10)
    ax.axis("off")
    print(f"{name[0]}: {pictures.shape} {pictures.dtype}, from {pictures.min():g} to {pictures.max():g}")
plots.show(
    figure,
    alt="One row turned into a picture in four ways. A: an upright digit. B: the same digit mirrored at the diagonal. "
    "C: scattered dots. D: an upright digit that looks like A.",
)

# %% [markdown]
# B swaps rows and columns: pandas, MATLAB and R count down the columns, pictures are written line by line. It trains
# without complaint, on digits that nobody writes. C cuts the values of all pictures anew, so that each "picture" has a
# little of everyone.
#
# And D? Compare it with A once more. The label was read as the first pixel: everything has moved by one place, and the
# last pixel fell out. No eye sees that. But look into the corner, where there should be paper:

# %% tags=["skip-grading"]
corner = np.rint(255 * shifted[:, 0, 0, 0]).astype(int)
print("corner pixel:", corner[:12].tolist())
print("label       :", rows["label"].tolist()[:12])
print(f"equal in {100 * (corner == rows['label']).mean():.0f} % of the pictures")
print(f"largest corner pixel in A: {pixels[:, 0].max():g}")

# %% [markdown]
# The answer stands in the picture. A classifier trained on D needs to read one pixel to be perfect, in training *and* on
# held-out rows, until the first row without a label. A column of row numbers read as a pixel shifts the picture in the
# same way, and tells the model where in the file a row stood. Choose columns by their *names*, never by their position.
#
# ### One look that finds most of it
#
# The mean picture of each digit. If pixels are in order and each label is still with its own picture, you see ten
# digits. Below, the labels have slipped by one row, as happens when pictures and labels are shuffled or filtered apart
# from each other.

# %% tags=["skip-grading"]
slipped = np.roll(y_train, 1)
figure, axes = plt.subplots(2, 10, figsize=(10, 2.3))
for row, labels in zip(axes, (y_train, slipped), strict=True):
    for digit, ax in enumerate(row):
        ax.imshow(x_train[labels == digit].mean(0)[..., 0], vmin=0, vmax=0.8)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
axes[0, 0].set_ylabel("labels\nin place", rotation=0, ha="right", va="center")
axes[1, 0].set_ylabel("slipped by\none row", rotation=0, ha="right", va="center")
plots.show(
    figure,
    alt="Two rows of ten mean pictures. With the labels in place they are blurred but clear digits 0 to 9. With labels "
    "slipped by one row all ten are the same gray blot.",
)

# %% [markdown]
# ## 8 · What a leak is
#
# A **leak** is information that reaches the model in your experiment and won't be there when it is used. It makes a
# number look better than the truth, so nobody goes looking for it. The plainest one: held-out rows that nobody took out
# of the training rows.
#
# To see it at work take the simplest model there is, a *memorizer*: it "reconstructs" a picture by the most similar one
# it was trained on. Once it is trained on 25,000 training rows, once on 20,000 of them and the 5,000 held-out rows.


# %% tags=["skip-grading"]
def most_similar(queries, pictures):
    """For each query, (n, 784), the picture (m, 784) with the smallest squared distance."""
    squares = np.einsum("ij,ij->i", pictures, pictures)
    return pictures[(squares - 2 * queries @ pictures.T).argmin(axis=1)]


queries, known = x_valid[:300].reshape(-1, 784), x_train[:25_000].reshape(-1, 784)
honest = most_similar(queries, known)
leaky = most_similar(queries, np.concatenate([known[:20_000], x_valid.reshape(-1, 784)]))
for name, answers in {"honest": honest, "leaky": leaky}.items():
    print(f"{name}: mean squared error on held-out pictures {np.square(answers - queries).mean():.4f}")

figure, axes = plt.subplots(3, 12, figsize=(10, 3))
for row, pictures, name in zip(axes, (queries, honest, leaky), ("held out", "honest", "leaky"), strict=True):
    for ax, picture in zip(row, pictures, strict=False):
        ax.imshow(picture.reshape(28, 28), vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    row[0].set_ylabel(name, rotation=0, ha="right", va="center")
plots.show(
    figure,
    alt="Twelve held-out digits; below each the most similar training picture, alike but not the same; in the third "
    "row, with the leak, an exact copy of each held-out digit.",
)

# %% [markdown]
# With the leak the memorizer is flawless, and has learned nothing. Without it you see what it is worth.
#
# Other leaks are quieter: the same picture on both sides; a mean or a scale computed over all rows (255 is a constant,
# so ours is none); choosing among fifty models by the held-out rows, and then reporting the winner's number from the same
# rows.
#
# And whether something is a leak depends on what you ask. Each writer of MNIST wrote many digits, and a random draw puts
# some on either side. Our held-out *pictures* are new to the model; the *hands* are not. For "how well does it do on new
# pictures by these people?" that is fine. For "how well does it do on people it has never met?" it is a leak; for that
# question MNIST's own test set was written by other people than its training set.
#
# ### TO DO · `written-leak`
# Our training rows contain most of `test.csv`, the set that a competition is judged by. The VAE learns from pictures
# only, and what we report is its loss on the 5,000 held-out rows. Is the test set in the training data a leak here? For
# which question would it be one? Answer in three to six sentences.

# %% [markdown] written="written-leak" points=3
# **Your answer:**
#
# ### BEGIN SOLUTION
# No, not for what we report. That is the loss on 5,000 rows which were drawn before training and which the model never
# saw, so they are as new to it as any other digit, whichever file they came from. The rows of `test.csv` bring no
# labels along, and the VAE uses none, so no answer can slip in with them; they are just more pictures.
#
# Whether something is a leak depends on the question. Asked "how well does the model do on new pictures?" and answered
# with the loss on `test.csv` itself, it is one: most of these pictures were trained on, so their loss is too low. The
# same holds for a classifier built on the codes and scored on `test.csv`, if we read its score as accuracy on digits of
# the future: the codes were fitted to these very pictures. (If only those 28,000 labels are wanted, and the rules
# permit using the pictures, it is fair; that is called transductive learning.)
#
# **Rubric, 3 points**
# - 1 point: not a leak for the held-out loss, because the 5,000 rows were never trained on.
# - 1 point: says what matters, that the unlabeled rows bring pictures but no labels, and that the VAE uses no labels.
# - 1 point: names a question for which it is one: any claim about *new* pictures that is measured on `test.csv` itself.
# - Half a point each for an answer that is right but gives no reason. No point for "it is always a leak" or "never".
# ### END SOLUTION

# %% [markdown]
# ## What to take along
# - Say the data type when you read: an eighth of the memory, and a guard against values that don't belong. Then choose
#   the reader by measuring.
# - Name what is missing, in the error, at the place where you can know it.
# - A marker such as 11 is a number; leave it out before you compute anything with labels.
# - A fresh index after every `concat`; choose columns by name; count rows on both sides of a split.
# - Hold out at random, with a seed, before anything else looks at the data.
# - Right shape, right type and right range do not make a right picture. Look at some, and at the means by label.
# - A leak is always a leak *for a question*. Ask which.
#
# ## Where it comes from
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: [Gradient-based learning applied to document
#   recognition](https://doi.org/10.1109/5.726791), 1998. The digits.
# - [Digit Recognizer](https://www.kaggle.com/competitions/digit-recognizer), the competition whose two files have this
#   layout.
# - Apache Arrow: [reading CSV files](https://arrow.apache.org/docs/python/csv.html).
# - pandas: [read_csv](https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html),
#   [concat](https://pandas.pydata.org/docs/reference/api/pandas.concat.html) and
#   [DataFrame.sample](https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.sample.html).
# - S. Kaufman, S. Rosset, C. Perlich, O. Stitelman: [Leakage in Data Mining](https://doi.org/10.1145/2382577.2382579),
#   2012. What a leak is, and how to look for one.
#
# [← Lesson 02: reparameterization](../02_reparameterization/02_reparameterization.ipynb) · [Lesson 04: encoder and decoder →](../04_encoder_decoder/04_encoder_decoder.ipynb)
