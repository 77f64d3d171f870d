"""Questions that several checks of an exercise begin with, asked once in a run of them."""

from typing import Any
from weakref import WeakKeyDictionary

from autograder.checking.student import Student

_answers: WeakKeyDictionary[Student, dict[str, Any]] = WeakKeyDictionary()


def ask_once(student: Student, expression: str, **inputs: Any) -> Any:
    """See Student.eval: what ``student`` has answered to ``expression`` before, if it has been asked already.

    For what stays as it is while an exercise is checked, such as the layers of a model, and for an expression whose
    inputs are the same each time. An answer that was an error is asked for again.
    """
    known = _answers.setdefault(student, {})
    if expression not in known:
        known[expression] = student.eval(expression, **inputs)
    return known[expression]


def forget(student: Student) -> None:
    """A run of checks begins: what ``student`` has answered before may have changed."""
    _answers.pop(student, None)
