"""``autograder demo``: a class of twelve, made from the answers of a course, graded and reported."""

import codecs
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from rich.console import Console
from rich.table import Table

from autograder.classrun import grade_class
from autograder.corpus import Answer, Corpus, answered
from autograder.course import Course
from autograder.grading.cores import usable_cores
from autograder.grading.settings import Settings
from autograder.grading.submissions import journal_of
from autograder.sandbox import is_warm, protections

if TYPE_CHECKING:
    from autograder.views.grades import Grade

# What a cell that loops for ever makes everybody wait. The others need less than a second, but in a kernel that is not
# warm the first one makes the course's imports.
CELL_SECONDS, COLD_CELL_SECONDS = 3.0, 30.0
CLASS = 12
Answers = dict[str, str]  # exercise -> source

NOISE = (
    "import sys, warnings\nprint('a note to myself', file=sys.stderr)\nwarnings.warn('something may change one day')\n"
)


def make_class(course: Course, lessons: Sequence[str], demo: Course) -> None:
    """Write the settings, the released lessons with their checks, and submissions into the folder of ``demo``."""
    shutil.rmtree(demo.root, ignore_errors=True)
    demo.root.mkdir(parents=True)
    shutil.copy(course.root / "nbgrader_config.py", demo.root)
    for folder in course.settings.readable:
        place = demo.root / folder
        place.parent.mkdir(parents=True, exist_ok=True)
        os.symlink(os.path.relpath(course.root / folder, place.parent), place)
    corpus = Corpus(course)
    for lesson in lessons:
        shutil.copytree(course.lessons_dir / lesson, demo.lessons_dir / lesson)
        for file in course.check_files(lesson, hidden=True):
            if file.hidden:
                demo.hidden_dir.mkdir(exist_ok=True)
                shutil.copy(file.path, demo.hidden_dir)
        for student, answers in class_answers(corpus, lesson).items():
            target = demo.submitted / student / lesson / f"{lesson}.ipynb"
            target.parent.mkdir(parents=True)
            text = nbformat.writes(answered(demo.released(lesson), answers))
            target.write_text(text + "\n", encoding="utf-8")
            if damage := _DAMAGE.get(student):
                damage(target)


def class_answers(corpus: Corpus, lesson: str) -> dict[str, Answers]:
    """{student: answers} of the demo class in ``lesson``."""
    solved, answers = corpus.solutions(lesson), [answer for answer in corpus.answers() if answer.lesson == lesson]
    right, wrong = ([answer for answer in answers if answer.right is kind] for kind in (True, False))
    coded = [name for name in solved if name in corpus.course.exercises(lesson)]
    first = coded[0]
    return {
        "all-right": solved,
        "another-way": solved | _pick(right, 0),
        "half-done": {name: solved[name] for name in coded[: len(coded) // 2]},
        "untouched": {},
        "mistakes-1": solved | _pick(wrong, 0),
        "mistakes-2": solved | _pick(wrong, 1),
        "mistakes-3": solved | {name: code for name, code in _pick(wrong, 2).items() if name in coded[::2]},
        "noisy": {name: (NOISE + source if name in coded else source) for name, source in solved.items()},
        "loops-for-ever": solved | {first: solved[first] + "\nwhile True:\n    pass\n"},
        "calls-os-exit": solved | {first: solved[first] + "\nimport os\nos._exit(0)\n"},
        "truncated-file": solved,
        "renamed-file": solved,
    }


def _pick(answers: Sequence[Answer], index: int) -> Answers:
    """The ``index``-th of the answers to each exercise."""
    found: dict[str, list[str]] = {}
    for answer in answers:
        found.setdefault(answer.exercise, []).append(answer.code)
    return {exercise: codes[min(index, len(codes) - 1)] for exercise, codes in found.items()}


def _truncate(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])


def _rename(file: Path) -> None:
    """As a browser renames a second download, and with the mark that some editors put in front."""
    data = file.read_bytes()
    file.unlink()
    file.with_name(f"{file.stem} (1).ipynb").write_bytes(codecs.BOM_UTF8 + data)


_DAMAGE: dict[str, Callable[[Path], None]] = {"truncated-file": _truncate, "renamed-file": _rename}


def print_table(grades: list["Grade"], lessons: Sequence[str], console: Console) -> None:
    """Points of each student in each lesson, and what their rows say."""
    table = Table(title="The demo class")
    table.add_column("student")
    for lesson in lessons:
        table.add_column(_short(lesson), justify="right")
    table.add_column("status of its exercises")
    for student in sorted({grade.student for grade in grades}):
        rows = [grade for grade in grades if grade.student == student]
        scores = [sum(row.score or 0 for row in rows if row.lesson == lesson) for lesson in lessons]
        words = sorted({row.status for row in rows})
        table.add_row(student, *(f"{score:g}" for score in scores), ", ".join(words))
    console.print(table)


def _short(lesson: str) -> str:
    """The number that a lesson's name begins with, or its whole name."""
    number = lesson.partition("_")[0]
    return number if number.isdigit() else lesson


@contextmanager
def timed(console: Console, step: str) -> Iterator[None]:
    """Print what a step does, and how long it took."""
    start = time.monotonic()
    yield
    console.print(f"{step}: {time.monotonic() - start:.1f} s", soft_wrap=True)


def run_demo(course: Course, lessons: Sequence[str], settings: Settings) -> Course:
    """Make the class in build/demo/, grade it, print the table; returns the demo's course folder.

    ``settings`` are those of ``course``, whose server the demo's kernels share.
    """
    console = Console(highlight=False)
    demo = Course(course.root / "build" / "demo")
    off = protections()
    if off:  # the first sentence gives the reason, and says what to install
        console.print(f"Protection off: {off[0]}", soft_wrap=True)
    with timed(console, f"Created a class of {CLASS}, each of whom submits {len(lessons)} lessons"):
        make_class(course, lessons, demo)
    with timed(console, f"Graded {CLASS * len(lessons)} submissions" + ("" if off else ", each in the sandbox")):
        limits = replace(settings.limits, cell_seconds=CELL_SECONDS if is_warm() else COLD_CELL_SECONDS)
        settings = replace(settings, course=demo.root, limits=limits)
        run = grade_class(demo, lessons, settings, jobs=len(usable_cores()) or os.cpu_count() or 1)
    with timed(console, "Wrote the report"):
        from autograder.views.report import write_report  # only now: it takes a second to import

        grades = write_report(demo, journal_of(demo), lessons)
    print_table(grades, lessons, console)
    for line in run.attention:
        console.print(f"needs attention: {line}", soft_wrap=True)
    feedback = demo.feedback / "mistakes-1" / lessons[0] / f"{lessons[0]}.html"
    console.print(f"\nOpen this first, in a browser: {demo.root / 'report.html'}", soft_wrap=True)
    console.print(f"then a student's feedback:      {feedback}", soft_wrap=True)
    console.print(f"and in a spreadsheet:           {demo.root / 'grades.csv'}", soft_wrap=True)
    return demo
