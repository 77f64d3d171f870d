"""The corpus of answers: tests/answers/LESSON/EXERCISE/{right,wrong}_*.py, and what must stand before each.

The tests hold the checks against it, and the demo class and the benchmarks are made from it.

A file is what a student could write into the exercise's cell. A wrong one says in its first two lines
which check must fail and which words its message must contain:

    # fails: test_std_away_from_zero
    # says: variance

and in a third, where that matters, how many points it may cost, hidden checks included:

    # loses: 0.5
"""

from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode

from autograder.course import Course
from autograder.grading.lesson import grade_id, is_answer

ROOT = Path(__file__).resolve().parents[1]
ANSWERS = ROOT / "tests" / "answers"
COURSE = Course(ROOT)


@dataclass(frozen=True)
class Answer:
    """One answer of the corpus; ``fails`` and ``says`` are empty for a right one, ``loses`` is None where open."""

    path: Path
    lesson: str
    exercise: str
    code: str
    fails: str
    says: str
    loses: float | None = None

    @property
    def right(self) -> bool:
        """True when it must get full marks."""
        return self.path.name.startswith("right_")

    @property
    def name(self) -> str:
        """A short name for reports: lesson number, exercise and file."""
        return f"{self.lesson[:2]}-{self.exercise}-{self.path.stem}"


def all_answers() -> list[Answer]:
    """Every answer there is, in a fixed order. Raises ValueError for a file that does not say what it is."""
    return [_read(path) for path in sorted(ANSWERS.glob("*/*/*.py"))]


def _read(path: Path) -> Answer:
    code = path.read_text(encoding="utf-8")
    said = {}
    for line in code.splitlines()[:3]:
        for key in ("fails", "says", "loses"):
            if line.startswith(f"# {key}: "):
                said[key] = line.removeprefix(f"# {key}: ").strip()
    wrong = path.name.startswith("wrong_")
    if not (wrong or path.name.startswith("right_")) or wrong != ({"fails", "says"} <= set(said)):
        raise ValueError(f"{path}: name it right_*.py, or wrong_*.py with the lines '# fails: …' and '# says: …'")
    return Answer(
        path,
        path.parent.parent.name,
        path.parent.name,
        code,
        said.get("fails", ""),
        said.get("says", ""),
        float(said["loses"]) if "loses" in said else None,
    )


def answered(released: NotebookNode, answers: dict[str, str]) -> NotebookNode:
    """A copy of a released notebook with ``answers`` (exercise -> source) written into its cells."""
    notebook = deepcopy(released)
    for cell in notebook.cells:
        if is_answer(cell) and grade_id(cell) in answers:
            cell.source = answers[grade_id(cell)]
    return notebook


def solutions(lesson: str) -> dict[str, str]:
    """{exercise: solution} of a lesson, written answers included, from its text."""
    return {
        name: cell.source
        for cell in _source(lesson).cells
        if (name := cell.metadata.get("exercise") or cell.metadata.get("written"))
    }


@lru_cache
def cells_before(lesson: str, exercise: str) -> tuple[str, ...]:
    """What an answer to ``exercise`` builds on: the set-up cell, the cells tagged ``given`` and the solutions
    of the exercises before it, from the text of the lesson."""
    before, first = [], True
    for cell in _source(lesson).cells:
        if cell.cell_type != "code":
            continue
        if cell.metadata.get("exercise") == exercise:
            return tuple(before)
        if first or "exercise" in cell.metadata or "given" in cell.metadata.get("tags", []):
            before.append(cell.source)
        first = False
    raise ValueError(f"lesson {lesson} has no exercise {exercise!r}")


def names_before(lesson: str, exercise: str) -> dict[str, Any]:
    """The names of a notebook in which `cells_before` have run, here and now: what an answer is run over."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for source in cells_before(lesson, exercise):
        exec(compile(source, f"<{lesson}>", "exec"), names)
    return names


@lru_cache
def _source(lesson: str) -> NotebookNode:
    return jupytext.read(COURSE.source_text(lesson), fmt="py:percent")
