"""What the grader knows of a released lesson: its exercises, in order, and the cells they stand in."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.course import Course, read_notebook

ABOVE = "**Your answer:**"  # what a lesson writes above a written answer, and the feedback page too
SKIP_TAG = "skip-grading"


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lesson: a code exercise with a check or test cell, or one marked by hand (``written``).

    ``cell`` is nbgrader's name of the cell that has its points.
    """

    name: str
    points: float
    written: bool
    cell: str


def grade_id(cell: NotebookNode) -> str:
    """nbgrader's name of a cell, empty where it has none."""
    return str(_marks(cell).get("grade_id", ""))


def is_check(cell: NotebookNode) -> bool:
    """True for the check cell under an exercise."""
    marks = _marks(cell)
    return cell.cell_type == "code" and bool(marks.get("grade")) and not marks.get("solution")


def is_answer(cell: NotebookNode) -> bool:
    """True for a cell that a student fills in."""
    return bool(_marks(cell).get("solution"))


def is_skipped(cell: NotebookNode) -> bool:
    """True for a demonstration that grading passes over."""
    return SKIP_TAG in cell.metadata.get("tags", [])


def exercise_of(check_cell: NotebookNode) -> str:
    """The exercise that a check cell belongs to: ``check-std`` belongs to ``std``."""
    return grade_id(check_cell).removeprefix("check-")


def tested_exercises(notebook: NotebookNode) -> set[str]:
    """The exercises that have a check or test cell."""
    return {exercise_of(cell) for cell in notebook.cells if is_check(cell)}


def has_own_tests(course: Course, lesson: str) -> bool:
    """Whether some of its exercises are judged by test cells in the notebook, for want of checks in a file."""
    checked = course.exercises(lesson, hidden=True).keys()
    files = [course.released_notebook(lesson, name) for name in course.notebooks(lesson)]
    return any(not _tested_in(file, file.stat().st_mtime_ns) <= checked for file in files if file.is_file())


@lru_cache(maxsize=64)
def _tested_in(file: Path, _mtime: int) -> frozenset[str]:
    return frozenset(tested_exercises(read_notebook(file, mend="release it again")))


def list_exercises(notebook: NotebookNode) -> list[Exercise]:
    """The exercises of a released notebook, in order."""
    found = []
    for cell in notebook.cells:
        marks = _marks(cell)
        if not (marks.get("grade") or marks.get("task")):
            continue
        written = bool(marks.get("solution") or marks.get("task") or cell.cell_type != "code")
        name = grade_id(cell) if written else exercise_of(cell)
        found.append(Exercise(name, float(marks.get("points", 0)), written, grade_id(cell)))
    return found


def _marks(cell: NotebookNode) -> dict[str, Any]:
    return cell.metadata.get("nbgrader") or {}
