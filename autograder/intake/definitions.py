"""Which names a cell's Python defines at its top level. The code is parsed, never executed."""

import ast
import re
import warnings
from dataclasses import dataclass

# IPython's own: `%time z = f(x)` runs Python, `files = !ls` assigns, and all other lines of the kind hold none.
_TIMED = re.compile(r"^([ \t]*)%{1,2}(?:time|timeit|prun|capture)\b(?:[ \t]+-\w*(?:[ \t]+\d+)?)*[ \t]*", re.M)
_ASSIGNED = re.compile(r"^([ \t]*[A-Za-z_][\w, \t]*=)[ \t]*[%!].*$", re.M)
_MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*|[\w.]+\?{1,2}[ \t]*)$", re.M)
_OTHER_LANGUAGE = re.compile(r"\s*%%(?!(?:time|timeit|prun|capture)\b)")


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


def parse_cell(source: str) -> ast.Module | None:
    """The Python of a cell. None where it isn't Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a wrong escape in a string is the student's, not ours
            return ast.parse(plain_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def plain_python(source: str) -> str:
    """A cell's source without what only IPython reads; each line keeps its number."""
    if _OTHER_LANGUAGE.match(source):
        return ""
    for pattern, plain in ((_TIMED, r"\1"), (_ASSIGNED, r"\1 None"), (_MAGIC, r"\1pass")):
        source = pattern.sub(plain, source)
    return source


def _names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        return [statement.target.id]
    return []
