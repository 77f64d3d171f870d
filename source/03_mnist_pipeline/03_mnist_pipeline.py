# %% [markdown]
# # 03 · The MNIST pipeline: from two CSV files to arrays
#
# **You will be able to**
# - read a table in the smallest data type that can hold it, and say what that saves;
# - combine labeled and unlabeled rows in one table, without losing or renaming a row;
# - hold out rows at random, so that anyone can hold out the same rows again;
# - turn rows into images, and recognize mistakes that change neither shape nor range;
# - say what a leak is, and for which question something is a leak.
#
# **Time** about 50 minutes · **Points** 20 · **Builds on** NumPy and a first look at
# pandas · **Next** [lesson 04](../04_encoder_decoder/04_encoder_decoder.ipynb)
#
# You complete the cells marked TO DO. Each is followed by a `check` that you can run as
# often as you like.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv

from autograder import check, hint
from vaelab import datasets, plots

# %% [markdown]
# ## 1 · The two files
#
# MNIST is a data set of 70,000 images of handwritten digits. The competition [Digit
# Recognizer](https://www.kaggle.com/competitions/digit-recognizer) distributes it as
# two tables. Each row of `train.csv` holds a digit's `label` and its
# $28 \times 28 = 784$ pixels, `pixel0` to `pixel783`. A pixel is a number from 0
# (paper) to 255 (ink). The pixels are listed line by line, from the top left.
# `test.csv` has no label: to predict it is the task of the competition.
#
# Look at the text of a file before you read it with a library.

# %% tags=["skip-grading"]
train_csv, test_csv = datasets.mnist_csv_files()

for path in (train_csv, test_csv):
    with open(path) as file:
        header, first = file.readline(), file.readline()
    columns = header.count(",") + 1
    print(f"{path.name}, {path.stat().st_size / 1e6:.0f} MB: {columns} columns")
    print(f"  {header[:48]}… {header[-19:].strip()}\n  {first[:48]}…")

# %% [markdown]
# ## 2 · One byte is enough
#
# By default pandas reads whole numbers as `int64`. That is eight bytes for a value that
# never exceeds 255. The type `uint8` takes one byte and holds 0 to 255. State the type
# *while* the file is read: if you convert afterwards, the large table has to fit into
# memory first. What does it save?
#
# There is also a choice of reader. Besides `pd.read_csv` there is the CSV reader of
# [pyarrow](https://arrow.apache.org/docs/python/csv.html). It splits the file into
# blocks, reads them on all cores, and converts the result to a pandas table. The next
# cell compares three ways to read `train.csv`. It takes about five seconds.


# %% tags=["skip-grading"]
def read_with_pyarrow(path):
    """A table of uint8, whatever its columns are called."""
    with open(path) as file:
        types = dict.fromkeys(file.readline().strip().split(","), pa.uint8())
    options = csv.ConvertOptions(column_types=types)
    return csv.read_csv(path, convert_options=options).to_pandas()


readers = {
    "int64, pandas' default": pd.read_csv,
    "uint8, pandas": lambda path: pd.read_csv(path, dtype=np.uint8),
    "uint8, pyarrow": read_with_pyarrow,
}
memory, reading, shuffling = [], [], []
for read in readers.values():
    start = time.perf_counter()
    frame = read(train_csv)
    reading.append(time.perf_counter() - start)
    memory.append(frame.memory_usage().sum() / 1e6)
    start = time.perf_counter()
    frame.sample(frac=1, random_state=99)
    shuffling.append(time.perf_counter() - start)
del frame

# %% tags=["skip-grading"]
measured = {
    "memory (MB)": memory,
    "time to read (s)": reading,
    "time to shuffle the rows (s)": shuffling,
}
style = {"color": ["C1", "C0", "C2"], "hatch": ["//", "", "\\\\"], "edgecolor": "white"}
figure, axes = plt.subplots(1, 3, figsize=(10, 2.4), sharey=True)
for ax, (quantity, values) in zip(axes, measured.items()):
    bars = ax.barh(list(readers), values, **style)
    ax.bar_label(bars, fmt="%.3g", padding=3)
    ax.set(xlabel=quantity, xlim=(0, 1.3 * max(values)))
    ax.grid(axis="y", visible=False)
