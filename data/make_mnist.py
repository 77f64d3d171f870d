"""Make mnist.npz from the four IDX files that MNIST was published in.

python data/make_mnist.py FOLDER     (SOURCES.md says where to get the files)
"""

import sys
from pathlib import Path

from making import DATA, read_published, record, run, write_npz


def make(folder: Path) -> None:
    """All 70,000 images, unchanged, in Keras' layout."""
    write_npz(DATA / "mnist.npz", read_published(folder, "mnist"))
    record(DATA / "mnist.npz")


if __name__ == "__main__":
    sys.exit(run(make, "Make data/mnist.npz from MNIST's four IDX files."))
