"""``autograder adopt``: a first checks.py, from the test cells of an assignment that can be read as questions.

``assert f(x) == y`` and NumPy's ``assert_allclose(f(x), y)`` are a question and an expected value, so that they can be
asked from outside. Whatever else stands in a test cell stays there, and is run there.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.checking.python import parse_cell
from autograder.course import Course
from autograder.grading.lesson import grade_id, is_check
from autograder.grading.test_cells import with_hidden_tests

_NEARLY = {"assert_allclose", "assert_almost_equal", "assert_array_almost_equal"}
_EXACTLY = {"assert_equal", "assert_array_equal"}
_HEADER = '''"""Checks of {lesson}, from its test cells. Add a sentence for each mistake that you know."""

import pytest

from autograder.checking.expect import expect
'''
_CHECK = '''

@pytest.mark.exercise("{name}", points={points:g})
def test_{identifier}(student):
    """The answer gives what the exercise asks for."""
{questions}'''


@dataclass(frozen=True)
class Adopted:
    """A checks.py, and the test cells by what became of them."""

    text: str
    moved: tuple[str, ...]
    kept: tuple[str, ...]


def adopt(course: Course, lesson: str) -> Adopted:
    """Read the test cells of a lesson, hidden tests included, and write those that are nothing but questions as checks.

    Nothing is written to disk. Raises CourseError where the lesson is not released.
    """
    text, moved, kept = _HEADER.format(lesson=lesson), [], []
    for notebook in course.notebooks(lesson):
        whole = with_hidden_tests(course.released(lesson, notebook), course.source_notebook(lesson, notebook))
        for cell in whole.cells:
            if not is_check(cell):
                continue
            name = grade_id(cell)
            questions = _questions(cell.source)
            if questions is None:
                kept.append(name)
                continue
            moved.append(name)
            identifier = "".join(letter if letter.isalnum() else "_" for letter in name)
            points = float(cell.metadata.nbgrader.get("points", 0))
            text += _CHECK.format(name=name, identifier=identifier, points=points, questions="".join(questions))
    return Adopted(text, tuple(moved), tuple(kept))


def _questions(source: str) -> list[str] | None:
    """A line of a check for each statement of a test cell; None where one of them is no such question."""
    tree = parse_cell(source)
    if tree is None or not tree.body:
        return None
    found = []
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        pairs = list(_asked(statement))
        if not pairs:
            return None
        for asked, expected, how in pairs:
            message = f"`{asked}` should be {expected}."
            found.append(f"    expect(student.eval({asked!r}), {how}={expected}, message={message!r})\n")
    return found or None


def _asked(statement: ast.stmt) -> Iterator[tuple[str, str, str]]:
    """(question, expected value, how they are compared); nothing where the statement isn't one."""
    left: ast.expr
    right: ast.expr
    if isinstance(statement, ast.Assert):
        test = statement.test
        if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
            return
        left, right, how = test.left, test.comparators[0], "equals"
    elif isinstance(statement, ast.Expr) and isinstance(call := statement.value, ast.Call) and len(call.args) >= 2:
        name = ast.unparse(call.func).rpartition(".")[2]
        if name not in _NEARLY | _EXACTLY:
            return
        left, right, how = call.args[0], call.args[1], "close_to" if name in _NEARLY else "equals"
    else:
        return
    if isinstance(right, ast.Call) and not isinstance(left, ast.Call):
        left, right = right, left
    if isinstance(left, ast.Call) and _is_plain(right) and all(_is_plain(argument) for argument in left.args):
        yield ast.unparse(left), ast.unparse(right), how


def _is_plain(node: ast.expr) -> bool:
    """Whether an expression is written out in numbers and strings."""
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True
