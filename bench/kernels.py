"""A warm sandboxed kernel against a cold one: until the first reply of a cell that uses Keras."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from autograder.grading.session import Session
from autograder.sandbox import KernelFactory, Limits
from bench.measure import Figure, at_least, paired, seconds
from tests.course import COURSE

FIRST_CELL = "import keras; keras.backend.backend()"


def measure(quick: bool) -> Iterator[Figure]:
    """kernel_ready."""
    with (
        KernelFactory(Limits(), COURSE.surroundings()) as warm,
        KernelFactory(Limits(), COURSE.surroundings(), warm=False) as cold,
    ):
        ready(warm)  # starts the server, which happens once for a class
        slow, fast = paired(
            lambda: seconds(lambda: ready(cold)), lambda: seconds(lambda: ready(warm)), 1 if quick else 7
        )
    yield at_least("kernel_ready", slow, fast, 15, ("cold, s", "warm, s"))


def ready(factory: KernelFactory) -> None:
    """Start a kernel, run the first cell, end it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Session(factory, Path(folder), Limits(), time.monotonic() + 300, {}) as session,
    ):
        session.run(FIRST_CELL)
