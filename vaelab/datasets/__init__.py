"""The images of the course, read from files whose checksums are verified.

Every function here returns exactly the data that the lessons were written with, or raises
`DataError`, which names the file, says what is wrong with it and gives the command that mends it.
"""

from vaelab.datasets.fashion import FASHION_LABELS, load_fashion_mnist
from vaelab.datasets.files import DataError, data_folder
from vaelab.datasets.mnist import load_mnist, mnist_csv_files

__all__ = [
    "FASHION_LABELS",
    "DataError",
    "data_folder",
    "load_fashion_mnist",
    "load_mnist",
    "mnist_csv_files",
]
