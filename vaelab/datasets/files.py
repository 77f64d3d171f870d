"""Finds the data folder, and verifies that a file is the one that the course was written with."""

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pooch

CHECKSUMS = "CHECKSUMS"
Part = tuple[np.ndarray, np.ndarray]  # images uint8 (n, 28, 28), labels uint8 (n,)


class DataError(Exception):
    """A data file is missing or altered. The message names it and the command that restores it."""


def data_folder() -> Path:
    """The folder that holds `CHECKSUMS` and the data files it lists.

    It is the folder that the environment variable VAELAB_DATA names, if that is set; else the first
    `data/` with a CHECKSUMS file in the current folder or one above it; else `data/` of this checkout; else the
    installed package vaelab-data.

    Raises DataError if there is none, with the folders it looked in.
    """
    if chosen := os.environ.get("VAELAB_DATA"):
        folder = Path(chosen).expanduser().absolute()
        if not (folder / CHECKSUMS).is_file():
            raise DataError(
                f"VAELAB_DATA names {folder}, but that folder has no {CHECKSUMS} file.\n"
                "Set it to the data/ folder of the course, or remove it with `unset VAELAB_DATA`."
            )
        return folder
    here = Path.cwd()
    checkout = Path(__file__).resolve().parents[2]
    for parent in (here, *here.parents, checkout):
        if (parent / "data" / CHECKSUMS).is_file():
            return parent / "data"
    if installed := _installed():
        return installed
    raise DataError(
        f"The course's data/ folder was not found: looked for data/{CHECKSUMS} in {here}, "
        f"in every folder above it, and in {checkout}.\n"
        "Start in the course's folder, or install the wheel of its data, or name its data: "
        "`export VAELAB_DATA=/path/to/course/data`."
    )


def _installed() -> Path | None:
    """The folder of the package vaelab-data, which holds no code."""
    package = find_spec("vaelab_data")
    folders = map(Path, (package.submodule_search_locations or ()) if package else ())
    return next((folder for folder in folders if (folder / CHECKSUMS).is_file()), None)


def checksum(name: str, folder: Path) -> str:
    """The sha256 that `folder`'s CHECKSUMS states for `name`, a path with forward slashes."""
    # The format of sha256sum, so that `sha256sum --check --ignore-missing CHECKSUMS` reads it too.
    for line in (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines():
        sha256, _, listed = line.partition("  ")
        if listed == name:
            return sha256
    raise DataError(f"{folder / CHECKSUMS} doesn't list {name}.\n{how_to_restore(CHECKSUMS, folder)}")


def is_sound(path: Path, sha256: str) -> bool:
    """Whether the file at `path` can be read and has this checksum."""
    try:
        state = path.stat()
        return _sha256(path, state.st_size, state.st_mtime_ns) == sha256
    except OSError:
        return False


@lru_cache(maxsize=64)
def _sha256(path: Path, size: int, modified: int) -> str:
    # Size and modification time are arguments only so that a changed file is hashed again.
    digest: str = pooch.file_hash(str(path), alg="sha256")
    return digest


def data_file(name: str) -> Path:
    """The path of an included data file, after its checksum was verified.

    name: as CHECKSUMS lists it, for example "mnist.npz". Raises DataError when it is missing or altered.
    """
    folder = data_folder()
    path, expected = folder / name, checksum(name, folder)
    if not is_sound(path, expected):
        wrong = "is not the course's file (its checksum differs)" if path.exists() else "is missing"
        raise DataError(f"{path} {wrong}.\n{how_to_restore(name, folder)}")
    return path


def verify() -> None:
    """Raise DataError, in one line, for the first included file that is missing or altered.

    Files created on first use (csv/), and the originals that the data sets were made from, may be missing.
    """
    for line in (data_folder() / CHECKSUMS).read_text(encoding="utf-8").splitlines():
        name = line.partition("  ")[2]
        if not name.startswith(("csv/", "mnist/", "fashion-mnist/")):
            try:
                data_file(name)
            except DataError as error:
                raise DataError(" ".join(str(error).split())) from None


def load_parts(name: str) -> tuple[Part, Part]:
    """((x_train, y_train), (x_test, y_test)) of an npz file in Keras' layout, its checksum verified."""
    with np.load(data_file(name), allow_pickle=False) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def how_to_restore(name: str, folder: Path) -> str:
    """The sentence that says how to restore an included file, in a git checkout and elsewhere."""
    course = folder.parent
    if (course / ".git").exists():
        return f'Restore it with `git -C "{course}" checkout -- {folder.name}/{name}`.'
    if folder.name == "vaelab_data":
        return "Install the wheel of the course's data again, with `pip install --force-reinstall`."
    return f"Unpack the zip of your course again, over {course}."
