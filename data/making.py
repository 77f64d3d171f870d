"""What the scripts of this folder share. They run from a checkout, whether or not vaelab is installed."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pooch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from vaelab.datasets.files import CHECKSUMS, DataError, checksum
from vaelab.datasets.idx import FILES, idx_sha256, read_idx

DATA = Path(__file__).resolve().parent


def read_published(folder: Path, dataset: str) -> dict[str, np.ndarray]:
    """The four arrays, named as Keras does, from the IDX files in `folder` (raw or gz), checksums verified.

    dataset: "mnist" or "fashion-mnist", as CHECKSUMS names them.
    """
    arrays = {}
    for key, name in FILES.items():
        arrays[key] = read_idx(folder, name)
        if idx_sha256(arrays[key]) != checksum(f"{dataset}/{name}", DATA):
            raise DataError(f"{folder / name} isn't the published file (its checksum isn't in {CHECKSUMS}).")
    return arrays


def write_npz(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write a compressed npz. The same arrays give the same bytes with the same zlib."""
    unfinished = path.with_name(f".{path.name}")
    with unfinished.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    unfinished.replace(path)


def record(path: Path) -> None:
    """Write the checksum of a new file into CHECKSUMS, in place of its old one, and print the line."""
    name = path.relative_to(DATA).as_posix()
    line = f"{pooch.file_hash(str(path))}  {name}"
    listed = (DATA / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    others = [old for old in listed if old.partition("  ")[2] != name]
    (DATA / CHECKSUMS).write_text("\n".join(sorted([*others, line], key=_by_name)) + "\n", encoding="utf-8")
    print(line, f"({path.stat().st_size / 1e6:.1f} MB, {'as before' if line in listed else 'new'})")


def _by_name(line: str) -> str:
    return line.partition("  ")[2]


def run(make: Callable[[Path], None], description: str, default: Path | None = None) -> int:
    """The command line of a script that makes a file from a folder of IDX files. Returns the exit status."""
    parser = argparse.ArgumentParser(description=description)
    nargs = "?" if default else None
    parser.add_argument("folder", type=Path, nargs=nargs, default=default, help="of the IDX files, raw or gz")
    try:
        make(parser.parse_args().folder)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
