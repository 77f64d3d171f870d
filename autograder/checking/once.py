"""Questions that several checks of an exercise begin with, asked once in a run of them."""

import pickle
from typing import Any
from weakref import WeakKeyDictionary

from autograder.checking.student import Student

_answers: WeakKeyDictionary[Student, dict[bytes, Any]] = WeakKeyDictionary()


def ask_once(student: Student, expression: str, **inputs: Any) -> Any:
    """See Student.eval: what ``student`` has answered to ``expression`` before, if it has been asked already.

    For what stays as it is while an exercise is checked, such as the layers of a model. Other ``inputs`` are another
    question. An answer that was an error is asked for again.
    """
    known = _answers.setdefault(student, {})
    question = pickle.dumps((expression, inputs))
    if question not in known:
        known[question] = student.eval(expression, **inputs)
    return known[question]


def forget(student: Student) -> None:
    """A run of checks begins: what ``student`` has answered before may have changed."""
    _answers.pop(student, None)
