"""Which names a cell binds, which it needs from the cells above it, and which what it defines will look up later.

The code is parsed, never executed.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.checking.python import parse_cell

_BUILTINS = frozenset(dir(builtins)) | {"get_ipython", "display", "In", "Out", "_", "__", "__name__", "__file__"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class CellNames:
    """``binds``: each name that the cell binds, with the names that are looked up when its value is computed or called.

    ``needs``: names that the cell looks up while it runs, before it binds them itself. ``changes``: names whose
    parts or attributes it assigns.
    """

    binds: dict[str, frozenset[str]] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()


def names_of(source: str) -> CellNames:
    """The names of a cell; none where it isn't Python, or is nested too deeply to be read."""
    tree = parse_cell(source)
    if tree is None:
        return CellNames()
    try:
        return _read(tree.body)
    except RecursionError:
        return CellNames()


def asked_names(expression: str) -> frozenset[str]:
    """The names that an expression looks up."""
    return names_of(expression).needs


def reached(names: Iterable[str], reads: Mapping[str, frozenset[str]]) -> set[str]:
    """``names`` and all that their definitions look up in turn, where ``reads`` has them."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += reads.get(name, ())
    return found


def _read(body: list[ast.stmt]) -> CellNames:
    binds: dict[str, frozenset[str]] = {}
    needs: set[str] = set()
    changes: set[str] = set()
    for statement in body:
        uses = _Uses()
        uses.visit(statement)
        now = reached(uses.now, binds)  # a function that the cell has defined may be called here
        needs |= {name for name in now if name not in binds and name not in uses.first}
        reads = frozenset(uses.now | uses.later)
        for name in uses.bound:
            binds[name] = reads | binds.get(name, frozenset())
        changes |= uses.changed
    return CellNames(binds, frozenset(needs - _BUILTINS), frozenset(changes - binds.keys()))


class _Uses(ast.NodeVisitor):
    """What one statement does with the names of the notebook."""

    def __init__(self) -> None:
        self.now: set[str] = set()  # looked up while it runs
        self.later: set[str] = set()  # looked up when a function of it is called
        self.bound: set[str] = set()
        self.first: set[str] = set()  # bound by the statement before it looks them up
        self.changed: set[str] = set()
        self._scopes: list[set[str]] = []  # names of the functions and comprehensions around
        self._calls = 0  # functions around

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._look_up(node.id)
        else:
            self._bind(node.id)

    def _look_up(self, name: str) -> None:
        if any(name in scope for scope in self._scopes):
            return
        (self.later if self._calls else self.now).add(name)

    def _bind(self, name: str) -> None:
        if self._scopes and name in self._scopes[-1]:
            return
        if name not in self.now:
            self.first.add(name)
        self.bound.add(name)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._note_change(node)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._note_change(node)
        self.generic_visit(node)

    def _note_change(self, node: ast.Attribute | ast.Subscript) -> None:
        root: ast.expr = node
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        if not isinstance(node.ctx, ast.Load) and isinstance(root, ast.Name) and not self._calls:
            self.changed.add(root.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._in_turn(node.value, *node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._in_turn(node.annotation, *([node.value, node.target] if node.value else []))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self._bind(node.target.id)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._look_up(node.target.id)
        self._in_turn(node.value, node.target)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self._in_turn(node.iter, node.target, *node.body, *node.orelse)

    visit_AsyncFor = visit_For

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type:
            self.visit(node.type)
        if node.name:
            self._bind(node.name)
        self._in_turn(*node.body)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            self._bind(alias.asname or alias.name.partition(".")[0])

    visit_ImportFrom = visit_Import

    def visit_Global(self, node: ast.Global) -> None:
        self.bound.update(node.names)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.pattern:
            self.visit(node.pattern)
        if node.name:
            self._bind(node.name)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self._bind(node.name)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._in_turn(*node.decorator_list, *node.bases, *node.keywords)
        scope = set(_stored(node.body))
        for statement in node.body:
            self._scopes.append(scope)
            method = statement if isinstance(statement, _FUNCTIONS) else None
            if method:
                self._before_calls(method)
            else:
                self.visit(statement)
            self._scopes.pop()
            if method:  # its body doesn't see the names of the class
                self._call(method.args, method.body)
        self._bind(node.name)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._before_calls(node)
        self._call(node.args, node.body)
        self._bind(node.name)

    def _before_calls(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._in_turn(*node.decorator_list)
        self._defaults(node.args)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._defaults(node.args)
        self._call(node.args, [node.body])

    def _defaults(self, arguments: ast.arguments) -> None:
        self._in_turn(*arguments.defaults, *(default for default in arguments.kw_defaults if default))

    def _call(self, arguments: ast.arguments, body: Sequence[ast.AST]) -> None:
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        shared = {name for node in body for name in _declared(node)}
        self._scopes.append(({one.arg for one in every if one} | set(_stored(body))) - shared)
        self._calls += 1
        self._in_turn(*body)
        self._calls -= 1
        self._scopes.pop()

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        outer, *others = node.generators
        self.visit(outer.iter)
        targets = {name for one in node.generators for name in _stored([one.target])}
        self._scopes.append(targets)
        self._in_turn(*outer.ifs, *(part for one in others for part in (one.iter, *one.ifs)))
        self._in_turn(*([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]))
        self._scopes.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def _in_turn(self, *nodes: ast.AST) -> None:
        for node in nodes:
            self.visit(node)


def _stored(body: Iterable[ast.AST]) -> Iterator[str]:
    """Names that a body binds in its own scope."""
    left = list(body)
    while left:
        node = left.pop()
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            yield node.name
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            yield node.id
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
        if not isinstance(node, (ast.Lambda, *_COMPREHENSIONS)):
            left += ast.iter_child_nodes(node)


def _declared(node: ast.AST) -> Iterator[str]:
    """Names that a function's body takes from outside by ``global`` or ``nonlocal``."""
    left = [node]
    while left:
        one = left.pop()
        if isinstance(one, ast.Global | ast.Nonlocal):
            yield from one.names
        if not isinstance(one, (*_FUNCTIONS, ast.Lambda, ast.ClassDef)):
            left += ast.iter_child_nodes(one)
