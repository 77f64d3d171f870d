"""Public checks of lesson 03, the MNIST pipeline, on small tables with the columns of the real ones."""

import math
import re

import numpy as np
import pytest

from autograder.checking.expect import expect, fail, in_shape, require, require_finite, shape_of
from autograder.inside.plain import Frame

HELPERS = ["autograder.inside.keras_adapter"]
SENTENCES = ["vaelab.errors"]
HINTS = {
    "read": [
        "Two files, one task: which list of columns does each table need?",
        'An inner function `read(path, wanted)` saves writing everything twice. `["label", *PIXELS]` is the longer list.',
        "Give the reader that list (`usecols` or `include_columns`) and the type. Which error does it raise if a column "
        "is missing, and does its message name this column alone? And are the columns in the order of your list?",
    ],
    "unlabeled": [
        "Which line of your function changes a table, and is it the table that you were given?",
        "`test_raw.copy()` is a new table. Which type does a plain 11 get in pandas, and which one does `np.uint8(label)`?",
        "Three lines: copy, insert at position 0, return. `insert` itself returns None.",
    ],
    "combine": [
        "What does the index of `pd.concat([one, other])` look like? Print it.",
        "`pd.concat` has an argument that ignores the old index.",
    ],
    "hold-out": [
        "Sample first. The rows to train on are then all rows that are not in the sample.",
        "`data.drop(names)` returns a new table without the rows of these names. Where do you find the names of a table's "
        "rows?",
        "One line samples `valid`. The other drops `valid.index` from `data`. Which of the two does the return statement "
        "name first?",
    ],
    "images": [
        "Three steps: choose the pixel columns by name, scale, reshape. In which of them does the type change?",
        "`frame[PIXELS].to_numpy(dtype=…)` is an array (n, 784) of the type that you name. Dividing a float32 array by "
        "255 leaves it float32.",
        "`reshape(-1, …)`: -1 stands for the number of images. Which three sizes follow?",
    ],
}

PIXELS = [f"pixel{i}" for i in range(784)]
COLUMNS = ["label", *PIXELS]
PUBLISHED = [5406, 53858, 30647, 36944, 24742]
NARROW = ["label", "pixel0", "pixel1", "pixel2"]  # enough to tell 70,000 rows apart, and quick
ROWS, HELD_OUT = 70_000, 5000


def _frame(value):
    require(isinstance(value, Frame), "The result should be a pandas DataFrame.", expected="a DataFrame", actual=value)
    return value


def _pair(value, names):
    require(
        isinstance(value, tuple | list) and len(value) == 2,
        f"The function should return two results: `return {names}`.",
        expected=f"({names})",
        actual=value,
    )
    return value


def _given_to(function):
    """The expression for a table after ``function`` was called on it. Its index runs backward, to 0."""
    return f"(lambda frame: ({function}(frame), frame)[1])(data_frame(columns, values, range(len(values))[::-1]))"


def _require_index_and_types(given):
    rows = len(given.index)
    require(
        np.array_equal(given.index, np.arange(rows)[::-1]),
        "Your function gave its input another index: leave `inplace=True` out, or work on a copy.",
        expected=f"{rows - 1}, {rows - 2}, …, 0",
        actual=_some(list(given.index)),
    )
    kind = next((kind for kind in given.dtypes if kind != "uint8"), None)
    message = "Your function gave a column of its input another type: work on a copy."
    require(kind is None, message, expected="uint8", actual=kind)


def _digits(seed, rows):
    """Labels and pixels (rows, 785) in the layout of train.csv."""
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 256, (rows, 785), dtype="uint8")
    values[:, 0] = rng.integers(0, 10, rows)
    return values


# ---- read


def _csv(columns, values):
    lines = [",".join(columns), *(",".join(map(str, row)) for row in values.tolist())]
    return "\n".join(lines) + "\n"


def _files(train=COLUMNS, test=PIXELS):
    """The texts of a train.csv of 5 rows and a test.csv of 3 with the given columns, and all values."""
    values, others = _digits(31, 5), _digits(32, 3)
    keep, keep_others = ([COLUMNS.index(name) for name in names] for names in (train, test))
    texts = {"train.csv": _csv(train, values[:, keep]), "test.csv": _csv(test, others[:, keep_others])}
    return texts, values, others


