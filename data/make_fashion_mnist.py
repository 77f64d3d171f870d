"""Make fashion_mnist.npz, a fixed subset, from the four IDX files that Fashion-MNIST was published in.

python data/make_fashion_mnist.py [FOLDER]     (SOURCES.md says where to get the files)
"""

import sys
from pathlib import Path

import numpy as np
from making import DATA, read_published, record, run, write_npz

from vaelab.datasets.fashion import DEBIAN_FOLDER

SEED = 237
TRAIN_PER_CLASS, TEST_PER_CLASS = 2_000, 500


def make(folder: Path) -> None:
    """20,000 training and 5,000 test images, equally many of each class, in shuffled order."""
    full = read_published(folder, "fashion-mnist")
    rng = np.random.default_rng(SEED)
    train = balanced(full["y_train"], TRAIN_PER_CLASS, rng)
    test = balanced(full["y_test"], TEST_PER_CLASS, rng)
    subset = {
        "x_train": full["x_train"][train],
        "y_train": full["y_train"][train],
        "x_test": full["x_test"][test],
        "y_test": full["y_test"][test],
    }
    write_npz(DATA / "fashion_mnist.npz", subset)
    record(DATA / "fashion_mnist.npz")


def balanced(labels: np.ndarray, per_class: int, rng: np.random.Generator) -> np.ndarray:
    """Indices of the first `per_class` images of every class, in a random order of all images."""
    order = rng.permutation(len(labels))
    kept = [np.flatnonzero(labels[order] == label)[:per_class] for label in np.unique(labels)]
    return order[np.sort(np.concatenate(kept))]


if __name__ == "__main__":
    sys.exit(run(make, "Make data/fashion_mnist.npz from Fashion-MNIST's four IDX files.", DEBIAN_FOLDER))
