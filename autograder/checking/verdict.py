"""The record that every view of a result is drawn from."""

from collections.abc import Iterable
from dataclasses import dataclass

PASSED = "passed"
FAILED = "failed"
ERROR = "error"
NOT_ATTEMPTED = "not attempted"
SKIPPED = "skipped"
STATUSES = (PASSED, FAILED, ERROR, NOT_ATTEMPTED, SKIPPED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check says of one answer.

    ``status`` is one of ``passed``, ``failed``, ``error`` (the check could not be run), ``not attempted``
    and ``skipped`` (what it builds on failed). ``points`` were earned, ``max_points`` could be.
    ``title`` is the check's docstring; ``message`` names the mistake and is empty when it passed.
    """

    exercise: str
    check: str
    title: str
    status: str
    points: float
    max_points: float
    message: str = ""
    expected: str = ""
    actual: str = ""
    hidden: bool = False


def exercise_status(verdicts: Iterable[Verdict]) -> str:
    """``passed``, ``partial``, ``failed`` or ``not attempted``, for all the verdicts of one exercise."""
    statuses = [verdict.status for verdict in verdicts]
    if statuses and all(status == PASSED for status in statuses):
        return PASSED
    if PASSED in statuses:
        return "partial"
    if NOT_ATTEMPTED in statuses:
        return NOT_ATTEMPTED
    return FAILED


def first_message(verdicts: Iterable[Verdict]) -> str:
    """The message of the first verdict that has one to give; skipped checks only repeat another's."""
    ordered = sorted(verdicts, key=lambda verdict: verdict.status == SKIPPED)
    return next((verdict.message for verdict in ordered if verdict.status != PASSED and verdict.message), "")