@pytest.mark.exercise("read", points=1)
def test_both_tables_are_read(student):
    """Both tables are returned, each with its rows and columns."""
    texts, values, others = _files()
    result = student.eval("with_files(files, read_raw)", files=texts)
    train, test = (_frame(part) for part in _pair(result, "train_raw, test_raw"))
    if train.shape == (3, 784):
        fail("The two tables are swapped: train_raw comes first.", expected="(5, 785)", actual="(3, 784)")
    require(
        "label" not in test.columns,
        "test_raw has a column `label`. test.csv has none, and marking the rows is the next exercise.",
    )
    for frame, columns, rows, name in (
        (train, COLUMNS, values, "train_raw"),
        (test, PIXELS, others[:, 1:], "test_raw"),
    ):
        first = "label, pixel0 … pixel783" if name == "train_raw" else "pixel0 … pixel783"
        require(
            frame.shape[0] == len(rows),
            f"`{name}` should have one row for each line below the header. The first line holds the column names.",
            expected=f"{len(rows)} rows",
            actual=f"{frame.shape[0]} rows",
        )
        require(
            frame.columns == columns,
            f"`{name}` should have exactly the columns {first}, in this order.",
            expected=f"{len(columns)} columns: {first}",
            actual=f"{len(frame.columns)} columns: {_some(frame.columns)}",
        )
        expect(frame.values(), close_to=rows, message=f"The values of `{name}` differ from those in the file.")


def _some(names):
    shown = [str(name) for name in names]
    return ", ".join(shown if len(shown) <= 4 else [*shown[:2], "…", shown[-1]])


@pytest.mark.exercise("read", points=1)
def test_one_byte_for_each_value(student):
    """Each column is uint8."""
    result = student.eval("with_files(files, read_raw)", files=_files()[0])
    for frame, name in zip(_pair(result, "train_raw, test_raw"), ("train_raw", "test_raw"), strict=True):
        _require_bytes(_frame(frame), name, "state the type `uint8` when you read")


def _require_bytes(frame, name, advice):
    """All columns are uint8, as a NumPy, a nullable or an Arrow type."""
    others = {kind: i for i, kind in enumerate(frame.dtypes) if kind.lower().partition("[")[0] != "uint8"}
    if others:
        kind, i = next(iter(others.items()))
        size = f", {np.dtype(kind).itemsize} bytes for a value that needs one" if kind in ("int64", "float64") else ""
        fail(
            f"Column `{frame.columns[i]}` of `{name}` is {kind}{size}: {advice}.",
            expected="uint8",
            actual=kind,
        )


@pytest.mark.exercise("read", points=1)
def test_a_missing_column_is_named(student):
    """A column that is missing from a file is named in a ValueError or KeyError."""
    expect_named(student, "train.csv", "label")
    expect_named(student, "test.csv", "pixel410")


def expect_named(student, file, column):
    """Reading a ``file`` without ``column`` raises an error that names this column, and no other."""
    train = [name for name in COLUMNS if file != "train.csv" or name != column]
    test = [name for name in PIXELS if file != "test.csv" or name != column]
    error = student.eval("raised(lambda: with_files(files, read_raw))", files=_files(train, test)[0])
    wanted = f"a ValueError that names `{column}`"
    require(
        error is not None,
        f"A {file} without the column `{column}` was read without an error. Raise one that names the missing column.",
        expected=wanted,
        actual="no error",
    )
    actual = f"{error['type']}: {error['message'][:150]}"
    require(
        error["type"] != "AssertionError",
        "`python -O` switches this statement off, so the faulty file is accepted: raise a ValueError instead.",
        expected=wanted,
        actual=actual,
    )
    require(
        {"ValueError", "KeyError"} & set(error["kinds"]),
        f"A {file} without the column `{column}` should raise a ValueError or a KeyError.",
        expected=wanted,
        actual=actual,
    )
    require(
        re.search(rf"\b{column}\b", error["message"]),
        f"The error does not say which column of {file} is missing: name it in the message.",
        expected=wanted,
        actual=actual,
    )
    require(
        not re.search(r"\bpixel77\b", error["message"]),
        f"The error lists all columns, so `{column}` is hard to find among 785 names. Name only what is missing.",
        expected=wanted,
        actual=actual,
    )


