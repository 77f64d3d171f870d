"""Imports run one way: no circle among modules or rooms; the engine and the course don't know each other."""

import ast
import re
from pathlib import Path

import pytest

from tests.course import COURSE, ROOT

ENGINE = ROOT / "autograder"
ADAPTER = ROOT / "autograder" / "inside" / "keras_adapter.py"
TEMPLATE = ENGINE / "scaffold" / "course"


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_of(file): file for file in sorted(ENGINE.rglob("*.py")) if TEMPLATE not in file.parents}


def imported(module: str) -> set[str]:
    """The modules of the engine that a module imports anywhere in it: at its top, in a function, for types alone."""
    found = set()
    package = module if FILES[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(FILES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = f"{package}.{node.module}" if node.level else str(node.module)
            found |= {f"{origin}.{a.name}" if f"{origin}.{a.name}" in FILES else origin for a in node.names}
    return {name for name in found if name in FILES and name != module}


GRAPH = {module: imported(module) for module in FILES}


def circles(graph: dict[str, set[str]]) -> list[str]:
    """What is left when one takes away, again and again, what imports nothing that is left: the circles."""
    left = dict(graph)
    while free := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in free:
            del left[name]
    return sorted(left)


def room_of(module: str) -> str:
    """The folder that a module stands in; a module at the top is a room of its own."""
    return ".".join(module.split(".")[:2])


def test_no_module_imports_itself_in_a_circle():
    # The package's own __init__ hands out what deeper modules define; nobody inside imports from it.
    assert circles({module: targets - {"autograder"} for module, targets in GRAPH.items()}) == []


def test_no_room_imports_itself_in_a_circle():
    rooms: dict[str, set[str]] = {}
    for module, targets in GRAPH.items():
        others = {room_of(target) for target in targets} - {room_of(module), "autograder"}
        rooms.setdefault(room_of(module), set()).update(others)
    assert circles(rooms) == []


def test_the_search_for_circles_finds_one():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]


@pytest.mark.parametrize("file", [p for p in sorted(ENGINE.rglob("*")) if p.is_file() and p.suffix != ".pyc"], ids=str)
def test_the_engine_names_no_course(file):
    text = file.read_text("utf-8")
    names = ["vaelab", "tensorflow", "mnist", *COURSE.lessons()]
    if file != ADAPTER:
        names.append("keras")
    assert [name for name in names if re.search(name, text, re.I)] == []


def test_neither_package_imports_the_other():
    for package, other in (("autograder", "vaelab"), ("vaelab", "autograder")):
        for file in (ROOT / package).rglob("*.py"):
            assert not re.search(rf"^\s*(?:from|import) {other}\b", file.read_text("utf-8"), re.M), file
