"""Checks of notebooks, and the grader that runs them.

In a notebook: ``from autograder import check`` and then ``check("sampling")``;
``hint("sampling")`` helps a student who is stuck.
From Python: ``autograder.verdicts(lesson, exercise, namespace)``.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.by_hand.widget import mark
    from autograder.checking.hints import hint
    from autograder.checking.notebook import check
    from autograder.checking.verdict import Verdict
    from autograder.marking import verdicts

__all__ = ["Verdict", "check", "hint", "mark", "verdicts"]

_HOMES = {
    "Verdict": "autograder.checking.verdict",
    "check": "autograder.checking.notebook",
    "hint": "autograder.checking.hints",
    "mark": "autograder.by_hand.widget",
    "verdicts": "autograder.marking",
}


def __getattr__(name: str) -> object:
    """Import the public names when they are first asked for: the sandbox must not pay for pytest."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")
