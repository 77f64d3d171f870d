"""Which lessons, exercises and checks there are, read from the check files without importing them."""

import ast
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
PUBLIC = PACKAGE / "checks"
HIDDEN = PACKAGE / "hidden"


@dataclass(frozen=True)
class CheckInfo:
    """One check function, as its file states it."""

    exercise: str
    name: str
    title: str
    points: float
    hidden: bool


def check_files(lesson: str, hidden: bool = False) -> list[Path]:
    """The pytest files of a lesson, the public one first; the hidden one where it exists and is asked for."""
    folders = [PUBLIC, HIDDEN] if hidden else [PUBLIC]
    return [path for folder in folders if (path := folder / f"test_{lesson}.py").is_file()]


def checked_lessons() -> list[str]:
    """Names of all lessons that have checks, such as ``02_reparameterization``, in order."""
    return sorted(path.stem.removeprefix("test_") for path in PUBLIC.glob("test_*.py"))


def list_checks(lesson: str, hidden: bool = False) -> list[CheckInfo]:
    """Every check of a lesson, in the order of the files."""
    return [check for path in check_files(lesson, hidden) for check in _read(path, path.stat().st_mtime_ns)]


def exercises(lesson: str, hidden: bool = False) -> dict[str, list[CheckInfo]]:
    """The checks of each exercise of a lesson, in the order in which the exercises first appear."""
    found: dict[str, list[CheckInfo]] = {}
    for check in list_checks(lesson, hidden):
        found.setdefault(check.exercise, []).append(check)
    return found


@lru_cache(maxsize=64)
def _read(path: Path, _mtime: int) -> tuple[CheckInfo, ...]:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    hidden = path.parent == HIDDEN
    checks = []
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.exercise":
                exercise = ast.literal_eval(mark.args[0])
                options = {k.arg: ast.literal_eval(k.value) for k in mark.keywords}
                title = one_line(ast.get_docstring(node) or node.name)
                checks.append(CheckInfo(exercise, node.name, title, float(options.get("points", 0)), hidden))
    return tuple(checks)


def one_line(text: str) -> str:
    """A docstring as the single line that a student sees."""
    return " ".join(text.split())
