"""Asking an answer with other arguments than the usual ones."""

from typing import Any

from autograder.checking.errors import first_line
from autograder.checking.expect import fail
from autograder.checking.once import ask_once
from autograder.checking.student import Student, StudentError


def ask_with(student: Student, expression: str, message: str, usual: str, once: bool = False, **inputs: Any) -> Any:
    """The value of ``expression``. Where only it raises, and the ``usual`` call doesn't, ``message`` is what is wrong.

    An answer that uses an argument in one place and a fixed number in another fails somewhere inside of a library:
    the message names the argument. ``once``: see ask_once.
    """
    try:
        return ask_once(student, expression, **inputs) if once else student.eval(expression, **inputs)
    except StudentError as error:
        student.eval(f"(lambda result: None)({usual})", **inputs)
        if error.is_to_do:
            raise
        fail(message, expected="an answer", actual=f"{error.kind}: {first_line(error.message)}")