# ---- unlabeled

MARK = "mark_unlabeled(data_frame(columns, values))"


def _marked(student, values):
    """The table with a column `label`, at any position."""
    marked = _frame(student.eval(MARK, columns=PIXELS, values=values))
    require(
        "label" in marked.columns,
        "The result has no column `label`.",
        expected="label, pixel0 … pixel783",
        actual=_some(marked.columns),
    )
    return marked


@pytest.mark.exercise("unlabeled", points=1)
def test_label_comes_first(student):
    """The columns are label, pixel0 … pixel783, and the pixels are unchanged."""
    values = _digits(33, 4)[:, 1:]
    marked = _marked(student, values)
    require(
        marked.columns[-1] != "label",
        "`label` is the last column and should be the first, as in train_raw. `frame['label'] = …` appends a column, "
        "`insert` puts it at a position.",
        expected="label, pixel0 … pixel783",
        actual=_some(marked.columns),
    )
    require(
        marked.columns == COLUMNS,
        "The columns should be those of train_raw, in the same order.",
        expected="785 columns: label, pixel0 … pixel783",
        actual=f"{len(marked.columns)} columns: {_some(marked.columns)}",
    )
    expect(marked.shape[0], equals=4, message="The result should have each row of the input once.")
    expect(marked.values()[:, 1:], close_to=values, message="The pixels should be unchanged.")


@pytest.mark.exercise("unlabeled", points=0.5)
def test_every_row_is_marked(student):
    """Each row has the label 11."""
    expect(
        _marked(student, _digits(34, 3)[:, 1:])["label"],
        close_to=np.full(3, 11),
        message="The label of each row should be 11 by default.",
    )


@pytest.mark.exercise("unlabeled", points=0.5)
def test_label_is_one_byte(student):
    """The new column is uint8 like the others."""
    marked = _marked(student, _digits(35, 3)[:, 1:])
    _require_bytes(marked, "the marked table", "a plain 11 becomes int64, `np.uint8(11)` is one byte")


@pytest.mark.exercise("unlabeled", points=0.5)
def test_the_given_table_stays(student):
    """The input table gets no new column."""
    values = _digits(36, 3)[:, 1:]
    given = student.eval(_given_to("mark_unlabeled"), columns=PIXELS, values=values)
    require(
        given.columns == PIXELS,
        "Your function changed its input, so it can't be called twice on the same table. Work on a copy, or make a new table.",
        expected="the columns pixel0 … pixel783",
        actual=_some(given.columns),
    )
    expect(given.values(), close_to=values, message="Your function changed the pixels of its input.")
    _require_index_and_types(given)


# ---- combine


@pytest.mark.exercise("combine", points=0.5)
def test_one_below_the_other(student):
    """The result has all rows of both tables, those of train_raw first."""
    train, test = _numbered(0, 4), _numbered(4, 3, label=11)
    both = _combined(student, train, test)
    wanted = np.concatenate([train, test])
    if both.shape[0] == 4 and both.shape[1] > 4:
        fail(
            "The tables are side by side. With axis=0 the rows are below each other.",
            expected="(7, 4)",
            actual=str(both.shape),
        )
    advice = " `reset_index()` turns the old index into a column; `reset_index(drop=True)` does not."
    require(
        both.columns == NARROW,
        f"The columns should be those of the two tables, and no others.{advice * (both.shape[1] > len(NARROW))}",
        expected=_some(NARROW),
        actual=_some(both.columns),
    )
    expect(
        both.values(),
        close_to=wanted,
        if_instead=[
            (np.concatenate([test, train]), "The unlabeled rows come first. The rows of train_raw should come first."),
            (train, "The rows of test_raw are missing."),
            (
                wanted[[0, 4, 1, 5, 2, 6, 3]],
                "The rows are mixed. All rows of train_raw come first, then all rows of test_raw.",
            ),
        ],
        message="The result should be the rows of train_raw, and below them those of test_raw, unchanged.",
    )


