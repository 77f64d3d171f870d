"""How long a student waits for ``check``: every exercise, in the process of a notebook."""

import time
from collections.abc import Iterator

import keras
import matplotlib

from autograder import verdicts
from bench.measure import Figure, at_most
from bench.solved import lessons_to_measure, names_until
from tests.course import COURSE


def measure(quick: bool) -> Iterator[Figure]:
    """check_latency (median) and check_latency_worst, over all exercises; with ``quick`` over those of two lessons."""
    matplotlib.use("agg")
    times: dict[str, list[float]] = {}
    for lesson in lessons_to_measure(quick):
        for exercise in COURSE.exercises(lesson):
            keras.backend.clear_session()  # a notebook of its own holds no other lesson's models
            names = names_until(lesson, exercise)
            for _ in range(1 if quick else 2):
                start = time.perf_counter()
                verdicts(lesson, exercise, names)
                times.setdefault(f"{lesson[:2]} {exercise}", []).append(time.perf_counter() - start)
    everything = [value for values in times.values() for value in values]
    slowest = max(times, key=lambda name: max(times[name]))
    median = at_most("check_latency", everything, 0.5, "s")
    worst = at_most("check_latency_worst", everything, 0.5, "s", f"the slowest is {slowest}", max(everything))
    median.samples = worst.samples = times
    yield from (median, worst)
