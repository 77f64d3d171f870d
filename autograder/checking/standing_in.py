"""Right answers in place of a student's own, where a later exercise calls those: a mistake costs its own points."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.checking.student import Student
from autograder.inside.answer import NAMESPACE


class StandingIn:
    """The student, with what ``sources`` define in place of the student's own while a question is asked."""

    def __init__(self, student: Student, sources: Sequence[str]):
        self._student = student
        self._sources = list(sources)

    def eval(self, expression: str, **inputs: Any) -> Any:
        """See Student.eval."""
        question = f"standing_in({NAMESPACE}, {self._sources!r}, lambda: (\n{expression}\n))"
        return self._student.eval(question, **inputs)


def suffices(stand_ins: Mapping[str, str], holds: Callable[[Sequence[str]], bool]) -> str:
    """The message if a check passes with one of ``stand_ins``, or with all of them; else empty."""
    for exercise, source in stand_ins.items():
        if holds([source]):
            return (
                f"This passes with a right answer to `{exercise}`, but not yet with yours: correct that exercise first."
            )
    if len(stand_ins) > 1 and holds(list(stand_ins.values())):
        names = ", ".join(f"`{exercise}`" for exercise in stand_ins)
        return f"This passes with right answers to {names}, but not yet with yours: correct those exercises first."
    return ""
