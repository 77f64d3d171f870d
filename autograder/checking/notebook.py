"""What a notebook and other people's programs call: ``check`` and ``verdicts``."""

import difflib
import os
import re
import sys
from pathlib import Path
from typing import Any

from autograder.checking.catalogue import check_files, checked_lessons, exercises
from autograder.checking.names import misspelled
from autograder.checking.runner import run_checks
from autograder.checking.show import CheckResult, ChecksFailed
from autograder.checking.student import LocalStudent
from autograder.checking.verdict import Verdict


def check(exercise: str, lesson: str | None = None) -> CheckResult:
    """Run the public checks of ``exercise`` on the answer in the notebook (or module) that calls this.

    ``lesson`` need only be given where two lessons have an exercise of that name, and neither the names of the notebook
    and its folder nor the checks it ran before say which is meant. The result shows itself as the last line of a cell;
    ``print`` shows it as text.

    Under nbgrader's Validate, raises ChecksFailed unless all checks hold.
    """
    result = _check(exercise, lesson, sys._getframe(1).f_globals)
    if os.environ.get("NBGRADER_EXECUTION") == "validate" and not result.holds:
        raise ChecksFailed(result)
    return result


def _check(exercise: str, lesson: str | None, namespace: dict[str, Any]) -> CheckResult:
    candidates = [name for name in checked_lessons() if exercise in exercises(name)]
    if lesson is not None:
        candidates = [name for name in candidates if name == find_lesson(lesson)]
    if not candidates:
        return CheckResult(exercise, [], _unknown(exercise))
    chosen = candidates[0] if len(candidates) == 1 else _open_lesson(candidates, namespace)
    if chosen is None:
        numbers = " or ".join(repr(name) for name in candidates)
        return CheckResult(exercise, [], f"more than one lesson has it; say which: lesson={numbers}.")
    return CheckResult(exercise, _run(check_files(chosen), exercise, namespace))


def verdicts(lesson: str, exercise: str, namespace: dict[str, Any], hidden: bool = False) -> list[Verdict]:
    """Mark the answer that stands in ``namespace``, a dict of names.

    ``lesson`` is a name such as ``"02_reparameterization"`` (its number will do); with ``hidden`` the
    instructor's hidden checks run too. Raises ValueError for a lesson or exercise that does not exist.
    """
    name = find_lesson(lesson)
    if exercise not in exercises(name, hidden):
        raise ValueError(f"lesson {name} has no exercise {exercise!r}; it has {', '.join(exercises(name, hidden))}")
    return _run(check_files(name, hidden), exercise, namespace)


def _run(files: list[Path], exercise: str, namespace: dict[str, Any]) -> list[Verdict]:
    def source_of(name: str) -> str:
        """The last cell that was run to define ``name``, or one nearly of this name: IPython keeps it even where it is
        no Python."""
        defines = re.compile(rf"\b(?:def|class)\W+{re.escape(name)}\b|^{re.escape(name)}\W*=", re.M)
        cells = [str(cell) for cell in reversed(namespace.get("In", ()))]
        found = next((cell for cell in cells if defines.search(cell)), "")
        return found or next((cell for cell in cells if misspelled(name, cell)), "")

    return run_checks(files, exercise, LocalStudent(namespace), source_of)


def find_lesson(lesson: str) -> str:
    """The full name of a lesson, from itself, its number ("02") or the beginning of its name."""
    text = str(lesson)
    matches = [name for name in checked_lessons() if name == text] or [
        name for name in checked_lessons() if name.startswith(text.zfill(2))
    ]
    if len(matches) != 1:
        raise ValueError(f"there is no lesson {lesson!r}; there are {', '.join(checked_lessons())}")
    return matches[0]


def _open_lesson(candidates: list[str], namespace: dict[str, Any]) -> str | None:
    """The lesson whose notebook is open, by the file's name, the folder it runs in, or else by what it has run."""
    session = os.environ.get("JPY_SESSION_NAME") or namespace.get("__vsc_ipynb_file__") or ""
    for place in (Path(str(session)).name, *(folder.name for folder in [Path.cwd(), *Path.cwd().parents])):
        for name in candidates:
            if place.startswith(name):
                return name
    checked = set(re.findall(r"""\bcheck\(\s*["']([\w-]+)""", "\n".join(map(str, namespace.get("In", ())))))
    known = {name: len(checked.intersection(exercises(name))) for name in candidates}
    best = max(known.values())
    most = [name for name, count in known.items() if count == best]
    return most[0] if len(most) == 1 else None


def _unknown(exercise: str) -> str:
    names = sorted({name for lesson in checked_lessons() for name in exercises(lesson)})
    near = difflib.get_close_matches(exercise, names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(names)}."
    return f"there is no exercise of this name.{hint}"
