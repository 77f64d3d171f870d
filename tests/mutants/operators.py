"""Mutants of a piece of Python: the same code with one operator, constant, name, argument or statement changed.

Source of the idea: DeMillo, Lipton and Sayward, Hints on Test Data Selection, 1978. The kinds are those of mutmut and
Cosmic Ray, which change whole packages in place; here one cell is changed in memory.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

_BINARY = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_COMPARED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_REMOVED = (ast.Expr, ast.Assign, ast.AugAssign, ast.Return, ast.If, ast.For)


@dataclass(frozen=True)
class Mutant:
    """One changed copy of a source. ``where`` and ``what`` name the change: its line, and old → new."""

    where: int
    what: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of ``source`` once, in order of its lines."""
    tree = ast.parse(source)
    whole, seen = ast.unparse(tree), set()
    for number, node in enumerate(ast.walk(tree)):
        for name, change in _changes(node, tree):
            other = copy.deepcopy(tree)
            change(list(ast.walk(other))[number], other)
            text = ast.unparse(ast.fix_missing_locations(other))
            if text != whole and text not in seen:
                seen.add(text)
                yield Mutant(getattr(node, "lineno", 0), name, text)


def _changes(node: ast.AST, tree: ast.AST) -> Iterator[tuple[str, object]]:
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        yield _named(node, lambda n: setattr(n, "op", _BINARY[type(n.op)]()))
    elif isinstance(node, ast.Compare):
        yield _named(node, lambda n: n.ops.__setitem__(0, _COMPARED[type(n.ops[0])]()))
    elif isinstance(node, ast.BoolOp):
        yield _named(node, lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And()))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield _named(node, lambda n: setattr(n, "op", ast.UAdd() if isinstance(n.op, ast.USub) else ast.UAdd()))
    elif isinstance(node, ast.Constant) and type(node.value) in (bool, int, float, str) and not _is_text(node, tree):
        yield _named(node, lambda n: setattr(n, "value", _another(n.value)))
    elif isinstance(node, ast.Call):
        for place in range(len(node.keywords)):
            yield _named(node, lambda n, place=place: n.keywords.pop(place))
        if len(node.args) > 1:
            yield _named(node, lambda n: n.args.insert(0, n.args.pop(1)))
    elif isinstance(node, ast.FunctionDef):
        names = [argument.arg for argument in node.args.args if argument.arg != "self"]
        for old, new in zip(names, names[1:] + names[:1], strict=True):
            for place, used in enumerate(ast.walk(node)):
                if isinstance(used, ast.Name) and used.id == old != new:
                    yield f"line {used.lineno}: {old} → {new}", _renaming(place, new)
    body = getattr(node, "body", None)
    for place, statement in enumerate(body if isinstance(body, list) else []):
        if isinstance(statement, _REMOVED) and not _is_docstring(statement):
            label = ast.unparse(statement).splitlines()[0]
            yield f"without: {label}", lambda n, _, place=place: n.body.__setitem__(place, ast.Pass())


def _named(node: ast.AST, change) -> tuple[str, object]:
    """The change, and what it makes of the expression."""
    changed = copy.deepcopy(node)
    change(changed)
    old, new = (" ".join(ast.unparse(n).split()) for n in (node, changed))
    return f"{old} → {new}", lambda n, _: change(n)


def _renaming(place: int, new: str):
    return lambda n, _: setattr(list(ast.walk(n))[place], "id", new)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_text(node: ast.Constant, tree: ast.AST) -> bool:
    """Whether a constant stands for itself, as a docstring does."""
    return any(isinstance(other, ast.Expr) and other.value is node for other in ast.walk(tree))


def _another(value: bool | int | float | str) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return f"X{value}"
    return value + 1 if isinstance(value, int) else value * 2 + 0.5
