"""Lesson 03 against the published pipeline: from the two CSV files to arrays, each in a process of its own."""

import sys
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd
import psutil

from bench.measure import Figure, at_least, at_most, run_program
from bench.solved import names_until
from vaelab.datasets import mnist_csv_files

LESSON = "03_mnist_pipeline"


def measure(quick: bool) -> Iterator[Figure]:
    """pipeline_time and pipeline_memory."""
    mnist_csv_files()  # written before anything is timed
    runs = {"published": [], "ours": []}
    for _ in range(2 if quick else 5):
        for name, samples in runs.items():
            samples.append(run_program("bench.pipeline", name))
    times = [[run.reported[0] for run in samples] for samples in runs.values()]
    # Above what Python and the packages take before the first line is read, which is the same for both.
    peaks = [[(run.peak_bytes - run.reported[1]) / 2**20 for run in samples] for samples in runs.values()]
    whole = [[run.peak_bytes / 2**20 for run in samples] for samples in runs.values()]
    yield at_least("pipeline_time", *times, 3, ("published, s", "ours, s"))
    ratio = [ours / published for published, ours in zip(*peaks, strict=True)]
    figure = at_most("pipeline_memory", ratio, 0.25, "of the published peak")
    figure.samples |= {"published, MiB": peaks[0], "ours, MiB": peaks[1]}
    figure.samples |= {"published, whole process, MiB": whole[0], "ours, whole process, MiB": whole[1]}
    yield figure


def published(train_csv: str, test_csv: str) -> tuple[np.ndarray, ...]:
    """The published lab's steps, with pandas' defaults: int64 throughout, float64 pictures."""
    train_raw, test_raw = pd.read_csv(train_csv), pd.read_csv(test_csv)
    test_raw["label"] = 11
    test_raw = test_raw[["label", *test_raw.columns[:-1]]]
    everything = pd.concat([train_raw, test_raw], ignore_index=True)
    valid = everything.sample(n=5000, random_state=99)
    train = everything.loc[~everything.index.isin(valid.index)]
    pictures = [part.drop(columns="label").values / 255 for part in (train, valid)]
    return tuple(p.reshape(-1, 28, 28, 1) for p in pictures) + (train["label"].values, valid["label"].values)


def ours(train_csv: str, test_csv: str) -> tuple[np.ndarray, ...]:
    """The solution of lesson 03, as it stands in its source."""
    train_raw, test_raw = names["read_raw"](train_csv, test_csv)
    data = names["combine"](train_raw, names["mark_unlabeled"](test_raw))
    del train_raw, test_raw
    train, valid = names["hold_out"](data)
    del data
    x_train, y_train = names["to_images"](train)
    x_valid, y_valid = names["to_images"](valid)
    return x_train, x_valid, y_train, y_valid


if __name__ == "__main__":
    names = names_until(LESSON, "images")
    files = mnist_csv_files()
    base = psutil.Process().memory_info().rss
    start = time.perf_counter()
    arrays = {"published": published, "ours": ours}[sys.argv[1]](*map(str, files))
    spent = time.perf_counter() - start
    assert arrays[0].shape == (65_000, 28, 28, 1) and arrays[1].shape == (5_000, 28, 28, 1)
    print(spent, base)
