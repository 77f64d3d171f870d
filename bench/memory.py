"""How much memory a submission takes in the sandbox, beyond the pages that all kernels share."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import psutil

from autograder.course import Course
from autograder.grading.settings import Settings, shared_kernels
from autograder.grading.worker import Task, grade_task
from bench.grading import make_class, settings
from bench.measure import Figure, at_most
from bench.solved import lessons_to_measure

POLL_SECONDS = 0.02
MB = 1e6


def measure(quick: bool) -> Iterator[Figure]:
    """submission_memory, of the lesson that takes most; with ``quick`` of two lessons."""
    lessons = lessons_to_measure(quick)
    peaks = {}
    with tempfile.TemporaryDirectory() as folder:
        course = make_class(Path(folder), lessons, 1)
        with shared_kernels(settings(course)) as shared:
            peak_of(course, lessons[0], shared)  # the warm process is there then
            for lesson in lessons:
                peaks[lesson] = [peak_of(course, lesson, shared) / MB]
    most = max(peaks, key=lambda lesson: peaks[lesson])
    figure = at_most("submission_memory", peaks[most], 350, "MB", f"the most takes {most}")
    figure.samples = peaks
    yield figure


def peak_of(course: Course, lesson: str, shared: Settings) -> float:
    """The most bytes that the processes of one submission had to themselves at a time."""
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    peak, ended = [0.0], Event()

    def watch() -> None:
        while not ended.is_set():
            peak[0] = max(peak[0], unshared_bytes(before))
            time.sleep(POLL_SECONDS)

    watcher = Thread(target=watch)
    watcher.start()
    try:
        [student] = course.submitted.iterdir()
        done = grade_task(Task(lesson, student.name, "", str((student / lesson).relative_to(course.root))), shared)
    finally:
        ended.set()
        watcher.join()
    if done.failure:
        raise RuntimeError(f"{lesson}: {done.failure}")
    return peak[0]


def unshared_bytes(before: set[int]) -> float:
    """The bytes that no other process has, summed over what this one has started and that is not among ``before``."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        if process.pid not in before:
            with suppress(psutil.Error):
                total += process.memory_full_info().uss
    return total
