"""Lesson 06's grid of digits: one predict call, against one for each cell with a tiled batch, as published."""

from collections.abc import Iterator

import keras
import numpy as np

from bench.measure import Figure, at_least, paired, seconds
from bench.solved import names_until
from vaelab.datasets.files import data_file

LESSON = "06_latent_clustering"
TILED = 16  # the published lab's batch


def measure(quick: bool) -> Iterator[Figure]:
    """manifold_time; with ``quick`` a grid of 10×10 in the place of 40×40."""
    n = 10 if quick else 40
    names = names_until(LESSON, "manifold")
    decoder: keras.Model = names["build_decoder"]()
    decoder.load_weights(data_file("checkpoints/mnist_2d_decoder.weights.h5"))
    codes = names["latent_grid"](n)
    small = names["decode_manifold"](decoder, 4), published(decoder, names["latent_grid"](4), 4)  # compiles both too
    if not np.allclose(*small, atol=1e-5):
        raise RuntimeError("the two grids show different pictures")
    slow, fast = paired(
        lambda: seconds(lambda: published(decoder, codes, n)),
        lambda: seconds(lambda: names["decode_manifold"](decoder, n)),
        runs=1,  # a call a cell takes minutes, and the bound is far
    )
    yield at_least("manifold_time", slow, fast, 100, ("a call a cell, s", "one call, s"), f"{n}×{n}")


def published(decoder: keras.Model, codes: np.ndarray, n: int) -> np.ndarray:
    """A mosaic of n×n pictures, (28n, 28n), drawn cell by cell: each code is repeated to fill a batch of 16."""
    mosaic = np.zeros((28 * n, 28 * n))
    for cell, code in enumerate(codes):
        row, column = divmod(cell, n)
        batch = np.tile(code, TILED).reshape(TILED, 2)
        picture = decoder.predict(batch, batch_size=TILED, verbose=0)[0, :, :, 0]
        mosaic[28 * row : 28 * (row + 1), 28 * column : 28 * (column + 1)] = picture
    return mosaic
