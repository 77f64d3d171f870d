"""From the text of a lesson to the notebook that nbgrader reads: the two halves of a Jupytext pair.

The text says what a cell is in short forms, ``# %% exercise="std"``, ``# %% check="std"`` and
``# %% [markdown] written="written-leak" points=2``. Here they become nbgrader's metadata. Everything is
derived from the text and the checks, so that the same text always gives the same bytes.
"""

import hashlib
import re
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from autograder.checking.catalogue import shown_answers
from autograder.course import Course, CourseError

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
# Tells Jupytext what the text holds: without it, `jupytext --sync` drops all metadata that the text lacks.
PAIRING = {"cell_metadata_filter": "exercise,check,written,points,tags,-all"}
BEGIN_SOLUTION = "### BEGIN SOLUTION"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KINDS = ("exercise", "check", "written")
# The last two are Jupytext's own: how many blank lines it found, so that it can write the same text again.
_KEYS = {*_KINDS, "points", "tags", "lines_to_next_cell", "lines_to_end_of_cell_marker"}


def source_notebook(course: Course, lesson: str) -> NotebookNode:
    """The notebook that the text of ``lesson`` stands for, without outputs.

    Raises CourseError, with the file and the cell, for text that makes no sound lesson.
    """
    text = course.source_text(lesson)
    notebook: NotebookNode = jupytext.reads(text.read_text(encoding="utf-8"), fmt="py:percent")
    notebook.metadata = NotebookNode(kernelspec=KERNELSPEC, language_info=LANGUAGE, jupytext=PAIRING)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    points = _points(course, lesson)
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        try:
            _mark_cell(cell, points, seen)
        except ValueError as error:
            first = cell.source.strip().split("\n")[0]
            raise CourseError(f"{text}: the cell that begins {first!r}: {error}") from None
    _hold_together(notebook, text, points)
    return notebook


def to_bytes(notebook: NotebookNode) -> bytes:
    """The notebook as it is committed: sorted keys, one space of indent, a newline at the end."""
    return (str(nbformat.writes(notebook)).rstrip("\n") + "\n").encode()


def _points(course: Course, lesson: str) -> dict[str, float]:
    """What each exercise is worth: the sum over its public and hidden checks, whole where it can be."""
    if shown := shown_answers(course.check_files(lesson)):
        raise CourseError(f"{shown[0]}: students can read this file; move STAND_INS to the hidden checks")
    exercises = course.exercises(lesson, hidden=True)
    sums = {name: sum(check.points for check in checks) for name, checks in exercises.items()}
    for name, points in sums.items():
        if points <= 0:
            raise CourseError(
                f"the checks of {lesson}, exercise {name!r}, are worth nothing; "
                f'write @pytest.mark.exercise("{name}", points=1) above them'
            )
    return {name: int(points) if points == int(points) else points for name, points in sums.items()}


def _mark_cell(cell: NotebookNode, points: dict[str, float], seen: Counter[str]) -> None:
    """Give ``cell`` its id and nbgrader's metadata; ``seen`` counts ids and contents met so far."""
    meta = cell.metadata
    if unknown := sorted(set(meta) - _KEYS):
        raise ValueError(f"its header has {', '.join(unknown)}; use {', '.join(_KINDS)}, points or tags")
    kinds = [kind for kind in _KINDS if kind in meta]
    if len(kinds) > 1:
        raise ValueError(f"it can't be {' and '.join(kinds)} at once")
    kind = kinds[0] if kinds else None
    if kind and not _NAME.fullmatch(str(meta[kind])):
        raise ValueError(f"{meta[kind]!r} can't be a name; use small letters, digits and single hyphens")
    if "points" in meta and kind != "written":
        raise ValueError("points belong to its checks (or, for a written answer, to its header)")
    if (cell.cell_type == "markdown") != (kind == "written") and kind:
        raise ValueError("a written answer is a [markdown] cell, an exercise and its check are code")
    if BEGIN_SOLUTION in cell.source and kind not in ("exercise", "written"):
        raise ValueError('it holds a solution; write exercise="name" in its header, or students will see it')

    if kind == "exercise":
        cell.id = meta["exercise"]
        if BEGIN_SOLUTION not in cell.source:
            raise ValueError(f"no {BEGIN_SOLUTION} in it, so there is nothing for a student to do")
        _nbgrader(meta, cell.id, solution=True)
    elif kind == "check":
        name = meta["check"]
        cell.id = f"check-{name}"
        if name not in points:
            raise ValueError(f'no check has the mark pytest.mark.exercise("{name}", …)')
        if f'check("{name}")' not in cell.source:
            raise ValueError(f'its code must be check("{name}")')
        _nbgrader(meta, cell.id, grade=True, locked=True, points=points[name])
    elif kind == "written":
        cell.id = meta["written"]
        if "points" not in meta:
            raise ValueError("a written answer states its points in its header: points=2")
        _nbgrader(meta, cell.id, grade=True, solution=True, points=meta["points"])
    else:
        cell.id = _content_id(cell, seen)
        if cell.cell_type == "code":
            _nbgrader(meta, f"given-{cell.id}", locked=True)
    seen[cell.id] += 1
    if seen[cell.id] > 1:
        raise ValueError(f"{cell.id!r} is already the name of another cell")


def _content_id(cell: NotebookNode, seen: Counter[str]) -> str:
    """An id that stays as long as the cell's own text does; equal cells are told apart by their order."""
    content = f"{cell.cell_type}\n{cell.source}"
    seen[content] += 1
    return hashlib.sha256(f"{content}\n{seen[content]}".encode()).hexdigest()[:8]


def _nbgrader(
    meta: NotebookNode,
    grade_id: str,
    *,
    grade: bool = False,
    solution: bool = False,
    locked: bool = False,
    points: float | None = None,
) -> None:
    meta["nbgrader"] = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        meta["nbgrader"]["points"] = points


def _hold_together(notebook: NotebookNode, text: Path, points: dict[str, float]) -> None:
    """Every exercise has its check cell right after it, and every exercise with checks is in the text."""
    waiting = None
    met = set()
    for cell in notebook.cells:
        name = cell.metadata.get("check")
        if name is not None and name != waiting:
            raise CourseError(f'{text}: check("{name}") must come after exercise="{name}" and before another')
        if name is not None:
            met.add(name)
            waiting = None
        if "exercise" in cell.metadata:
            if waiting is not None:
                break
            waiting = cell.metadata["exercise"]
    if waiting is not None:
        raise CourseError(f'{text}: exercise "{waiting}" has no cell `# %% check="{waiting}"` under it')
    if missing := sorted(set(points) - met):
        raise CourseError(f"{text} has no exercise {', '.join(missing)}, though there are checks for it")