axes[0].invert_yaxis()
plots.show(
    figure,
    alt="Three bar charts for train.csv, read as int64 by pandas, as uint8 by pandas "
    "and as uint8 by pyarrow. Memory: 264 megabytes as int64 and 33, an eighth, as "
    "uint8 with either reader. Time to read: of the same order for both types in "
    "pandas, shorter with pyarrow. Time to shuffle the rows: several times longer with "
    "int64.",
)

# %% [markdown]
# The table takes an eighth of the memory on any machine: 42,000 × 785 values of one
# byte instead of eight. Reading gains less, and with pandas on some machines nothing:
# much of its time goes into finding the commas. That is the part that pyarrow does
# faster. Each later step, such as a shuffle, a copy or a split, moves an eighth of the
# bytes and takes a fraction of the time.
#
# A stated type also protects you. If the file contained a 300 or a −1, either reader
# would raise an error, because neither fits into a `uint8`. With the default type both
# would be read silently. An empty field is an error with pandas, too. pyarrow needs
# `null_values=[]` in its `ConvertOptions` for that. Otherwise the column becomes
# `float64`, with a NaN for the empty field.
#
# A type can't protect you from a missing column. Without a check, the error appears
# three functions later, as a message about shapes. So check the columns when you read,
# and say which one is missing.
#
# This list of the pixel columns is used from here on:

# %% tags=["given"]
PIXELS = [f"pixel{i}" for i in range(28 * 28)]

# %% [markdown]
# ### TO DO · `read`
# Read both files as `uint8`, with either reader.
#
# - A file may have additional columns, such as row numbers that a careless `to_csv`
#   wrote into it. Leave them out. The argument
#   [`usecols`](https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html) of
#   pandas or
#   [`include_columns`](https://arrow.apache.org/docs/python/generated/pyarrow.csv.ConvertOptions.html)
#   of pyarrow selects columns by name.
# - If a column is missing from either file, raise a `ValueError` or a `KeyError` whose
#   message names this column, and not all 785. An `assert` is not enough, because
#   `python -O` switches it off.
#
# Stuck? Run `hint("read")` in a cell of its own.


# %% exercise="read"
def read_raw(train_csv, test_csv):
    """Read the two files of the competition.

    train_csv, test_csv: paths. Returns (train_raw, test_raw), DataFrames of uint8:
    train_raw with the columns label, pixel0 … pixel783, test_raw with the pixels only.
    Raises ValueError or KeyError that names a missing column.
    """

    ### BEGIN SOLUTION
    def read(path, wanted):
        types = dict.fromkeys(wanted, pa.uint8())
        # null_values=[]: an empty field is an error. A missing column is a KeyError
        # that names it.
        options = csv.ConvertOptions(
            column_types=types,
            include_columns=wanted,
            null_values=[],
        )
        return csv.read_csv(path, convert_options=options).to_pandas()

    tables = read(train_csv, ["label", *PIXELS]), read(test_csv, PIXELS)
    # pyarrow keeps the memory that the text took up, in case there is more to read.
    pa.default_memory_pool().release_unused()
    return tables
    ### END SOLUTION


# %% check="read"
check("read")

# %% tags=["skip-grading"]
train_raw, test_raw = read_raw(train_csv, test_csv)
print("train_raw", train_raw.shape, " test_raw", test_raw.shape)
train_raw.iloc[:4, [0, 1, 2, 3, 400, 401, 402, 783, 784]]

