"""The lessons to measure, what their solutions define, and the pictures of lesson 03."""

import numpy as np

from tests.course import COURSE, names_before, solutions
from vaelab.datasets import mnist_csv_files


def lessons_to_measure(quick: bool) -> list[str]:
    """All lessons; with ``quick`` the two that run fastest."""
    return COURSE.sources()[1:3] if quick else COURSE.sources()


def names_until(lesson: str, exercise: str) -> dict:
    """The names a notebook holds after the solution of ``exercise``, with those before it solved as well."""
    names = names_before(lesson, exercise)
    exec(compile(solutions(lesson)[exercise], f"<{lesson}>", "exec"), names)
    return names


def pictures() -> tuple[np.ndarray, np.ndarray]:
    """The 65,000 pictures to train on and the 5,000 held out, (n, 28, 28, 1) from 0 to 1, split as in lesson 03."""
    lesson = names_until("03_mnist_pipeline", "images")
    train_raw, test_raw = lesson["read_raw"](*map(str, mnist_csv_files()))
    parts = lesson["hold_out"](lesson["combine"](train_raw, lesson["mark_unlabeled"](test_raw)))
    train, held_out = (lesson["to_images"](part)[0] for part in parts)
    return train, held_out
