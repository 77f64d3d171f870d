"""Which names a cell's Python defines at its top level. The code is parsed, never executed."""

import ast
from dataclasses import dataclass

from autograder.checking.python import parse_cell


@dataclass(frozen=True)
class Definition:
    """The lines of a statement in its cell: `first` and `last` count from 1, decorators included."""

    first: int
    last: int
    source: str


def definitions(source: str) -> dict[str, Definition] | None:
    """The functions, classes and plain variables that a cell defines. None where it isn't Python.

    Of a name defined twice, the later definition is given.
    """
    tree = parse_cell(source)
    if tree is None:
        return None
    lines = source.split("\n")
    found = {}
    for statement in tree.body:
        for name in _names(statement):
            first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))])
            last = statement.end_lineno or first
            found[name] = Definition(first, last, "\n".join(lines[first - 1 : last]))
    return found


def _names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        return [statement.target.id]
    return []