# %% [markdown]
# ## 3 · Images without a label
#
# A VAE learns from images alone, without labels. The 28,000 images of `test.csv` are as
# useful to it as the others, and it would be a waste to leave them out. But in one
# common table every row has a label, so the unlabeled rows need a value that means
# "unknown":
#
# - `NaN` is the usual choice, but NumPy's integer types have none. A single `NaN` makes
#   the column `float64`.
# - −1 does not fit into a `uint8`.
# - 10 looks like the class after 9. Sooner or later somebody counts ten digits and
#   takes it for one more class.
# - **11** fits into a byte and is no digit, and the gap before it makes a reader ask.
#   This course uses 11 from here on.
#
# Such a marker has a price: it *is* a number. Leave these rows out before you compute a
# mean, a histogram or an accuracy over the labels.
#
# ### TO DO · `unlabeled`
# Return a new table with a column `label` in front of the pixels.
#
# - Columns and order are those of `train_raw`. Rows and index stay as they are.
# - The new column is `uint8`, too. With a single `int64` column among 784 `uint8`
#   columns, `to_numpy()` returns an array that is eight times as large.
# - The input table stays unchanged. A function that changes its input gives another
#   result, or fails, when it is called again.
# - 11 is only the default: every row gets the value of the argument `label`.
#
# In pandas, `frame["name"] = value` appends a column. To put it at position 2, write
# `frame.insert(2, "name", value)`. Both change `frame` itself.
#
# Stuck? Run `hint("unlabeled")` in a cell of its own.


