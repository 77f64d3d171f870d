"""One move of the latent explorer, in the kernel: decode the place and its neighbor, and send them off."""

from collections.abc import Iterator

import keras
import numpy as np

from bench.measure import Figure, at_most, seconds
from bench.solved import names_until
from vaelab.explorer import LatentExplorer

LESSON = "04_encoder_decoder"


def measure(quick: bool) -> Iterator[Figure]:
    """explorer_latency, with the convolutional decoder of lesson 04 (the heaviest of the course)."""
    decoder: keras.Model = names_until(LESSON, "decoder")["build_decoder"]()
    rng = np.random.default_rng(237)
    explorer = LatentExplorer(decoder, rng.standard_normal((5000, 2)), rng.integers(0, 10, 5000))

    def move() -> None:
        explorer.position = rng.uniform(-2, 2, 2).tolist()

    for _ in range(5):
        move()
    times = [1000 * seconds(move) for _ in range(50 if quick else 300)]
    yield at_most("explorer_latency", times, 50, "ms")
