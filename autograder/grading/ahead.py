"""Starts the process that a run's workers are forks of: it makes their imports while the run makes its own.

That pays only where there is something to grade, which is guessed here. Imports no more than the command has by then.
"""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import forkserver
from pathlib import Path

from autograder.course import Course

_IMPORTED_ONCE = ["autograder.grading.pool"]
# Each worker has a core, so what it computes with needs no more threads. Libraries read these at their import.
_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "MKL", "OPENBLAS")}


def looks_new(course: Course, lessons: Sequence[str]) -> bool:
    """Whether a submission has no entry in the journal, or something in it is younger than its entry: a guess."""
    for lesson in lessons:
        for place in course.submitted.glob(f"*/{lesson}"):
            graded = _time(course.journal / lesson / f"{place.parent.name}.json")
            if graded is None or any((_time(path) or 0.0) > graded for path in place.glob("*")):
                return True
    return False


def _time(path: Path) -> float | None:
    try:
        return path.lstat().st_mtime
    except OSError:
        return None


def start_ahead() -> None:
    """Start the process that workers are forks of, unless it runs; it ends with this one."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(_IMPORTED_ONCE)
    with _environment(_ONE_THREAD):
        forkserver.ensure_running()


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