# %% exercise="unlabeled"
def mark_unlabeled(test_raw, label=11):
    """A new table with a column label in front, the same value in each row.

    test_raw: DataFrame of uint8, pixels only; it stays unchanged.
    label: the value that means "unknown".
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
# Next you join the two tables. `pd.concat([one, other])` puts the rows of `other` below
# those of `one`. Pay attention to the index: both tables number their rows from 0, and
# `pd.concat` keeps these numbers unless you tell it otherwise. Then 28,000 numbers
# stand for two rows each. There is no error, and the table looks fine. The next section
# shows what goes wrong later.
#
# ### TO DO · `combine`
# Put the labeled rows first and the unlabeled rows below them. Number all rows afresh,
# from 0, whatever their old index was. The type stays `uint8`.
#
# Stuck? Run `hint("combine")` in a cell of its own.


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
pixel_rows = np.ascontiguousarray(data[PIXELS].to_numpy())
different = len({row.tobytes() for row in pixel_rows})
print(f"{data.shape}, {data.memory_usage().sum() / 1e6:.0f} MB")
print(f"{different:,} different images")
del pixel_rows

# %% [markdown]
# No image occurs twice. That matters: the same image on both sides of a split would be
# a leak (section 8).
#
# ## 5 · Hold out some rows
#
# How good is a model on images that it was not trained on? To find out, you keep some
# rows away from training: here 5,000. They form a **held-out set**, and the remaining
# rows form the **training set**. A held-out set has one of two names, depending on its
# use:
#
# - A **validation set** is used during development. You compare models on it, and you
#   choose settings by it.
# - A **test set** is used once, at the end, to report how good the chosen model is.
#   Nothing is chosen by it.
#
# One set can't do both jobs. The best of fifty models on the validation set is partly
# the best because it suits these rows by chance, so its score there is too good.
#
# The course names its held-out rows `valid`, because that is what they are mostly used
# for. `test.csv` is the test set of the competition.
#
# **Why at random?** Because rows have an order, and the order has a reason. The *last*
# 5,000 rows of the table are all unlabeled, the *first* 5,000 all labeled. A random
# sample depends on no order. With 5,000 rows it resembles the whole table closely, also
# in properties that you did not think of.
#
# **Why with a seed?** So that the same rows are held out tomorrow and on another
# machine. Otherwise two results are not comparable. And a model that you train further
# after a restart has already been trained on rows that you now evaluate it on.
#
# ### TO DO · `hold-out`
# Sample `n` rows with `data.sample(n=n, random_state=seed)`, and keep them in the order
# in which they were sampled. All other rows are for training, in any order. Both `n`
# and `seed` are arguments. The input table stays unchanged.
#
# Stuck? Run `hint("hold-out")` in a cell of its own.


# %% exercise="hold-out"
def hold_out(data, n=5000, seed=99):
    """Split a table at random into rows to train on and rows held out.

    data: DataFrame whose index names each row once; it stays unchanged.
    n: number of rows to hold out. seed: the random_state of DataFrame.sample.
    Returns (train, valid), DataFrames with len(data) - n and n rows.
    """
    ### BEGIN SOLUTION
    valid = data.sample(n=n, random_state=seed)
    return data.drop(valid.index), valid
    ### END SOLUTION


# %% check="hold-out"
check("hold-out")

# %% tags=["skip-grading"]
train, valid = hold_out(data)
print(f"{len(train):,} rows to train on, {len(valid):,} held out")
print(f"the first rows held out are {valid.index[:5].tolist()}")

last = data[:-5000], data[-5000:]
splits = {"at random": (train, valid), "the last 5,000 rows": last}
bars = {"training set": (-0.2, ""), "held-out set": (0.2, "//")}
figure, axes = plt.subplots(1, 2, figsize=(10, 3.2), sharey=True)
for ax, (how, parts) in zip(axes, splits.items()):
    for part, (name, (shift, hatch)) in zip(parts, bars.items()):
        counts = np.bincount(part["label"], minlength=12)[[*range(10), 11]]
        share, style = 100 * counts / len(part), {"hatch": hatch, "edgecolor": "white"}
        ax.bar(np.arange(11) + shift, share, 0.4, label=name, **style)
    ax.set(title=f"Held out: {how}", xlabel="label")
    ax.set(xticks=range(11), xticklabels=[*range(10), "11"])
    ax.grid(axis="x", visible=False)
axes[0].set_ylabel("share of the rows (%)")
axes[0].legend(loc="upper left")
plots.show(
    figure,
    alt="Share of each label in the training set and in the held-out set. Sampled at "
    "random, both have the same bars, about six percent for each digit and forty "
    "percent unlabeled. With the last 5,000 rows held out, all of them are unlabeled.",
)

# %% [markdown]
# On the left the two bars of each pair agree to within a percentage point. On the right
# the held-out set contains no labeled digit, so no accuracy can be measured on it. The
# five row numbers are the same for everyone who takes this course. They are also those
# of the published lab that the course follows.
#
# ### What the index is for
#
# In pandas the index holds the *names* of the rows, and `drop` removes rows by name.
# The next cell splits a table whose index names rows twice, as `pd.concat` alone leaves
# it:

# %% tags=["skip-grading"]
twice = pd.concat([train_raw, mark_unlabeled(test_raw)])
kept, sampled = hold_out(twice)
print(f"{len(kept):,} rows to train on and {len(sampled):,} held out", end=" ")
print(f"make {len(kept) + len(sampled):,} of {len(twice):,}")
del twice, kept, sampled

# %% [markdown]
# If your function removes the held-out rows by name, some 3,700 rows are now in neither
# part. For example, removing the held-out row 5,406 of `train.csv` also removed row
# 5,406 of `test.csv`. There was no error and no warning. So count the rows after a
# split.
#
# ## 6 · From rows to images
#
# A convolutional network expects a batch of images of shape `(n, 28, 28, 1)`: number,
# height, width, and one channel for gray. It expects them as `float32`, from 0 to 1.
# **Why 0 to 1?** The decoder of lesson 04 ends in a sigmoid, which returns numbers
# between 0 and 1. The loss of lesson 05 compares a pixel $x$ with the decoder's output
# $p$ by the cross-entropy
#
# $$-\big[x \log p + (1 - x) \log(1 - p)\big].$$
#
# In words: it treats $x$ as the probability of ink. The next figure shows it for pixels
# from 0 to 1, and for a pixel that was not scaled.

# %% tags=["skip-grading"]
p = np.linspace(0.005, 0.995, 199)


def cross_entropy(x, p):
    return -(x * np.log(p) + (1 - x) * np.log(1 - p))


figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2))
for x, style in ((0.0, ":"), (0.3, "-"), (1.0, "--")):
    left.plot(p, cross_entropy(x, p), style, label=f"x = {x:g}")
left.plot(0.3, cross_entropy(0.3, 0.3), "ko")
left.set(title="Pixels from 0 to 1")
left.legend(loc="upper center")
right.plot(p, cross_entropy(77, p), "C3", label="x = 77, that is 0.3 · 255")
right.axhline(0, color="gray", linewidth=0.8)
right.set(title="The same pixel, not scaled")
right.legend()
for ax in (left, right):
    ax.set(xlabel="output of the decoder, p", ylabel="loss of the pixel (nats)")
plots.show(
    figure,
    alt="Loss of one pixel against the decoder's output p. Left, for pixels 0, 0.3 and "
    "1: each curve has its minimum where p equals the pixel. Right, for the pixel 77: "
    "the curve falls below zero and keeps falling as p approaches 1.",
)

# %% [markdown]
# On the left each curve is lowest at $p = x$: the loss is smallest for the right
# answer. On the right the curve falls without a lower bound. The best output for every
# pixel that is not paper would be full ink, and the loss goes to $-\infty$. If the
# cross-entropy in your training log is negative, first check whether the images were
# divided by 255.
#
# Divide by 255, the largest value that a pixel *can* have. Don't divide by the largest
# value in the table, because that depends on the other rows.
#
# ### TO DO · `images`
# Turn a table into images and labels, in the order of the rows.
#
# - The images are `float32`. In NumPy, `uint8 / 255` is `float64`, which needs twice
#   the memory, and Keras computes in `float32` anyway.
# - `pixel0` is at the top left, `pixel1` to the right of it, and `pixel28` below it.
# - The labels are a one-dimensional array of integers, and are not scaled.
# - A table may have a single row, and its index may have gaps, as after a split. The
#   input table stays unchanged.
#
# Stuck? Run `hint("images")` in a cell of its own.


# %% exercise="images"
def to_images(frame):
    """Images and labels of a table, in the order of its rows.

    frame: DataFrame of uint8 with the columns label, pixel0 … pixel783; it stays
    unchanged. Returns (images, labels): images float32 (n, 28, 28, 1) in [0, 1],
    labels (n,) integers.
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
print("x_train", x_train.shape, x_train.dtype, f"{x_train.nbytes / 1e6:.0f} MB")
print("x_valid", x_valid.shape)

