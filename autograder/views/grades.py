"""grades.csv: a row for each student, lesson and exercise."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.course import Course
from autograder.grading.gradebook import GradebookWriter
from autograder.grading.journal import Journal, write_atomically
from autograder.grading.lesson import Exercise, grade_id, is_answer, list_exercises
from autograder.grading.result import NEEDS_GRADING, UNREADABLE, Result
from autograder.text import shown

_FORMULA = ("=", "+", "-", "@")  # also after spaces, which some programs trim
_SPACES = str.maketrans("\n\t\r", "   ")


@dataclass(frozen=True)
class Grade:
    """One row of grades.csv. ``score`` is None until a person gave one."""

    student: str
    lesson: str
    exercise: str
    score: float | None
    max_score: float
    status: str
    message: str


def list_grades(course: Course, journal: Journal, lessons: Sequence[str]) -> list[Grade]:
    """The grades of everybody who handed something in: scores from the gradebook, where a person may have changed
    them, words from the verdicts."""
    writer = GradebookWriter(course)
    grades = []
    for lesson in lessons:
        exercises = {name: list_exercises(course.released(lesson, name)) for name in course.notebooks(lesson)}
        labels = exercise_labels(exercises)
        scores = writer.scores(lesson)
        for student in journal.students(lesson):
            entry = journal.read(lesson, student)
            if entry is None or student not in scores:
                continue
            graded = entry.graded()
            for name, listed in exercises.items():
                notebook = graded.get(name)
                result = Result.read_from(notebook) if notebook is not None else None
                untouched = untouched_written(notebook, listed) if notebook is not None else set()
                for exercise in listed:
                    score = scores[student].get((name, exercise.name))
                    unreadable = entry.unreadable.get(name, "")
                    status, message = _words(exercise, result, score, exercise.name in untouched, unreadable)
                    label = labels[name, exercise.name]
                    grades.append(Grade(student, lesson, label, score, exercise.points, status, message))
    return sorted(grades, key=lambda grade: (grade.student, grade.lesson))


def exercise_labels(exercises: Mapping[str, Sequence[Exercise]]) -> dict[tuple[str, str], str]:
    """What the exercises of a lesson are called, by notebook and name: two notebooks may use the same name, and then it
    has its notebook's in front."""
    count = Counter(exercise.name for listed in exercises.values() for exercise in listed)
    return {
        (notebook, exercise.name): exercise.name if count[exercise.name] == 1 else f"{notebook}/{exercise.name}"
        for notebook, listed in exercises.items()
        for exercise in listed
    }


def write_grades(path: Path, grades: Sequence[Grade]) -> None:
    """Write grades.csv, a row for each grade."""
    write_table(path, [field.name for field in fields(Grade)], map(astuple, grades))


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file, whole or not at all: each field quoted, control characters taken out, formulas defused."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    table.writerow(header)
    table.writerows([cell_text(value) for value in row] for row in rows)
    write_atomically(path, text.getvalue().encode("utf-8", "replace"))


def cell_text(value: object) -> str:
    """A value as a spreadsheet may safely read it: text that would be taken for a formula gets a quote in front."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    text = shown(str(value).translate(_SPACES), longest=32_000)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def mark_in_words(score: float, worth: float) -> str:
    """What a person's mark is called: ``passed``, ``partial`` or ``failed``."""
    if score >= worth:
        return "passed"
    return "partial" if score > 0 else "failed"


def _words(
    exercise: Exercise, result: Result | None, score: float | None, untouched: bool, unreadable: str
) -> tuple[str, str]:
    if result is None:
        return UNREADABLE, unreadable
    if not exercise.written:
        return result.status(exercise.name), result.message(exercise.name)
    if untouched and not score:
        return "not attempted", "Nothing was written."
    if score is None:
        return NEEDS_GRADING, ""
    return mark_in_words(score, exercise.points), ""


def untouched_written(notebook: NotebookNode, exercises: Sequence[Exercise]) -> set[str]:
    """Written exercises that still hold the released words, told by nbgrader's checksum."""
    names = {exercise.name for exercise in exercises if exercise.written}
    return {
        grade_id(cell)
        for cell in notebook.cells
        if is_answer(cell)
        and grade_id(cell) in names
        and cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
    }
