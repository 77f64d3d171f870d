"""The texts of lessons: their solutions, and the cells that take up an answer to an earlier lesson.

Such a cell is a single line in the text, ``# From lesson 3: read``. The solution of that exercise takes its place in
what students open and in the solved notebook, folded: its reader has written it before.
"""

import re
from functools import lru_cache
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from autograder.course import Course, CourseError

GIVEN = "given"  # the tag of a cell that answers need
_FROM_LESSON = re.compile(r"# From lesson (\S+): (\S+)\s*")
_BLOCK = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
_MARKERS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)


def solutions(course: Course, lesson: str) -> dict[str, str]:
    """{exercise: solution, with its markers} of a lesson, written answers included, from its text."""
    return {
        name: cell.source
        for cell in read_text(course, lesson).cells
        if (name := cell.metadata.get("exercise") or cell.metadata.get("written"))
    }


def without_markers(source: str) -> str:
    """A solution as a student could have written it."""
    return _MARKERS.sub("", source).rstrip("\n")


def solution_blocks(source: str) -> str:
    """What stands between the markers of a solution, and would be taken out of what students get."""
    return "\n\n".join(block.strip() for block in _BLOCK.findall(source))


def take_up(course: Course, lesson: str, notebook: NotebookNode) -> None:
    """Write the solutions of earlier lessons into the cells of ``notebook`` that name one.

    Raises CourseError for a cell that names what no earlier lesson has.
    """
    for cell in notebook.cells:
        if cell.cell_type != "code" or not (found := _FROM_LESSON.fullmatch(cell.source)):
            continue
        earlier = course.lesson(found[1])
        code = solutions(course, earlier).get(found[2])
        if code is None or earlier >= lesson:
            where = "comes later" if earlier >= lesson else "has no such exercise"
            raise CourseError(f"{course.source_text(lesson)}: {cell.source.strip()!r}: lesson {earlier} {where}")
        cell.source = f"{cell.source.strip()}\n{without_markers(code)}"
        cell.metadata["tags"] = list(dict.fromkeys([*cell.metadata.get("tags", []), GIVEN]))
        cell.metadata["jupyter"] = {"source_hidden": True}


def read_text(course: Course, lesson: str) -> NotebookNode:
    """The text of a lesson as a notebook, as it stands. Raises CourseError where there is none."""
    file = course.source_text(lesson)
    if not file.is_file():
        raise CourseError(f"{file} does not exist")
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(file: Path, _mtime: int) -> NotebookNode:
    notebook: NotebookNode = jupytext.read(file, fmt="py:percent")
    return notebook