chosen = np.random.default_rng(237).choice(len(x_train), 36, replace=False)
figure, axes = plt.subplots(3, 12, figsize=(10, 3.1))
for ax, i in zip(axes.flat, chosen):
    ax.imshow(x_train[i, ..., 0], vmin=0, vmax=1)
    ax.set_title("?" if y_train[i] == 11 else y_train[i])
    ax.axis("off")
plots.show(
    figure,
    alt="36 training images: upright handwritten digits. The label is above each "
    "image, or a question mark if it has none.",
)

# %% [markdown]
# ### The order of the values in memory
#
# No check tests the following, but it matters when you train. pandas stores a table
# column by column. `to_numpy()` returns the array in this order, so the 784 pixels of
# an image are far apart in memory. A copy with `order="C"` puts them next to each
# other. The values are the same. The time to fetch a batch of images is not:

# %% tags=["skip-grading"]
order = np.random.default_rng(237).permutation(len(train))
batches = order[: 200 * 128].reshape(200, 128)
by_column = train[PIXELS].to_numpy(dtype=np.float32)
layouts = {"as pandas stores it": by_column, "order='C'": x_train.reshape(-1, 784)}
for name, images in layouts.items():
    start = time.perf_counter()
    for batch in batches:
        images[batch]
    milliseconds = 1000 * (time.perf_counter() - start) / len(batches)
    print(f"{name:>19}: {milliseconds:.2f} ms for a batch of 128 images")
del by_column, layouts, images

# %% [markdown]
# ## 7 · Find the bug
#
# Here are four ways to turn rows into images. All of them return the right shape, the
# right type and values from 0 to 1, so no test of these finds the three that are wrong.
# Which three are they?

