"""How long each solution takes from top to bottom."""

import time
from collections.abc import Iterator

import nbformat

from autograder.building.solution import execute, solved
from autograder.sources import take_up
from bench.measure import Figure, at_most
from bench.solved import lessons_to_measure
from tests.course import COURSE


def measure(quick: bool) -> Iterator[Figure]:
    """lesson_time, the slowest lesson; with ``quick`` only the two fastest are run."""
    times: dict[str, list[float]] = {}
    for lesson in lessons_to_measure(quick):
        source = nbformat.read(COURSE.source_notebook(lesson), as_version=4)
        take_up(COURSE, lesson, source)
        start = time.perf_counter()
        execute(solved(source), COURSE.solutions / lesson, lesson, COURSE.settings.solution_environment)
        times[lesson] = [time.perf_counter() - start]
    slowest = max(times, key=lambda lesson: times[lesson])
    figure = at_most("lesson_time", times[slowest], 30, "s", f"the slowest is {slowest}")
    figure.samples = times
    yield figure
