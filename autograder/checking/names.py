"""A name that is nearly the one that an exercise asks for: what a student calls a slip, and a computer another name."""

import ast
import difflib

from autograder.checking.python import parse_cell

_NEARLY = 0.8  # of difflib's ratio: `std_from_logvar` and `std_from_log_var` are 0.97
_SHORT = 4  # a shorter name is near to many


def misspelled(name: str, source: str) -> str:
    """What to say where a cell defines no ``name``, but something that is called nearly so; empty where it doesn't."""
    tree = parse_cell(source)
    defined = [
        node.name
        for node in (tree.body if tree is not None else [])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    if len(name) < _SHORT or name in defined:
        return ""
    near = difflib.get_close_matches(name, defined, n=1, cutoff=_NEARLY) or [
        other for other in defined if other.casefold().replace("_", "") == name.casefold().replace("_", "")
    ]
    if not near:
        return ""
    foreign = next((letter for letter in near[0] if not letter.isascii()), "")
    why = f", whose `{foreign}` is a letter of another alphabet" if foreign else ""
    return f"The cell defines `{near[0]}`{why}, but the exercise asks for `{name}`: rename it."