# %% tags=["skip-grading"]
rows = train[train["label"] != 11].head(1000)
pixels = rows[PIXELS].to_numpy(dtype=np.float32) / np.float32(255)
shifted = rows[["label", *PIXELS]].to_numpy(dtype=np.float32)[:, :784] / np.float32(255)
shifted = shifted.reshape(-1, 28, 28, 1)
scrambled = np.moveaxis(pixels.reshape(28, 28, -1, 1), 2, 0)
ways = {
    "A: reshape(-1, 28, 28, 1)": pixels.reshape(-1, 28, 28, 1),
    "B: the same, order='F'": pixels.reshape(-1, 28, 28, 1, order="F"),
    "C: reshape(28, 28, n, 1),\nthen n to the front": scrambled,
    "D: reshape of the\nfirst 784 columns": shifted,
}
figure, axes = plt.subplots(1, 4, figsize=(10, 3.1))
for ax, (name, images) in zip(axes, ways.items()):
    ax.imshow(images[3, ..., 0], vmin=0, vmax=1)
    ax.set_title(name, fontsize=10)
    ax.axis("off")
    print(f"{name[0]}: {images.shape} {images.dtype}", end=", ")
    print(f"from {images.min():g} to {images.max():g}")
plots.show(
    figure,
    alt="One row turned into an image in four ways. A: an upright digit. B: the same "
    "digit mirrored at the diagonal. C: scattered dots. D: an upright digit that looks "
    "like A.",
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# B, C and D are wrong.
#
# - B swaps rows and columns. `order="F"` counts down the columns, as MATLAB and R do,
#   but images are stored line by line. Training works without any complaint, on
#   mirrored digits.
# - C cuts all the values into pieces of a different length, so that each "image"
#   contains pixels of many images.
# - D looks like A. But the label was read as the first pixel. All pixels have moved by
#   one position, and the last one is lost.
#
# </details>
#
# You can't see the mistake in D at this size. Look at the pixel in the top left corner,
# where there should be paper:

# %% tags=["skip-grading"]
corner = np.rint(255 * shifted[:, 0, 0, 0]).astype(int)
print("corner pixel:", corner[:12].tolist())
print("label       :", rows["label"].tolist()[:12])
print(f"equal in {100 * (corner == rows['label']).mean():.0f}% of the images")
print(f"largest corner pixel in A: {pixels[:, 0].max():g}")

# %% [markdown]
# In D the answer is part of the image. What does a classifier make of that? The next
# cell takes two simple ones, fits them to 10,000 labeled training rows, and measures
# their accuracy on the labeled held-out rows:
#
# - *corner*: it sees the corner pixel alone, and predicts the digit that was most
#   frequent for this value in training;
# - *linear*: a linear classifier on all 784 pixels, fitted by least squares.
#
# The last number is the accuracy of the linear classifier on the same rows when their
# label is not known, so that it reads 11, as in the rows of `test.csv`. The cell takes
# a few seconds.


# %% tags=["skip-grading"]
def with_bias(frame):
    return np.column_stack([frame.to_numpy() / 255, np.ones(len(frame))])


learn, new = train[train["label"] != 11].head(10_000), valid[valid["label"] != 11]
for name, columns in {"A": PIXELS, "D": ["label", *PIXELS[:-1]]}.items():
    by_value = learn["label"].groupby(learn[columns[0]].to_numpy())
    guesses = by_value.agg(lambda labels: labels.mode()[0])
    guessed = guesses.reindex(new[columns[0]]).to_numpy()
    corner_accuracy = np.mean(guessed == new["label"])

    x, y = with_bias(learn[columns]), np.eye(10)[learn["label"]]
    weights = np.linalg.lstsq(x.T @ x, x.T @ y)[0]
    tables = {"linear": new[columns], "label 11": new.assign(label=11)[columns]}
    print(f"{name}: corner {corner_accuracy:.0%}", end="")
    for what, table in tables.items():
        predicted = (with_bias(table) @ weights).argmax(axis=1)
        print(f", {what} {np.mean(predicted == new['label']):.0%}", end="")
    print()

# %% [markdown]
# With D one pixel is enough for a perfect score on the held-out rows. The held-out set
# does not reveal the mistake, because it was made there, too. Whether a classifier uses
# such a pixel depends on the classifier. The linear one makes some use of it: it looks
# a few percentage points better with D than with A. But once the label is unknown, it
# is right for less than half of the same images.
#
# A column of row numbers that is read as a pixel shifts the image in the same way, and
# tells the model where in the file a row was. Choose columns by *name*, never by
# position.
#
# ### One look that finds most mistakes
#
# Plot the mean image of each digit. If the pixels are in order and each label belongs
# to its image, you see ten digits. In the second row of the figure the labels are
# shifted by one row. That happens when images and labels are shuffled or filtered
# separately.

# %% tags=["skip-grading"]
slipped = np.roll(y_train, 1)
figure, axes = plt.subplots(2, 10, figsize=(10, 2.3))
for row, labels in zip(axes, (y_train, slipped)):
    for digit, ax in enumerate(row):
        ax.imshow(x_train[labels == digit].mean(0)[..., 0], vmin=0, vmax=0.8)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
axes[0, 0].set_ylabel("right\nlabels", rotation=0, ha="right", va="center")
axes[1, 0].set_ylabel("shifted by\none row", rotation=0, ha="right", va="center")
plots.show(
    figure,
    alt="Two rows of ten mean images. With the right labels they are blurred but clear "
    "digits 0 to 9. With labels shifted by one row all ten are the same gray blot.",
)

# %% [markdown]
# Would the mean images have shown B, C and D?
#
# <details><summary>Answer</summary>
#
# B yes: the mean images are mirrored. C yes: they are noise. D hardly: its mean
# images are moved by one pixel, and the corner is at most 9/255 bright.
#
# </details>
#
# ## 8 · What a leak is
#
# A **leak** is information that the model has in your experiment and will not have when
# it is used. It makes a result look better than the truth, so nobody searches for it.
# The simplest leak: held-out rows that were not removed from the training set.
#
# To see its effect, take the simplest model there is, a *memorizer*. It "reconstructs"
# an image by the most similar image of its training set. The next cell gives it two
# training sets of 25,000 images each. The second contains the 5,000 held-out images.


# %% tags=["skip-grading"]
def most_similar(queries, images):
    """For each query, (n, 784), the image (m, 784) with the least squared distance."""
    squares = np.einsum("ij,ij->i", images, images)
    return images[(squares - 2 * queries @ images.T).argmin(axis=1)]


queries, known = x_valid[:300].reshape(-1, 784), x_train[:25_000].reshape(-1, 784)
clean = most_similar(queries, known)
with_valid = np.concatenate([known[:20_000], x_valid.reshape(-1, 784)])
leaky = most_similar(queries, with_valid)
for name, answers in {"without the leak": clean, "with the leak": leaky}.items():
    error = np.square(answers - queries).mean()
    print(f"{name:>16}: mean squared error on held-out images {error:.4f}")

figure, axes = plt.subplots(3, 12, figsize=(10, 3))
names = ("held-out image", "without the leak", "with the leak")
for row, images, name in zip(axes, (queries, clean, leaky), names):
    for ax, image in zip(row, images):
        ax.imshow(image.reshape(28, 28), vmin=0, vmax=1)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    row[0].set_ylabel(name, rotation=0, ha="right", va="center")
plots.show(
    figure,
    alt="Twelve held-out digits. Below each is the most similar training image, alike "
    "but not the same. In the third row, with the leak, is an exact copy of each "
    "held-out digit.",
)

# %% [markdown]
# With the leak the memorizer makes no error, and it has learned nothing. Without the
# leak you see how good it is.
#
# Other leaks are harder to notice:
#
# - The same image is on both sides of a split.
# - A mean or a scale is computed over all rows. (255 is a constant, so dividing by it
#   leaks nothing.)
# - You choose among fifty models by their score on the held-out set, then report the
#   winner's score on the same rows. The held-out set was a validation set, and was
#   reported as a test set.
#
# Whether something is a leak depends on the question. Each writer of MNIST wrote many
# digits: the [page of the data set](http://yann.lecun.com/exdb/mnist/) counts 500
# writers for the 58,527 digits of one of its two sources. A random split puts digits of
# one writer on both sides. Then the held-out *images* are new to the model, but the
# *handwriting* is not. For the question "how well does it do on new images by these
# people?" that is fine. For "how well does it do on people it has never met?" it is a
# leak. For that second question the page says that no writer of MNIST's own training
# set wrote for its test set. The two files of the competition are another division of
# the same 70,000 images.
#
# ### TO DO · `written-leak`
# Our training set contains most of `test.csv`, by which the competition is judged. The
# VAE learns from images only, and we report its loss on the 5,000 held-out rows.
#
# Is the test set in the training data a leak here? For which question would it be one?
# Give reasons, in three to six sentences.

# %% [markdown] written="written-leak" points=3
# **Your answer:**
#
# ### BEGIN SOLUTION
# No, not for the result that we report. That is the loss on 5,000 rows that were
# sampled before training and that the model was never trained on. They are as new to it
# as any other digit, whichever file they came from. The rows of `test.csv` have no
# labels, and the VAE uses none, so no label can leak. They are only more images.
#
# Whether something is a leak depends on the question. Suppose we ask "how well does the
# model do on new images?" and answer with the loss on `test.csv` itself. Then it is a
# leak: the model was trained on most of these images, so the loss is too low. The same
# is true of a classifier that uses the latent codes and is evaluated on `test.csv`, if
# we read its accuracy as that on future digits: the encoder was trained on these very
# images. (If only these 28,000 labels are wanted, and the rules allow the images to be
# used, it is fair. That is called transductive learning.)
#
# Rubric
# - 1 point: it is not a leak for the held-out loss, because the model was never trained
#   on the 5,000 rows.
# - 1 point: the reason about labels: the unlabeled rows add images but no labels, and
#   the VAE uses no labels.
# - 1 point: a question for which it is a leak: any claim about *new* images that is
#   measured on `test.csv` itself.
#
# For the person who grades: half of a line's point for a right statement without a
# reason. No points for "it is always a leak" or "it is never one".
# ### END SOLUTION

# %% [markdown]
# ## What to take along
# - State the data type when you read: an eighth of the memory, and an error for values
#   that don't belong. Choose the reader by measuring.
# - Name what is missing, in the error message, where the file is read.
# - A marker such as 11 is a number. Leave these rows out before you compute anything
#   from labels.
# - Make a fresh index after every `concat`, choose columns by name, and count the rows
#   after a split.
# - Hold rows out at random, with a seed, before anything else uses the data.
# - A validation set is for choosing, a test set for reporting.
# - Right shape, right type and right range do not make a right image. Look at some
#   images, and at the mean image of each label.
# - A leak is always a leak *for a question*. Ask which.
#
# ## Where to go on
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: [Gradient-based learning applied to
#   document recognition](https://doi.org/10.1109/5.726791), 1998. The origin of MNIST,
#   and how its writers were divided between training and test set. Their "patterns" are
#   our images.
# - C. Yadav, L. Bottou: [Cold Case: The Lost MNIST
#   Digits](https://arxiv.org/abs/1905.10498), 2019. Reconstructs 50,000 test digits
#   that were never distributed, and asks what 25 years of choosing by the same test set
#   have done to reported results.
# - S. Kaufman, S. Rosset, C. Perlich, O. Stitelman: [Leakage in Data
#   Mining](https://doi.org/10.1145/2382577.2382579), 2012. Defines leaks, and says how
#   to detect and avoid them. To hold rows out before anything else uses the data is a
#   case of what they call "learn-predict separation".
# - pandas:
#   [read_csv](https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html),
#   [concat](https://pandas.pydata.org/docs/reference/api/pandas.concat.html) and
#   [sample](https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.sample.html);
#   Apache Arrow: [reading CSV files](https://arrow.apache.org/docs/python/csv.html).
#   All the arguments that this lesson left out.
#
# [← Lesson 02: reparameterization](../02_reparameterization/02_reparameterization.ipynb) ·
# [Lesson 04: encoder and decoder →](../04_encoder_decoder/04_encoder_decoder.ipynb)
