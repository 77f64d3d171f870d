"""The written answers of a class to one exercise, equal ones together."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.course import Course, CourseError
from autograder.grading.journal import Journal
from autograder.grading.lesson import ABOVE, grade_id, is_answer, list_exercises


@dataclass(frozen=True)
class Written:
    """A written exercise of a lesson."""

    lesson: str
    notebook: str
    exercise: str
    points: float


@dataclass(frozen=True)
class Group:
    """An answer, and everybody who gave it. ``untouched``: what the lesson holds, or nothing."""

    text: str
    students: tuple[str, ...]
    untouched: bool = False


def find_written(course: Course, exercise: str, lesson: str | None = None) -> Written:
    """The written exercise of this name. Raises CourseError where there is none, or where two lessons have one."""
    found = [
        Written(name, notebook, one.name, one.points)
        for name in ([course.lesson(lesson)] if lesson else course.lessons())
        for notebook in course.notebooks(name)
        for one in list_exercises(course.released(name, notebook))
        if one.written and (one.name == exercise or one.cell == exercise)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise CourseError(f"{exercise!r} is in {', '.join(one.lesson for one in found)}: say which, lesson=…")
    raise CourseError(f"{course.root} has no written exercise {exercise!r}")


def groups_of(course: Course, journal: Journal, written: Written) -> list[Group]:
    """The answers of everybody graded, equal ones together, the largest groups first; untouched ones last."""
    released = _answer(course.released(written.lesson, written.notebook), written.exercise)
    students: dict[str, list[str]] = defaultdict(list)
    texts: dict[str, str] = {}
    for student in journal.students(written.lesson):
        entry = journal.read(written.lesson, student)
        notebook = entry.graded().get(written.notebook) if entry else None
        if notebook is None:
            continue
        text = _answer(notebook, written.exercise)
        students[_same(text)].append(student)
        texts.setdefault(_same(text), text)
    empty = {_same(released), ""}
    groups = [Group(texts[key], tuple(sorted(who)), key in empty) for key, who in students.items()]
    return sorted(groups, key=lambda group: (group.untouched, -len(group.students), group.text))


def _answer(notebook: NotebookNode, exercise: str) -> str:
    for cell in notebook.cells:
        if is_answer(cell) and grade_id(cell) == exercise:
            return str(cell.source).removeprefix(ABOVE).strip()
    return ""


def _same(text: str) -> str:
    """What two equal answers have in common: their words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
