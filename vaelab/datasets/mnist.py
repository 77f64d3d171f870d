"""MNIST, as arrays and as the two CSV files of a competition."""

import os
import secrets
from pathlib import Path

import numpy as np
import pooch

from vaelab.datasets.files import DataError, Part, checksum, data_folder, is_sound, load_parts

SPLIT_SEED = 237
TRAIN_ROWS = 42_000
TRAIN_CSV, TEST_CSV = "csv/train.csv", "csv/test.csv"


def load_mnist() -> tuple[Part, Part]:
    """All 70,000 digits: ((x_train, y_train), (x_test, y_test)).

    Images are uint8 (60000, 28, 28) and (10000, 28, 28), 0 is paper and 255 is ink; labels are uint8
    (60000,) and (10000,). Raises DataError when data/mnist.npz is missing or altered.
    """
    return load_parts("mnist.npz")


def mnist_csv_files() -> tuple[Path, Path]:
    """The paths of train.csv and test.csv: MNIST in the layout of a competition.

    train.csv has 42,000 rows `label,pixel0,…,pixel783`, test.csv the other 28,000 without the label.
    The two files (77 and 51 MB) are written on first use into `csv/` of the data folder, or into your
    cache folder where that is read-only, and written anew when they were altered.

    Raises DataError if data/mnist.npz is missing or altered, or if neither folder can be written.
    """
    data = data_folder()
    expected = {name: checksum(name, data) for name in (TRAIN_CSV, TEST_CSV)}
    homes = (data, Path(pooch.os_cache("vaelab")))
    for home in homes:
        if all(is_sound(home / name, sha256) for name, sha256 in expected.items()):
            return home / TRAIN_CSV, home / TEST_CSV
    refusals = []
    for home in homes:
        try:
            _write_csv_files(home, expected)
            return home / TRAIN_CSV, home / TEST_CSV
        except OSError as error:
            refusals.append(f"{home / 'csv'} ({error.strerror or error})")
    raise DataError(
        f"train.csv and test.csv can't be written, neither to {' nor to '.join(refusals)}.\n"
        "They need 130 MB: free some disk space there, or name a folder that you can write to: "
        "`export XDG_CACHE_HOME=…`."
    )


def _write_csv_files(home: Path, expected: dict[str, str]) -> None:
    """Write those of the two CSV files that `home` doesn't have yet."""
    images, labels = _competition_order()
    pixels = [f"pixel{i}" for i in range(images.shape[1])]
    train = np.column_stack([labels[:TRAIN_ROWS], images[:TRAIN_ROWS]])
    tables = {TRAIN_CSV: (["label", *pixels], train), TEST_CSV: (pixels, images[TRAIN_ROWS:])}
    for name, (columns, rows) in tables.items():
        if not is_sound(home / name, expected[name]):
            _write_csv(home / name, columns, rows, expected[name])


def _competition_order() -> tuple[np.ndarray, np.ndarray]:
    """All images (70000, 784) and labels (70000,) in the order of the two CSV files, train.csv first."""
    (x_train, y_train), (x_test, y_test) = load_mnist()
    images = np.concatenate([x_train, x_test]).reshape(-1, 28 * 28)
    labels = np.concatenate([y_train, y_test])
    order = np.random.default_rng(SPLIT_SEED).permutation(len(labels))
    return images[order], labels[order]


def _write_csv(path: Path, columns: list[str], rows: np.ndarray, sha256: str) -> None:
    """Write uint8 rows as pandas' `to_csv(index=False)` does, in a fifth of the time. All or nothing."""
    import pyarrow as pa  # here, because only the first use needs it
    from pyarrow import csv

    table = pa.table(list(np.ascontiguousarray(rows.T)), names=columns)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may write at the same time: each has its own file, and the last rename wins.
    unfinished = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with unfinished.open("xb") as file:
            file.write(",".join(columns).encode() + b"\n")  # pyarrow would quote the names
            csv.write_csv(table, file, csv.WriteOptions(include_header=False))
        if not is_sound(unfinished, sha256):
            raise DataError(
                f"{path.name} differs from the course's file, with pyarrow {pa.__version__} and "
                f"numpy {np.__version__}.\nInstall the versions that the course was made with: "
                "`pip install -r requirements.lock`."
            )
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