@pytest.mark.exercise("combine", points=1)
def test_index_is_fresh(student):
    """The index is 0, 1, 2, …, each number once."""
    both = _combined(student, _numbered(0, 4), _numbered(4, 3, label=11))
    index = np.asarray(both.index)
    message = "The index should be the numbers 0, 1, 2, …, one for each row: it has several levels, or other names."
    require(
        index.shape == (7,) and index.dtype.kind in "iuf", message, expected="0, 1, 2, …", actual=index.tolist()[:2]
    )
    expect(
        index,
        close_to=np.arange(7),
        if_instead=[
            (
                np.array([0, 1, 2, 3, 0, 1, 2]),
                "The index names rows twice, because each table kept its own numbers. Make `concat` ignore them.",
            ),
            (np.arange(1, 8), "The index should start at 0."),
        ],
        message="The index should be 0, 1, 2, … in the order of the rows.",
    )


def _combined(student, train, test):
    expression = "combine(data_frame(columns, train), data_frame(columns, test))"
    return _frame(student.eval(expression, columns=NARROW, train=train, test=test))


def _numbered(start, rows, label=None):
    """Rows (rows, 4) of uint8 whose three pixels encode the row's number."""
    number = np.arange(start, start + rows)
    first = number % 10 if label is None else np.full(rows, label)
    return np.column_stack([first, number % 256, number // 256 % 256, number // 65_536]).astype("uint8")


# ---- hold-out


def _numbers(frame):
    """The numbers that the pixels of ``_numbered`` rows encode."""
    require(
        _frame(frame).columns == NARROW,
        "Both parts should have the columns of the input table.",
        expected=_some(NARROW),
        actual=_some(frame.columns),
    )
    require_finite(frame)
    pixels = frame.values()[:, 1:].astype("int64")
    return pixels @ np.array([1, 256, 65_536])


def _parts(value):
    train, valid = _pair(value, "train, valid")
    return _numbers(train), _numbers(valid)


@pytest.mark.exercise("hold-out", points=1)
def test_no_row_lost_or_doubled(student):
    """65,000 rows are for training and 5,000 held out: each row is in one part, once."""
    result = student.eval("hold_out(data_frame(columns, values))", columns=NARROW, values=_numbered(0, ROWS))
    train, valid = _parts(result)
    require(
        (len(train), len(valid)) != (HELD_OUT, ROWS - HELD_OUT),
        "The two parts are swapped: the large one is for training and comes first.",
        expected="65,000 and 5,000 rows",
        actual="5,000 and 65,000 rows",
    )
    both = len(np.intersect1d(train, valid))
    require(
        both == 0,
        f"{both:,} rows are both held out and in the training set, which is a leak. Remove them from `train`.",
        expected="no row in both parts",
        actual=f"{both:,} rows in both",
    )
    require(
        len(np.unique(valid)) == len(valid),
        "Some rows were sampled twice: sample without replacement.",
        expected=f"{len(valid):,} different rows",
        actual=f"{len(np.unique(valid)):,} different rows",
    )
    require(
        (len(train), len(valid)) == (ROWS - HELD_OUT, HELD_OUT),
        "5,000 rows should be held out, and all others should be for training.",
        expected="65,000 and 5,000 rows",
        actual=f"{len(train):,} and {len(valid):,} rows",
    )


@pytest.mark.exercise("hold-out", points=1.5)
def test_the_published_rows_are_held_out(student):
    """The first held-out rows are 5406, 53858, 30647, 36944, 24742."""
    expression = "[hold_out(frame)[1] for frame in [data_frame(columns, values)] for _ in range(2)]"
    first, again = (_numbers(part) for part in student.eval(expression, columns=NARROW, values=_numbered(0, ROWS)))
    wanted = np.random.RandomState(99).permutation(ROWS)[:HELD_OUT]
    require(
        np.array_equal(first, again),
        "Two calls held out different rows: pass the seed on, as `random_state=seed`.",
        expected=str(PUBLISHED),
        actual=f"{first[:5].tolist()}, then {again[:5].tolist()}",
    )
    if not np.array_equal(first, wanted):
        given = {"columns": NARROW, "values": _numbered(0, ROWS)}
        stated = student.eval("hold_out(data_frame(columns, values), n=5000, seed=99)[1]", **given)
        require(
            not np.array_equal(_numbers(stated), wanted),
            "With `n=5000` and `seed=99` these rows are right, but not without arguments: keep the defaults of the stub.",
            expected=f"{len(wanted):,} rows, {PUBLISHED} …",
            actual=f"{len(first):,} rows, {first[:5].tolist()} …",
        )
    _require_drawn(first, wanted, ROWS)


def _require_drawn(actual, wanted, rows):
    """``actual`` are the rows ``wanted`` of a table of so many rows, in this order."""
    n = len(wanted)
    instead = [
        (np.arange(n), f"These are the first {n:,} rows, not a random sample. The order of a table has a reason."),
        (
            np.arange(rows - n, rows),
            f"These are the last {n:,} rows, not a random sample. In the lesson's table they are all unlabeled.",
        ),
        (np.sort(wanted), "These are the right rows in another order: keep the order in which they were sampled."),
    ]
    sentence = "These rows are not those of `data.sample(n=n, random_state=seed)`, which the exercise asks for."
    for wrong, known in instead:
        sentence = known if np.array_equal(actual, wrong) else sentence
    require(
        np.array_equal(actual, wanted),
        sentence,
        expected=f"{wanted[:5].tolist()} …",
        actual=f"{actual[:5].tolist()} …",
    )


@pytest.mark.exercise("hold-out", points=0.5)
def test_the_table_is_kept_whole(student):
    """The input table is unchanged."""
    values = _numbered(0, 6000)
    given = _frame(student.eval(_given_to("hold_out"), columns=NARROW, values=values))
    require(
        given.shape == (6000, 4) and np.array_equal(given.values(), values),
        "Your function changed its input: work on a copy, without `inplace=True`.",
        expected="a table of shape (6000, 4), unchanged",
        actual=given,
    )
    _require_index_and_types(given)


# ---- images


def _results(student, values):
    """The two results, in the order in which they were returned."""
    result = student.eval("to_images(data_frame(columns, values))", columns=COLUMNS, values=values)
    return _pair(result, "images, labels")


def _images(student, values):
    images, labels = _results(student, values)
    return (labels, images) if _swapped(images, labels, len(values)) else (images, labels)


def _swapped(images, labels, rows):
    """Whether the two results changed places: `test_shape_and_type` alone says so."""
    return shape_of(images) == (rows,) and math.prod(shape_of(labels) or ()) > rows


@pytest.mark.exercise("images", points=0.5)
def test_shape_and_type(student):
    """The images are float32 of shape (n, 28, 28, 1)."""
    images, labels = _results(student, _digits(37, 6))
    message = "The two results changed places: return images, labels."
    require(not _swapped(images, labels, 6), message, expected="images, labels", actual="labels, images")
    wanted = "The images should have the shape (n, 28, 28, 1)"
    known = {
        (6, 28, 28): f"{wanted}: the channel is missing. A convolution needs it even if there is only one.",
        (6, 784): f"{wanted}: these are still rows of 784 pixels.",
        (28, 28, 6, 1): f"{wanted}: the number of the image comes first.",
        (6, 1, 28, 28): f"{wanted}: the channel comes last in Keras.",
    }
    expect(images, shape=(6, 28, 28, 1), message=known.get(shape_of(images), wanted + "."))
    images = np.asarray(images)
    message = "The images are float64, which takes twice the memory of float32: convert to float32 before you divide."
    expect(
        images, dtype="float32", message=message if str(images.dtype) == "float64" else "The images should be float32."
    )


@pytest.mark.exercise("images", points=1)
def test_ink_is_one_and_paper_is_zero(student):
    """0 becomes 0, 255 becomes 1, and every value between is divided by 255."""
    gray = np.array([0, 51, 102, 204], "uint8")
    images, _ = _images(student, np.repeat(gray[:, None], 785, axis=1))
    share = gray / 255.0
    images = in_shape(images, (4, 784))
    expect(images, shape=(4, 784), message="Each image should have 784 pixels.")
    expect(
        images[:, 400],
        close_to=share,
        if_instead=[
            (gray.astype(float), "The pixels still go up to 255: divide by 255."),
            (
                np.zeros(4),
                "All pixels are 0: the result of the division was rounded to whole numbers. Convert to float32 first.",
            ),
            (gray / 256.0, "You divided by 256, so no pixel reaches 1. Ink is 255: divide by 255."),
            (
                gray / 204.0,
                "You divided by the largest value in this table, so an image depends on the other rows. Divide by 255.",
            ),
            (1 - share, "Paper and ink are swapped: 0 is paper and should remain 0."),
            (
                2 * share - 1,
                "These values are in the range from −1 to 1, for a decoder with tanh. Ours ends in a sigmoid: from 0 to 1.",
            ),
            (
                (gray - gray.mean()) / gray.std(),
                "You standardized to mean 0 and standard deviation 1. Then values leave the range from 0 to 1 and depend on "
                "the other rows. Divide by 255.",
            ),
        ],
        message="Each pixel should be its value divided by 255.",
    )


@pytest.mark.exercise("images", points=1)
def test_pixels_are_in_order(student):
    """pixel0 is at the top left, pixel1 to the right of it, pixel28 below it."""
    values = _digits(38, 6)
    images, _ = _images(student, values)
    pixels = values[:, 1:].astype(float)
    right = pixels.reshape(-1, 28, 28)
    known = [
        (right.transpose(0, 2, 1), "Rows and columns are swapped: pixel1 is to the right of pixel0, not below it."),
        (
            np.moveaxis(pixels.reshape(28, 28, -1), -1, 0),
            "Each image contains pixels of the others. `reshape` fills the last axes first, so the number of the image "
            "must be the first axis.",
        ),
        (
            values[:, :784].astype(float).reshape(-1, 28, 28),
            "The label was read as the first pixel, and all pixels moved by one. Choose the columns by name.",
        ),
        (right[:, ::-1], "The images are upside down: pixel0 is at the top left."),
        (right[:, :, ::-1], "The images are mirrored: pixel0 is at the top left."),
    ]
    images = in_shape(images, (6, 28, 28))
    expect(images, shape=(6, 28, 28), message="Each image should have 784 pixels.")
    shown = np.asarray(images, dtype=float)
    shown = shown * (255 / (shown.max() or 1))  # another check tests the scale
    scaled = [(wrong * (255 / wrong.max()), sentence) for wrong, sentence in known]
    expect(
        shown,
        close_to=right * (255 / right.max()),
        rel=1e-3,
        abs=1e-2,
        if_instead=scaled,
        message="Pixel 28·r + c should be in row r and column c of its image.",
    )


@pytest.mark.exercise("images", points=0.5)
def test_labels_stay_with_their_images(student):
    """The labels are the integers of the column label, one for each image."""
    values = _digits(39, 5)
    values[:, 0] = [3, 11, 0, 9, 11]
    _, labels = _images(student, values)
    require(
        not isinstance(labels, Frame) and shape_of(labels) != (5, 1),
        "The labels should be a one-dimensional array: select the column itself, `frame['label']`.",
        expected="shape (5,)",
        actual="shape (5, 1)",
    )
    expect(
        labels,
        close_to=values[:, 0],
        if_instead=[(values[:, 0] / 255, "The labels were divided by 255, too. Only pixels are scaled.")],
        message="The labels should be those of the column `label`, in the order of the rows, 11 for the unlabeled.",
    )
    require(
        np.asarray(labels).dtype.kind in "iu",
        "Labels are names of classes, not quantities: keep them as integers.",
        expected="integers",
        actual=str(np.asarray(labels).dtype),
    )


@pytest.mark.exercise("images", points=0.5)
def test_the_frame_stays_as_it_is(student):
    """The input table keeps its label and its values."""
    values = _digits(40, 3)
    given = _frame(student.eval(_given_to("to_images"), columns=COLUMNS, values=values))
    require(
        given.columns == COLUMNS,
        "Your function removed a column from its input, as `pop` and `del` do, so it can't be called twice on it.",
        expected="label, pixel0 … pixel783",
        actual=_some(given.columns),
    )
    expect(given.values(), close_to=values, message="Your function changed the values of its input.")
    _require_index_and_types(given)
