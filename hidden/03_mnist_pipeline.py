"""Hidden checks of lesson 03: the same properties on random tables."""

import re

import numpy as np
import pytest

from autograder.checking.ask import ask_with
from autograder.checking.expect import expect, require, require_finite
from autograder.inside.plain import Frame

PIXELS = [f"pixel{i}" for i in range(784)]
COLUMNS = ["label", *PIXELS]


def _frame(value):
    require(isinstance(value, Frame), "The result should be a pandas DataFrame.", expected="a DataFrame", actual=value)
    return value


def _pair(value):
    require(
        isinstance(value, tuple | list) and len(value) == 2, "The function should return two results.", actual=value
    )
    return value


def _random(rng, rows, columns=785):
    values = rng.integers(0, 256, (rows, columns), dtype="uint8")
    values[:, 0] %= 10
    return values


def _csv(columns, values):
    return "\n".join([",".join(columns), *(",".join(map(str, row)) for row in values.tolist())]) + "\n"


@pytest.mark.exercise("read", points=0.5)
def test_further_columns_are_left_out(student, rng):
    """Additional columns in the files, such as row numbers, are left out."""
    train, test = _random(rng, 4), _random(rng, 6)[:, 1:]
    numbered = {
        "train.csv": _csv(["", *COLUMNS, "fold"], np.column_stack([300 + np.arange(4), train, [1, 2, 3, 1]])),
        "test.csv": _csv(["", *PIXELS, "fold"], np.column_stack([300 + np.arange(6), test, [1, 2, 3, 1, 2, 3]])),
    }
    plain = {"train.csv": _csv(COLUMNS, train), "test.csv": _csv(PIXELS, test)}
    parts = ask_with(
        student,
        "with_files(numbered, read_raw)",
        "An additional column in the files can't be read as `uint8`: select the label and the pixels while reading, "
        "with `usecols` or `include_columns`.",
        "with_files(plain, read_raw)",
        numbered=numbered,
        plain=plain,
    )
    for frame, columns, rows in zip(_pair(parts), (COLUMNS, PIXELS), (train, test), strict=True):
        require(
            sorted(_frame(frame).columns) != sorted(columns) or frame.columns == columns,
            "The columns are in another order: label comes first, then pixel0 … pixel783, in this order.",
            expected=f"{', '.join(columns[:3])}, …",
            actual=f"{', '.join(frame.columns[:3])}, …",
        )
        require(
            frame.columns == columns,
            "The files have additional columns, such as row numbers, and so has your table: read only the label and "
            "the pixels, by name.",
            expected=f"{len(columns)} columns, from {columns[0]} to {columns[-1]}",
            actual=f"{len(frame.columns)} columns, from {frame.columns[0]!r} to {frame.columns[-1]!r}",
        )
        expect(
            frame.values(), close_to=rows, message="The values differ from those in the columns named label and pixel."
        )


@pytest.mark.exercise("read", points=0.5)
def test_any_missing_column_is_named(student, rng):
    """Whichever column is missing, the error names it."""
    column = f"pixel{rng.integers(784)}"
    for file in ("train.csv", "test.csv"):
        train = [name for name in COLUMNS if file != "train.csv" or name != column]
        test = [name for name in PIXELS if file != "test.csv" or name != column]
        tables = {"train.csv": train, "test.csv": test}
        texts = {name: _csv(columns, _random(rng, 2, len(columns))) for name, columns in tables.items()}
        error = student.eval("raised(lambda: with_files(files, read_raw))", files=texts)
        require(
            error is not None and {"ValueError", "KeyError"} & set(error["kinds"]),
            f"A {file} without the column `{column}` should raise a ValueError or a KeyError.",
            expected=f"a ValueError that names `{column}`",
            actual=error["type"] if error else "no error",
        )
        require(
            re.search(rf"\b{column}\b", error["message"]),
            f"The error should name the missing column of {file}, whichever it is.",
            expected=f"a message with `{column}`",
            actual=error["message"][:150],
        )


@pytest.mark.exercise("unlabeled", points=0.5)
def test_any_label_marks(student, rng):
    """A label other than 11 marks the rows, too, whatever their index."""
    values, index = _random(rng, 5)[:, 1:], [7, 3, 12, 0, 5]
    label = int(rng.integers(12, 256))
    expression = "mark_unlabeled(data_frame(columns, values, index), label=label)"
    marked = _frame(student.eval(expression, columns=PIXELS, values=values, index=index, label=label))
    expect(
        marked.shape, equals=(5, 785), message="The result should have as many rows as the input, and one column more."
    )
    require("label" in marked.columns, "The result has no column `label`.", actual=f"{marked.columns[0]}, …")
    expect(np.asarray(marked.index), close_to=np.array(index), message="The rows should keep the index of the input.")
    expect(
        marked["label"],
        close_to=np.full(5, label),
        if_instead=[(np.full(5, 11), "The label is always 11: use the argument `label`.")],
        message="Each row should have the value of the argument `label`.",
    )
    expect(marked.values()[:, 1:], close_to=values, message="The pixels should be unchanged.")


