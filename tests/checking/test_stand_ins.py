"""A mistake costs its own points: a later exercise that calls a wrong answer is judged with a right one."""

import pytest

from autograder.checking import verdict
from autograder.checking.catalogue import CheckFile, shown_answers
from autograder.checking.runner import run_checks
from autograder.checking.student import LocalStudent

CHECKS = '''
import pytest
from autograder.checking.expect import expect

CALLS = {"both": ["double", "square"]}

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

STAND_INS = """
STAND_INS = {
    "double": "def double(x):\\n    return 2 * x",
    "square": "def square(x):\\n    return x * x",
}
"""

BOTH = "def both(x):\n    return square(double(x))"
RIGHT = {"double": "def double(x): return x + x", "square": "def square(x): return x**2"}
WRONG = {"double": "def double(x): return 3 * x", "square": "def square(x): return 2 * x"}


@pytest.fixture
def judge(tmp_path):
    file, hidden = tmp_path / "checks.py", tmp_path / "01_numbers.py"
    file.write_text(CHECKS)
    hidden.write_text(STAND_INS)
    graded = [CheckFile(file), CheckFile(hidden, hidden=True)]

    def judged(exercise, *sources, files=graded):
        namespace = {}
        for source in sources:
            exec(source, namespace)
        before = dict(namespace)
        verdicts = run_checks(files, exercise, LocalStudent(namespace))
        assert {name: namespace[name] for name in before if name != "__builtins__"} == {
            name: value for name, value in before.items() if name != "__builtins__"
        }
        return verdicts[0]

    judged.by_students = lambda exercise, *sources: judged(exercise, *sources, files=[CheckFile(file)])
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


def test_a_students_own_check_names_the_exercises_that_fail(judge):
    result = judge.by_students("both", WRONG["double"], RIGHT["square"], BOTH)
    assert (result.status, result.points) == (verdict.FAILED, 0.0)
    assert result.message == (
        "The square of the double. Correct `double` first: its own checks fail, and this answer may call it."
    )
    both = judge.by_students("both", WRONG["double"], BOTH)
    assert "Correct `double` and `square` first: their own checks fail" in both.message
    mistaken = judge.by_students("both", RIGHT["double"], RIGHT["square"], "def both(x): return 0")
    assert mistaken.message == "The square of the double."


def test_right_answers_in_a_file_of_the_students_are_not_used(judge, tmp_path):
    file = tmp_path / "checks.py"
    file.write_text(f"{CHECKS}\n{STAND_INS}")
    assert shown_answers([CheckFile(file), CheckFile(tmp_path / "01_numbers.py", hidden=True)]) == [file]
    assert judge.by_students("both", WRONG["double"], RIGHT["square"], BOTH).status == verdict.FAILED


def test_exercises_that_name_each_other_end(judge, tmp_path):
    file = tmp_path / "checks.py"
    file.write_text(CHECKS.replace('{"both": ["double", "square"]}', '{"both": ["double"], "double": ["both"]}'))
    result = judge.by_students("both", WRONG["double"], RIGHT["square"], BOTH)
    assert result.message.endswith("Correct `double` first: its own checks fail, and this answer may call it.")
