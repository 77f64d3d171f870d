"""Random numbers that a check draws are not missing afterwards."""

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def random_state_kept() -> Iterator[None]:
    """Put the generators of Python and NumPy back as they were, so that a notebook that has seeded them gets the same
    numbers after a check as without one, however often it is run. Libraries that draw their seeds from these follow."""
    numpy = sys.modules.get("numpy")
    before = random.getstate(), numpy.random.get_state() if numpy else None
    try:
        yield
    finally:
        random.setstate(before[0])
        if numpy:
            numpy.random.set_state(before[1])
