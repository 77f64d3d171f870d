"""IDX, the format in which MNIST and Fashion-MNIST were published.

A header (two zero bytes, the type, the number of dimensions, each dimension as a big-endian uint32),
then the values.
"""

import gzip
import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np

from vaelab.datasets.files import DataError

UNSIGNED_BYTE = 8
# name in Keras' layout → name of the published file
FILES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


def read_idx(folder: Path, name: str) -> np.ndarray:
    """The uint8 array in the IDX file `name` or `name`.gz of `folder`.

    Raises DataError if there is no such file, or if it is not a complete IDX file of unsigned bytes.
    """
    raw, packed = folder / name, folder / f"{name}.gz"
    path = raw if raw.is_file() else packed
    try:
        content = raw.read_bytes() if path == raw else gzip.decompress(packed.read_bytes())
        zeros, kind, dimensions = struct.unpack_from(">HBB", content)
        shape = struct.unpack_from(f">{dimensions}I", content, 4)
        if zeros != 0 or kind != UNSIGNED_BYTE:
            raise ValueError("it has another header")
        return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape).copy()
    except FileNotFoundError:
        raise DataError(f"{folder} has neither {name} nor {name}.gz.") from None
    except (OSError, EOFError, zlib.error, struct.error, ValueError) as error:
        raise DataError(f"{path} can't be read as a complete IDX file of unsigned bytes: {error}.") from error


def idx_sha256(array: np.ndarray) -> str:
    """The sha256 of a uint8 array as an uncompressed IDX file, however it was packed or downloaded."""
    header = struct.pack(f">HBB{array.ndim}I", 0, UNSIGNED_BYTE, array.ndim, *array.shape)
    return hashlib.sha256(header + array.tobytes()).hexdigest()
