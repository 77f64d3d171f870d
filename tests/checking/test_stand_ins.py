"""A mistake costs its own points: a later exercise that calls a wrong answer is judged with a right one."""

import pytest

from autograder.checking import verdict
from autograder.checking.catalogue import CheckFile
from autograder.checking.runner import run_checks
from autograder.checking.student import LocalStudent

CHECKS = '''
import pytest
from autograder.checking.expect import expect

STAND_INS = {
    "double": "def double(x):\\n    return 2 * x",
    "square": "def square(x):\\n    return x * x",
}

@pytest.mark.exercise("double", points=1)
def test_double(student):
    """It doubles."""
    expect(student.eval("double(3)"), close_to=6, message="Twice the number.")

@pytest.mark.exercise("square", points=1)
def test_square(student):
    """It squares."""
    expect(student.eval("square(3)"), close_to=9, message="The number times itself.")

@pytest.mark.exercise("both", points=2)
def test_both(student):
    """It squares the double."""
    expect(student.eval("both(3)"), close_to=36, message="The square of the double.")
'''

BOTH = "def both(x):\n    return square(double(x))"
RIGHT = {"double": "def double(x): return x + x", "square": "def square(x): return x**2"}
WRONG = {"double": "def double(x): return 3 * x", "square": "def square(x): return 2 * x"}


@pytest.fixture
def judge(tmp_path):
    file = tmp_path / "checks.py"
    file.write_text(CHECKS)

    def judged(exercise, *sources):
        namespace = {}
        for source in sources:
            exec(source, namespace)
        before = dict(namespace)
        verdicts = run_checks([CheckFile(file)], exercise, LocalStudent(namespace))
        assert {name: namespace[name] for name in before if name != "__builtins__"} == {
            name: value for name, value in before.items() if name != "__builtins__"
        }
        return verdicts[0]

    return judged


def test_a_wrong_answer_costs_nothing_where_a_later_exercise_calls_it(judge):
    result = judge("both", WRONG["double"], RIGHT["square"], BOTH)
    assert (result.status, result.points) == (verdict.PASSED, 2.0)
    assert "right answer to `double`" in result.message
    assert judge("double", WRONG["double"]).status == verdict.FAILED


def test_nor_do_two_wrong_answers_or_one_that_is_missing(judge):
    assert "`double`, `square`" in judge("both", WRONG["double"], WRONG["square"], BOTH).message
    assert "right answer to `square`" in judge("both", RIGHT["double"], BOTH).message


def test_an_answers_own_mistake_stays_a_mistake(judge):
    result = judge("both", RIGHT["double"], RIGHT["square"], "def both(x): return double(square(x)) + 1")
    assert (result.status, result.message) == (verdict.FAILED, "The square of the double.")


def test_a_right_answer_needs_no_stand_in(judge):
    result = judge("both", RIGHT["double"], RIGHT["square"], BOTH)
    assert (result.status, result.message) == (verdict.PASSED, "")
