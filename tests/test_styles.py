"""A right answer passes in whichever style it is written: a solution, rewritten mechanically, keeps all its points."""

import ast
import functools
from collections.abc import Callable

import pytest

from tests.course import COURSE, solutions
from tests.test_answers import EXERCISES, local_verdicts

QUICK = "02_reparameterization"  # the others are for the soak


def typed(tree: ast.Module) -> None:
    """Every argument and every result has a type, in quotation marks."""
    for function in _functions(tree):
        for argument in (*function.args.args, *function.args.kwonlyargs):
            if argument.arg != "self":
                argument.annotation = ast.Constant("object")
        if function.name != "__init__":
            function.returns = ast.Constant("object")


def decorated(tree: ast.Module) -> None:
    """The function is wrapped by a decorator of the student's own."""
    _outer(tree).decorator_list.insert(0, ast.Name("_own"))
    tree.body[:0] = ast.parse(
        "import functools\ndef _own(function):\n    @functools.wraps(function)\n"
        "    def inner(*args, **kwargs):\n        return function(*args, **kwargs)\n    return inner"
    ).body


def behind_any_arguments(tree: ast.Module) -> None:
    """The name is a lambda that hands whatever it is given on to a function called otherwise."""
    name = _renamed(tree)
    tree.body += ast.parse(f"{name} = lambda *args, **kwargs: _answer(*args, **kwargs)").body


def partial(tree: ast.Module) -> None:
    """The name is a partial of a function called otherwise."""
    name = _renamed(tree)
    tree.body += ast.parse(f"import functools\n{name} = functools.partial(_answer)").body


def callable_object(tree: ast.Module) -> None:
    """The name is an object that can be called."""
    name = _renamed(tree)
    tree.body += ast.parse(
        "class _Answer:\n    def __call__(self, *args, **kwargs):\n        return _answer(*args, **kwargs)\n"
        f"{name} = _Answer()"
    ).body


def in_two_steps(tree: ast.Module) -> None:
    """What is returned gets a name first."""
    for function in _functions(tree):
        for node in ast.walk(function):
            body = getattr(node, "body", None)
            if isinstance(body, list) and isinstance(body[-1], ast.Return) and body[-1].value is not None:
                value = body[-1].value
                named = ast.Assign([ast.Name("result", ast.Store())], value)
                body[-1:] = [named, ast.Return(ast.Name("result", ast.Load()))]


FOR_ANY = (typed, in_two_steps)
FOR_FUNCTIONS = (decorated, behind_any_arguments, partial, callable_object)


def _functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _outer(tree: ast.Module) -> ast.FunctionDef:
    return next(node for node in reversed(tree.body) if isinstance(node, ast.FunctionDef))


def _renamed(tree: ast.Module) -> str:
    function = _outer(tree)
    name, function.name = function.name, "_answer"
    return name


def _is_plain_function(tree: ast.Module) -> bool:
    """One function of its own, which isn't a method put on a class."""
    defined = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    return len(defined) == 1 and isinstance(defined[0], ast.FunctionDef) and not defined[0].decorator_list


def rewritten() -> list[tuple[str, str, Callable[[ast.Module], None]]]:
    found = []
    for lesson, exercise in EXERCISES:
        tree = ast.parse(solutions(lesson)[exercise])
        for style in (*FOR_ANY, *(FOR_FUNCTIONS if _is_plain_function(tree) else ())):
            marks = [pytest.mark.slow if lesson == QUICK else pytest.mark.soak]
            found.append(pytest.param(lesson, exercise, style, marks=marks, id=f"{lesson}-{exercise}-{style.__name__}"))
    return found


@pytest.mark.parametrize(("lesson", "exercise", "style"), rewritten())
def test_another_style_keeps_all_points(lesson, exercise, style):
    tree = ast.parse(solutions(lesson)[exercise])
    style(tree)
    verdicts = local_verdicts(lesson, exercise, ast.unparse(ast.fix_missing_locations(tree)))
    assert [(v.check, v.message) for v in verdicts if v.status != "passed"] == []


def test_the_styles_do_something():
    source = "def f(x, k=1):\n    return x + k\n"
    for style in (*FOR_ANY, *FOR_FUNCTIONS):
        tree = ast.parse(source)
        style(tree)
        text = ast.unparse(ast.fix_missing_locations(tree))
        assert text != ast.unparse(ast.parse(source))
        namespace: dict[str, Callable] = {}
        exec(text, namespace)
        assert functools.reduce(namespace["f"], [1, 2]) == 3 and namespace["f"](1, k=5) == 6
    assert len(COURSE.lessons()) >= 8
