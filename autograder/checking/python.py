"""A cell's source as Python: parsed, never executed."""

import ast
import re
import warnings

# IPython's own: `%time z = f(x)` runs Python, `files = !ls` assigns, and all other lines of the kind hold none.
_TIMED = re.compile(r"^([ \t]*)%{1,2}(?:time|timeit|prun|capture)\b(?:[ \t]+-\w*(?:[ \t]+\d+)?)*[ \t]*", re.M)
_ASSIGNED = re.compile(r"^([ \t]*[A-Za-z_][\w, \t]*=)[ \t]*[%!].*$", re.M)
_MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*|[\w.]+\?{1,2}[ \t]*)$", re.M)
_OTHER_LANGUAGE = re.compile(r"\s*%%(?!(?:time|timeit|prun|capture)\b)")


def parse_cell(source: str) -> ast.Module | None:
    """The Python of a cell. None where it isn't Python."""
    try:
        return parse_strictly(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def parse_strictly(source: str) -> ast.Module:
    """As `parse_cell`, but raises SyntaxError; and ValueError, RecursionError or MemoryError at odd text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a wrong escape in a string is the student's, not ours
        return ast.parse(plain_python(source))


def plain_python(source: str) -> str:
    """A cell's source without what only IPython reads; each line keeps its number."""
    if _OTHER_LANGUAGE.match(source):
        return ""
    for pattern, plain in ((_TIMED, r"\1"), (_ASSIGNED, r"\1 None"), (_MAGIC, r"\1pass")):
        source = pattern.sub(plain, source)
    return source
