"""What the first line of a function in the text promises, a check holds: each default, changed, loses points."""

import ast

import pytest

from autograder.checking.promises import require_default
from autograder.checking.student import LocalStudent
from autograder.grading.lesson import grade_id, is_answer
from tests.course import COURSE, solutions
from tests.test_answers import local_verdicts

pytestmark = pytest.mark.slow


def promised() -> list[tuple[str, str, str, str]]:
    """(lesson, exercise, function, argument) of each default in a stub that a student opens."""
    found = []
    for lesson in COURSE.lessons():
        for cell in COURSE.released(lesson).cells:
            if is_answer(cell) and cell.cell_type == "code":
                found += [
                    (lesson, grade_id(cell), function.name, name)
                    for function in functions(ast.parse(cell.source))
                    for name, default in defaults(function).items()
                    if ast.unparse(default) != "None"
                ]
    return found


def functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def defaults(function: ast.FunctionDef) -> dict[str, ast.expr]:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args][-len(arguments.defaults) :] if arguments.defaults else []
    found = {a.arg: default for a, default in zip(named, arguments.defaults, strict=True)}
    keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return found | {a.arg: default for a, default in keywords if default is not None}


def another(default: ast.expr) -> ast.expr:
    """A value that differs from a default, and is as good to call with."""
    value = ast.literal_eval(default)
    if isinstance(value, str):
        return ast.Constant("sgd")
    if isinstance(value, tuple):
        return ast.Constant((value[0] // 2, value[1] // 2, *value[2:]))
    return ast.Constant(value / 2 if isinstance(value, float) else value + 1)


@pytest.mark.parametrize(("lesson", "exercise", "function", "name"), promised(), ids="-".join)
def test_another_default_loses_points(lesson, exercise, function, name):
    tree = ast.parse(solutions(lesson)[exercise])
    (changed,) = (node for node in functions(tree) if node.name == function and name in defaults(node))
    old = defaults(changed)[name]
    for row in (changed.args.defaults, changed.args.kw_defaults):
        row[:] = [another(old) if default is old else default for default in row]
    verdicts = local_verdicts(lesson, exercise, ast.unparse(tree))
    failed = [verdict for verdict in verdicts if verdict.status == "failed"]
    assert failed, f"{function}({name}={ast.unparse(another(old))}) passes"
    assert sum(verdict.points for verdict in verdicts) < sum(verdict.max_points for verdict in verdicts)


def ask(code: str) -> None:
    namespace = {}
    exec(code, namespace)
    require_default(LocalStudent(namespace), "f", 1, "k", 10)


@pytest.mark.parametrize(
    "code",
    [
        "def f(codes, k=10): pass",
        "def f(codes, neighbors=10): pass",
        "def f(codes, *, k=10): pass",
        "def f(*args, **kwargs): pass",
        "import functools\nf = functools.partial(lambda codes, k: k, k=10)",
        "f = lambda codes, k=10: k",
        "import functools\ndef g(codes, k=10): pass\n@functools.wraps(g)\ndef f(*args, **kwargs): pass",
        "class f:\n    def __call__(self, codes, k=10): pass\nf = f()",
        "import numpy as np\ndef f(codes, k=np.int64(10)): pass",
        "f = print",
    ],
)
def test_a_promise_may_be_kept_in_many_ways(code):
    ask(code)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("def f(codes, k=5): pass", "`f` promises `k=10` where a call leaves it out; yours has `k=5`"),
        ("def f(codes, neighbors=5): pass", "yours has `neighbors=5`"),
        ("def f(codes, k): pass", "in yours it must be given"),
        ("def f(codes, k=None): pass", "yours has `k=None`"),
        ("def f(codes, k='10'): pass", "yours has `k='10'`"),
        ("def f(codes, k=[10]): pass", "yours has"),
    ],
)
def test_a_promise_that_is_not_kept_is_named(code, words):
    with pytest.raises(Exception, match=words.replace("[", r"\[")):
        ask(code)
