"""A class of 1,000: whether what a submission costs, the journal and the report grow as the class does."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from autograder.classrun import grade_class
from autograder.course import Course
from autograder.grading.submissions import journal_of
from autograder.views.report import write_report
from bench.grading import SCALE_LESSON, hand_in, settings
from bench.measure import Figure, at_most, seconds
from tests.course import all_answers, part_of_it, solutions

SEED = 237
BOUND = 1.1  # in times of what a class of a quarter costs


def measure(quick: bool) -> Iterator[Figure]:
    """large_class_work, large_class_journal, large_class_report."""
    size = 24 if quick else 1000
    quarter = size // 4
    with tempfile.TemporaryDirectory() as folder:
        course = mixed_class(Path(folder), SCALE_LESSON, size)
        moments, reports, journals = [time.perf_counter()], [], []
        paused = 0.0

        def progress(done: int, total: int) -> None:
            nonlocal paused
            if done in (quarter, size):
                took = seconds(lambda: write_report(course, journal_of(course), [SCALE_LESSON]))
                reports.append(took / done)
                journals.append(sum(file.stat().st_size for file in course.journal.rglob("*") if file.is_file()) / done)
                paused += took
            moments.append(time.perf_counter() - paused)

        grade_class(course, [SCALE_LESSON], settings(course), jobs=2, progress=progress)
    # The first one waits for the start, and the report of a quarter is written while the others are graded.
    spans = [(moments[last] - moments[first]) / quarter for first, last in ((8, quarter + 8), (-1 - quarter, -1))]
    what = f"{size} submissions to lesson {SCALE_LESSON[:2]}, right, wrong and missing answers at random"
    yield growth("large_class_work", spans, "s", f", the last quarter against the first; {what}")
    yield growth("large_class_journal", journals, "bytes")
    yield growth("large_class_report", reports, "s")


def growth(name: str, each: list[float], unit: str, note: str = "") -> Figure:
    """What one submission costs in the whole class, in times of what it costs in a quarter of it."""
    figure = at_most(name, each, BOUND, "×", f"{unit} a submission{note}", value=each[1] / each[0])
    figure.samples = {f"{unit} a submission, a quarter and all": each}
    return figure


def mixed_class(root: Path, lesson: str, size: int) -> Course:
    """A course folder with ``size`` submissions: to each exercise any answer of the corpus, a solution, or none."""
    course, draw = part_of_it(root, lesson), Random(SEED)
    choices: dict[str, list[str | None]] = {name: [source, None] for name, source in solutions(lesson).items()}
    for answer in all_answers():
        if answer.lesson == lesson:
            choices[answer.exercise].append(answer.code)
    for number in range(size):
        drawn = {name: draw.choice(sources) for name, sources in choices.items()}
        answers = {name: source for name, source in drawn.items() if source is not None}
        hand_in(course, lesson, number, answers)
    return course
