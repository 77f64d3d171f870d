"""The corpus of answers of a course: answers/LESSON/EXERCISE/{right,wrong}_*.py, and what must stand before each.

`autograder test` holds the checks against it, and a demo class is made from it.

A file is what a student could write into the exercise's cell. A wrong one says in its first two lines
which check must fail and which words its message must contain:

    # fails: test_std_away_from_zero
    # says: variance

and in a third, where that matters, how many points it may cost, hidden checks included:

    # loses: 0.5
"""

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.course import Course, CourseError
from autograder.grading.lesson import grade_id, is_answer
from autograder.sources import GIVEN, read_text, solutions, take_up


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
        """A short name for reports: lesson, exercise and file."""
        return f"{self.lesson}-{self.exercise}-{self.path.stem}"


@dataclass(frozen=True)
class Corpus:
    """The answers and the solutions of a course."""

    course: Course

    def answers(self) -> list[Answer]:
        """Every answer there is, in a fixed order. Raises CourseError for a file that does not say what it is."""
        return [_read(path) for path in sorted(self.course.answers_dir.glob("*/*/*.py"))]

    def solutions(self, lesson: str) -> dict[str, str]:
        """{exercise: solution} of a lesson, written answers included, from its text."""
        return solutions(self.course, lesson)

    def cells_before(self, lesson: str, exercise: str) -> tuple[str, ...]:
        """What an answer to ``exercise`` builds on: the set-up cell, the cells tagged ``given`` and the solutions
        of the exercises before it, from the text of the lesson."""
        before: list[str] = []
        notebook = deepcopy(read_text(self.course, lesson))
        take_up(self.course, lesson, notebook)
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            if cell.metadata.get("exercise") == exercise:
                return tuple(before)
            if not before or "exercise" in cell.metadata or GIVEN in cell.metadata.get("tags", []):
                before.append(cell.source)
        raise CourseError(f"{self.course.source_text(lesson)} has no exercise {exercise!r}")

    def names_before(self, lesson: str, exercise: str) -> dict[str, Any]:
        """The names of a notebook in which `cells_before` have run, here and now: what an answer is run over."""
        names: dict[str, Any] = {"__name__": "__main__"}
        for source in self.cells_before(lesson, exercise):
            exec(compile(source, f"<{lesson}>", "exec"), names)
        return names


def answered(released: NotebookNode, answers: dict[str, str]) -> NotebookNode:
    """A copy of a released notebook with ``answers`` (exercise -> source) written into its cells."""
    notebook = deepcopy(released)
    for cell in notebook.cells:
        if is_answer(cell) and grade_id(cell) in answers:
            cell.source = answers[grade_id(cell)]
    return notebook


def _read(path: Path) -> Answer:
    code = path.read_text(encoding="utf-8")
    said = {}
    for line in code.splitlines()[:3]:
        for key in ("fails", "says", "loses"):
            if line.startswith(f"# {key}: "):
                said[key] = line.removeprefix(f"# {key}: ").strip()
    wrong = path.name.startswith("wrong_")
    if not (wrong or path.name.startswith("right_")) or wrong != ({"fails", "says"} <= set(said)):
        raise CourseError(f"{path}: name it right_*.py, or wrong_*.py with the lines '# fails: …' and '# says: …'")
    return Answer(
        path,
        path.parent.parent.name,
        path.parent.name,
        code,
        said.get("fails", ""),
        said.get("says", ""),
        float(said["loses"]) if "loses" in said else None,
    )
