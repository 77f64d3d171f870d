"""Mistakes of earlier exercises in what a later one computes: they cost their own points, and their place is named.

Grading asks a check that fails once more, with right answers in place of the student's own. A student has no right
answers at hand, so there the message says which of the answers that this one may call is wrong.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.checking import verdict
from autograder.checking.student import Student
from autograder.checking.verdict import Verdict, exercise_status
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
    """The message if a check passes with all of ``stand_ins``, which names one where that one is enough; else empty."""
    if not stand_ins or not holds(list(stand_ins.values())):
        return ""
    for exercise, source in stand_ins.items():
        if len(stand_ins) == 1 or holds([source]):
            return (
                f"This passes with a right answer to `{exercise}`, but not yet with yours: correct that exercise first."
            )
    names = ", ".join(f"`{exercise}`" for exercise in stand_ins)
    return f"This passes with right answers to {names}, but not yet with yours: correct those exercises first."


def with_the_cause(verdicts: Sequence[Verdict], called: Mapping[str, Sequence[Verdict]]) -> list[Verdict]:
    """``verdicts``, where those that failed also name the exercises of ``called`` whose own checks fail."""
    wrong = [f"`{name}`" for name, own in called.items() if exercise_status(own) != verdict.PASSED]
    if not wrong:
        return list(verdicts)
    if len(wrong) == 1:
        said = f"Correct {wrong[0]} first: its own checks fail, and this answer may call it."
    else:
        said = f"Correct {' and '.join(wrong)} first: their own checks fail, and this answer may call them."
    return [replace(v, message=f"{v.message} {said}".strip()) if v.status == verdict.FAILED else v for v in verdicts]
