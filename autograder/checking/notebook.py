"""What a notebook calls: ``check``."""

import difflib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.checking.catalogue import CheckFile
from autograder.checking.helpers import load_helpers
from autograder.checking.lookup import BY_HAND, Checked, beside_the_notebook, installed, is_written, notebook_folders
from autograder.checking.names import misspelled
from autograder.checking.progress import LessonProgress
from autograder.checking.randomness import random_state_kept
from autograder.checking.runner import run_checks
from autograder.checking.show import CheckResult, ChecksFailed
from autograder.checking.student import LocalStudent
from autograder.checking.verdict import Verdict


def check(exercise: str = "", lesson: str | None = None) -> CheckResult | LessonProgress:
    """Run the public checks of ``exercise`` on the answer in the notebook (or module) that calls this.

    Without a name, run those of the whole lesson: a line for each exercise, the points so far, and what is next. In a
    notebook these lines follow each later check, so that a cell at the bottom always says how far you are.

    The checks are those in ``checks.py`` beside the notebook, or those of an installed course. ``lesson`` need only be
    given where two lessons of installed courses have an exercise of that name, and neither the names of the notebook
    and its folder nor the checks it ran before say which is meant. The result shows itself as the last line of a cell;
    ``print`` shows it as text.

    Under nbgrader's Validate, raises ChecksFailed unless all checks hold.
    """
    if not exercise:
        return _so_far(lesson, sys._getframe(1).f_globals)
    result = _check(exercise, lesson, sys._getframe(1).f_globals)
    if os.environ.get("NBGRADER_EXECUTION") == "validate" and not result.holds:
        raise ChecksFailed(result)
    return result


def _check(exercise: str, lesson: str | None, namespace: dict[str, Any]) -> CheckResult:
    beside = beside_the_notebook(namespace)
    if beside is not None and exercise in beside.exercises() and lesson in (None, beside.name):
        return _checked(beside, exercise, namespace)
    known = installed()
    candidates = [one for one in known if exercise in one.exercises()]
    if lesson is not None:
        name = full_name(lesson, [one.name for one in known])
        candidates = [one for one in candidates if one.name == name]
    if not candidates:
        return CheckResult(exercise, [], _unknown(exercise, [beside] if beside else known, namespace))
    chosen = candidates[0] if len(candidates) == 1 else _open_lesson(candidates, namespace)
    if chosen is None:
        names = " or ".join(repr(one.name) for one in candidates)
        return CheckResult(
            exercise, [], f"more than one lesson has an exercise of this name; say which: lesson={names}."
        )
    return _checked(chosen, exercise, namespace)


def _checked(chosen: Checked, exercise: str, namespace: dict[str, Any]) -> CheckResult:
    verdicts = mark(chosen.files, exercise, namespace)
    LessonProgress.follow(chosen.name, exercise, verdicts)
    return CheckResult(exercise, verdicts)


def _so_far(lesson: str | None, namespace: dict[str, Any]) -> LessonProgress:
    """Every exercise of the lesson that is open, or that ``lesson`` names."""
    beside = beside_the_notebook(namespace)
    if beside is not None and lesson in (None, beside.name):
        chosen: Checked | None = beside
    else:
        known = installed()
        if lesson is not None:
            name = full_name(lesson, [one.name for one in known])
            known = [one for one in known if one.name == name]
        chosen = known[0] if len(known) == 1 else _open_lesson(known, namespace) if known else None
    if chosen is None:
        return LessonProgress("", {}, 'no lesson was found here; say which: check(lesson="02").')
    return LessonProgress(chosen.name, {name: mark(chosen.files, name, namespace) for name in chosen.exercises()})


def mark(files: Sequence[CheckFile], exercise: str, namespace: dict[str, Any]) -> list[Verdict]:
    """The verdicts of ``files`` on the answer that stands in ``namespace``."""

    def source_of(name: str) -> str:
        """The last cell that was run to define ``name``, or one nearly of this name: IPython keeps it even where it is
        no Python."""
        defines = re.compile(rf"\b(?:def|class)\W+{re.escape(name)}\b|^{re.escape(name)}\W*=", re.M)
        cells = [str(cell) for cell in reversed(namespace.get("In", ()))]
        found = next((cell for cell in cells if defines.search(cell)), "")
        return found or next((cell for cell in cells if misspelled(name, cell)), "")

    with random_state_kept():
        return run_checks(files, exercise, LocalStudent(namespace, load_helpers(files)), source_of)


def full_name(lesson: str, names: list[str]) -> str:
    """The name among ``names`` that is meant by itself, by its number ("2", "02") or by how it begins."""
    text = str(lesson)
    matches = [name for name in names if name == text] or [name for name in names if name.startswith(text.zfill(2))]
    if len(matches) != 1:
        raise ValueError(f"there is no lesson {lesson!r}; there are {', '.join(names) or 'none'}")
    return matches[0]


def _open_lesson(candidates: list[Checked], namespace: dict[str, Any]) -> Checked | None:
    """The lesson whose notebook is open, by the file's name, the folder it runs in, or else by what it has run."""
    session = os.environ.get("JPY_SESSION_NAME") or namespace.get("__vsc_ipynb_file__") or ""
    for place in (Path(str(session)).name, *(folder.name for folder in [Path.cwd(), *Path.cwd().parents])):
        for one in candidates:
            if place.startswith(one.name):
                return one
    checked = set(re.findall(r"""\bcheck\(\s*["']([\w-]+)""", "\n".join(map(str, namespace.get("In", ())))))
    counts = [len(checked.intersection(one.exercises())) for one in candidates]
    most = [one for one, count in zip(candidates, counts, strict=True) if count == max(counts)]
    return most[0] if len(most) == 1 else None


def _unknown(exercise: str, known: list[Checked], namespace: dict[str, Any]) -> str:
    if is_written(exercise, namespace):
        return BY_HAND
    names = sorted({name for one in known for name in one.exercises()})
    if not names:
        folders = " or ".join(str(folder) for folder in notebook_folders(namespace))
        return f"found no checks: there is no checks.py in {folders}, and no course is installed."
    near = difflib.get_close_matches(exercise, names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(names)}."
    return f"there is no exercise of this name.{hint}"
