"""``make demo``: a class of twelve, made from the corpus of answers, graded on the data that comes with the project."""

import codecs
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from rich.console import Console
from rich.table import Table

from autograder.corpus import COURSE, all_answers, answered, solutions
from autograder.course import Course
from autograder.grading.classrun import grade_class
from autograder.grading.cores import usable_cores
from autograder.grading.submissions import journal_of
from autograder.grading.worker import Settings
from autograder.sandbox import Limits, protections
from autograder.views.grades import Grade
from autograder.views.report import write_report

LESSONS = ("02_reparameterization", "03_mnist_pipeline")
CELL_SECONDS = 5  # what a cell that loops for ever makes everybody wait; the others need less than one
Answers = dict[str, str]  # exercise -> source

NOISE = (
    "import sys, warnings\nprint('a note to myself', file=sys.stderr)\nwarnings.warn('something may change one day')\n"
)


def make_class(course: Course) -> None:
    """Write lessons/, submitted/ and a link to the data into an empty course folder."""
    shutil.rmtree(course.root, ignore_errors=True)
    course.root.mkdir(parents=True)
    os.symlink(os.path.relpath(COURSE.data, course.root), course.data)
    for lesson in LESSONS:
        shutil.copytree(COURSE.lessons_dir / lesson, course.lessons_dir / lesson)
        for student, answers in class_answers(lesson).items():
            file = course.submitted / student / lesson / f"{lesson}.ipynb"
            file.parent.mkdir(parents=True)
            text = nbformat.writes(answered(course.released(lesson), answers))
            file.write_text(text + "\n", encoding="utf-8")
            _DAMAGE.get(student, lambda file: None)(file)


def class_answers(lesson: str) -> dict[str, Answers]:
    """What each student of the demo class answered in ``lesson``."""
    solved = solutions(lesson)
    coded = [name for name in solved if not name.startswith("written-")]
    first = coded[0]
    return {
        "all-right": solved,
        "another-way": solved | _pick(lesson, "right_", 0),
        "half-done": {name: solved[name] for name in coded[: len(coded) // 2]},
        "untouched": {},
        "mistakes-1": solved | _pick(lesson, "wrong_", 0),
        "mistakes-2": solved | _pick(lesson, "wrong_", 1),
        "mistakes-3": solved | {name: _pick(lesson, "wrong_", 2)[name] for name in coded[::2]},
        "noisy": {name: (NOISE + source if name in coded else source) for name, source in solved.items()},
        "loops-for-ever": solved | {first: solved[first] + "\nwhile True:\n    pass\n"},
        "calls-os-exit": solved | {first: solved[first] + "\nimport os\nos._exit(0)\n"},
        "truncated-file": solved,
        "renamed-file": solved,
    }


def _pick(lesson: str, kind: str, index: int) -> Answers:
    """The ``index``-th right or wrong answer of each exercise."""
    found: dict[str, list[str]] = {}
    for answer in all_answers():
        if answer.lesson == lesson and answer.path.name.startswith(kind):
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


def print_table(grades: list[Grade], console: Console) -> None:
    """Points of each student in each lesson, and what their rows say."""
    table = Table(title="The demo class")
    table.add_column("student")
    for lesson in LESSONS:
        table.add_column(lesson[:2], justify="right")
    table.add_column("status of its exercises")
    for student in sorted({grade.student for grade in grades}):
        rows = [grade for grade in grades if grade.student == student]
        scores = [sum(row.score or 0 for row in rows if row.lesson == lesson) for lesson in LESSONS]
        words = sorted({row.status for row in rows})
        table.add_row(student, *(f"{score:g}" for score in scores), ", ".join(words))
    console.print(table)


@contextmanager
def timed(console: Console, step: str) -> Iterator[None]:
    """Print what a step does, and how long it took."""
    start = time.monotonic()
    yield
    console.print(f"{step}: {time.monotonic() - start:.1f} s", soft_wrap=True)


def main() -> int:
    """Make the class, grade it, print the table; 0 when every submission was dealt with as it should be."""
    console = Console(highlight=False)
    course = Course(COURSE.root / "build" / "demo")
    off = protections()
    if off:  # the first sentence gives the reason, and says what to install
        console.print(f"Protection off: {off[0]}", soft_wrap=True)
    with timed(console, "Made a class of 12, each of whom hands in two lessons"):
        make_class(course)
    with timed(console, "Graded 24 submissions" + ("" if off else ", each in the sandbox")):
        settings = Settings(course.root, Limits(cell_seconds=CELL_SECONDS))
        run = grade_class(course, LESSONS, settings, jobs=len(usable_cores()) or os.cpu_count() or 1)
    with timed(console, "Wrote the report"):
        grades = write_report(course, journal_of(course), LESSONS)
    print_table(grades, console)
    for line in run.attention:
        console.print(f"needs a person: {line}", soft_wrap=True)
    console.print(f"\nOpen this first, in a browser: {course.root / 'report.html'}", soft_wrap=True)
    console.print(f"then a student's feedback:      {_feedback_of('mistakes-1', course)}", soft_wrap=True)
    console.print(f"and in a spreadsheet:           {course.root / 'grades.csv'}", soft_wrap=True)
    return 0


def _feedback_of(student: str, course: Course) -> Path:
    return course.feedback / student / LESSONS[0] / f"{LESSONS[0]}.html"


if __name__ == "__main__":
    sys.exit(main())