@pytest.mark.exercise("combine", points=0.5)
def test_seventy_thousand_rows(student, rng):
    """42,000 and 28,000 rows make 70,000, of the same type, in the same order, with a fresh index."""
    train, test = _random(rng, 42_000, 3), _random(rng, 28_000, 3)
    test[:, 0] = 11
    expression = "combine(data_frame(columns, train, order), data_frame(columns, test))"
    given = {"columns": COLUMNS[:3], "train": train, "test": test, "order": np.arange(42_000)[::-1].copy()}
    both = _frame(student.eval(expression, **given))
    expect(both.shape, equals=(70_000, 3), message="Every row should be in the result, once.")
    expect(
        both.values(), close_to=np.concatenate([train, test]), message="The rows should keep their order and values."
    )
    expect(
        np.asarray(both.index),
        close_to=np.arange(70_000),
        message="Whatever the old index was, the new one should be 0, 1, 2, …",
    )
    require(
        all(kind.lower().startswith("uint8") for kind in both.dtypes),
        "The columns are no longer uint8: join the tables without converting them.",
        expected="uint8",
        actual=next((kind for kind in both.dtypes if not kind.lower().startswith("uint8")), ""),
    )


@pytest.mark.exercise("hold-out", points=1)
def test_any_number_and_seed(student, rng):
    """Another number of rows and another seed are used."""
    rows, n, seed = int(rng.integers(200, 250)), int(rng.integers(30, 60)), int(rng.integers(100, 10_000))
    values = np.column_stack([np.arange(rows) % 10, np.arange(rows)]).astype("uint8")
    given = {"columns": COLUMNS[:2], "index": rng.permutation(10 * rows)[:rows], "n": n, "seed": seed}
    expression = "hold_out(data_frame(columns, values, index), n=n, seed=seed)"
    message = "The index of a table may be any, as long as it names each row once: labels are not positions."
    usual = "hold_out(data_frame(columns, values), n=n, seed=seed)"
    parts = _pair(ask_with(student, expression, message, usual, values=values, **given))
    require_finite([_frame(part) for part in parts])
    train, valid = (part["pixel0"].astype(int) for part in parts)
    require(
        len(valid) == n,
        f"The call asked for {n} of {rows} rows, but another number was held out: use the argument `n`.",
        expected=f"{n} rows",
        actual=f"{len(valid)} rows",
    )
    wanted = np.random.RandomState(seed).permutation(rows)[:n]
    require(
        np.array_equal(valid, wanted) or not np.array_equal(np.sort(valid), np.sort(wanted)),
        "These are the right rows in another order: keep the order in which they were sampled.",
        expected=f"{wanted[:5].tolist()} …",
        actual=f"{valid[:5].tolist()} …",
    )
    require(
        np.array_equal(valid, wanted),
        "With another seed, the rows are not those of `data.sample(n=n, random_state=seed)`: use the argument `seed`.",
        expected=f"{wanted[:5].tolist()} …",
        actual=f"{valid[:5].tolist()} …",
    )
    require(
        np.array_equal(np.sort(train), np.setdiff1d(np.arange(rows), wanted)),
        "The rows to train on should be exactly those that are not held out, whatever the index is.",
    )
    twice = _pair(student.eval(expression, values=values // 2, **given))
    lengths = tuple(len(_frame(part)["pixel0"]) for part in twice)
    require(
        lengths == (rows - n, n),
        "Two rows with the same values are two rows: remove those that are held out by their index.",
        expected=f"{rows - n} and {n} rows",
        actual=f"{lengths[0]} and {lengths[1]} rows",
    )


@pytest.mark.exercise("images", points=0.5)
def test_rows_of_any_index(student, rng):
    """A single row works like many, and so do rows with gaps in their index, as after a split."""
    for rows, index in ((1, [41]), (7, [90, 3, 55, 4, 61, 8, 17])):
        values = _random(rng, rows)
        expression = "to_images(data_frame(columns, values, index))"
        images, labels = _pair(student.eval(expression, columns=COLUMNS, values=values, index=index))
        images = (
            images[..., None] if getattr(images, "shape", None) == (rows, 28, 28) else images
        )  # another check tests the channel
        expect(
            images,
            shape=(rows, 28, 28, 1),
            message="Each row should become one image: even a single row has the shape (1, 28, 28, 1).",
        )
        wanted = values[:, 1:].reshape(-1, 28, 28, 1) / 255
        expect(images, close_to=wanted, rel=1e-3, abs=1e-4, message="Each pixel should be its value divided by 255.")
        expect(labels, close_to=values[:, 0], message="The labels should be those of the rows, in the same order.")
