"""Fashion-MNIST: a subset included with the course, or the complete set if it is on this machine or downloadable."""

from pathlib import Path

import numpy as np

from vaelab.datasets.files import DataError, Part, checksum, data_folder, load_parts
from vaelab.datasets.idx import FILES, idx_sha256, read_idx

# The names of labels 0 to 9, as the authors give them.
FASHION_LABELS = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")


def load_fashion_mnist(full: bool = False) -> tuple[Part, Part]:
    """Images of clothes: ((x_train, y_train), (x_test, y_test)).

    Images are uint8 (n, 28, 28), labels uint8 (n,), indices of FASHION_LABELS; every class has the same number.
    By default n is 20,000 and 5,000, from data/fashion_mnist.npz. With full=True it is 60,000 and 10,000,
    from Debian's package dataset-fashion-mnist where it is installed, else downloaded by Keras.

    Raises DataError if the file is missing or altered, or if the complete set is not available.
    """
    if not full:
        return load_parts("fashion_mnist.npz")
    if DEBIAN_FOLDER.is_dir():
        arrays = {key: read_idx(DEBIAN_FOLDER, name) for key, name in FILES.items()}
        remedy = "Install it again with `sudo apt install --reinstall dataset-fashion-mnist`."
    else:
        arrays = _downloaded()
        remedy = "Delete ~/.keras/datasets/fashion-mnist and load it again."
    folder = data_folder()
    for key, name in FILES.items():
        if idx_sha256(arrays[key]) != checksum(f"fashion-mnist/{name}", folder):
            raise DataError(f"{name} is not the published Fashion-MNIST file (its checksum differs).\n{remedy}")
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def _downloaded() -> dict[str, np.ndarray]:
    # Imported here, because Keras takes seconds.
    from keras.datasets import fashion_mnist

    try:
        (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
    except Exception as error:  # Keras raises bare Exceptions when a download fails
        raise DataError(
            f"The complete Fashion-MNIST is not on this machine, and Keras can't download it ({error}).\n"
            "Use the subset, load_fashion_mnist(), or run `sudo apt install dataset-fashion-mnist`."
        ) from error
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
