"""Which names a cell's Python defines at its top level. The code is parsed, never executed."""

import ast
import re
import warnings
from dataclasses import dataclass

_MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.M)


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
    tree = _parse(source)
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


def _parse(source: str) -> ast.Module | None:
    # IPython's magics and shell lines aren't Python; `pass` in their place keeps the line numbers.
    plain = _MAGIC.sub(r"\1pass", source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a wrong escape in a string is the student's, not ours
            return ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        return [statement.target.id]
    return []
