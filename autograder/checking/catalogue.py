"""Which exercises and checks there are, read from check files without importing them."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

CHECKS = "checks.py"  # the public check file of an assignment, beside its notebook
CONSTANTS = ("HELPERS", "SENTENCES", "CALLS", "STAND_INS", "HINTS")  # written out in a check file: read, not executed


@dataclass(frozen=True)
class CheckFile:
    """A pytest file with checks: a public one, or one that students never see."""

    path: Path
    hidden: bool = False


@dataclass(frozen=True)
class CheckInfo:
    """One check function, as its file states it."""

    exercise: str
    name: str
    title: str
    points: float
    hidden: bool


def list_checks(files: Iterable[CheckFile]) -> list[CheckInfo]:
    """Every check in ``files``, in order. Raises SyntaxError for a file that is no Python, and ValueError for a mark
    that isn't written out in plain numbers and strings."""
    return [
        CheckInfo(exercise, name, title, points, file.hidden)
        for file in files
        for exercise, name, title, points in _read(file.path, file.path.stat().st_mtime_ns).checks
    ]


def exercises(files: Iterable[CheckFile]) -> dict[str, list[CheckInfo]]:
    """The checks of each exercise, in the order in which the exercises first appear."""
    found: dict[str, list[CheckInfo]] = {}
    for check in list_checks(files):
        found.setdefault(check.exercise, []).append(check)
    return found


def helper_modules(files: Iterable[CheckFile]) -> list[str]:
    """The modules that the check files name in ``HELPERS``: what their questions use besides plain data."""
    return _named("HELPERS", files)


def sentence_modules(files: Iterable[CheckFile]) -> list[str]:
    """The modules that the check files name in ``SENTENCES``: what the course says of libraries' errors."""
    return _named("SENTENCES", files)


def calls(files: Iterable[CheckFile]) -> dict[str, list[str]]:
    """{exercise: those whose answers it may call}: what the check files name in ``CALLS``."""
    return _merged("CALLS", files)


def stand_ins(files: Iterable[CheckFile]) -> dict[str, str]:
    """{exercise: a right answer to it, as source}: what the hidden check files name in ``STAND_INS``.

    Students can read the others, and these are answers: ``shown_answers``. A later exercise whose check fails is asked
    once more with these in place of the student's own, so that a mistake costs its own points alone.
    """
    return _merged("STAND_INS", [file for file in files if file.hidden])


def shown_answers(files: Iterable[CheckFile]) -> list[Path]:
    """Public check files with ``STAND_INS``: students could read right answers there."""
    return [file.path for file in files if not file.hidden and any(_constants("STAND_INS", [file]))]


def hints(files: Iterable[CheckFile]) -> dict[str, list[str]]:
    """{exercise: its hints, from the first to the most telling}: what the check files name in ``HINTS``."""
    return _merged("HINTS", files)


def one_line(text: str) -> str:
    """A docstring as the single line that a student sees."""
    return " ".join(text.split())


@dataclass(frozen=True)
class _Read:
    checks: tuple[tuple[str, str, str, float], ...]  # exercise, name, title, points
    constants: dict[str, Any]


def _constants(constant: str, files: Iterable[CheckFile]) -> Iterator[Any]:
    for file in files:
        constants = _read(file.path, file.path.stat().st_mtime_ns).constants
        if constant in constants:
            yield constants[constant]


def _named(constant: str, files: Iterable[CheckFile]) -> list[str]:
    return list(dict.fromkeys(name for names in _constants(constant, files) for name in names))


def _merged(constant: str, files: Iterable[CheckFile]) -> dict[str, Any]:
    return {key: value for found in _constants(constant, files) for key, value in found.items()}


@lru_cache(maxsize=64)
def _read(path: Path, _mtime: int) -> _Read:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    checks, constants = [], {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(target := node.targets[0], ast.Name):
            if target.id in CONSTANTS:
                constants[target.id] = ast.literal_eval(node.value)
        elif isinstance(node, ast.FunctionDef):
            checks += _marked(node)
    return _Read(tuple(checks), constants)


def _marked(node: ast.FunctionDef) -> list[tuple[str, str, str, float]]:
    """(exercise, name, title, points) for each mark ``pytest.mark.exercise`` above a function."""
    found = []
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.exercise":
            options = {k.arg: ast.literal_eval(k.value) for k in mark.keywords}
            title = one_line(ast.get_docstring(node) or node.name)
            found.append((ast.literal_eval(mark.args[0]), node.name, title, float(options.get("points", 0))))
    return found
