"""What a notebook calls when a student is stuck: ``hint``."""

import sys
from collections import Counter
from html import escape

from autograder.checking.catalogue import hints
from autograder.checking.lookup import beside_the_notebook, installed, is_written
from autograder.checking.show import STYLE, with_code

_shown: Counter[str] = Counter()  # of each exercise, in this session of the notebook


class Hint:
    """What ``hint`` returns: one step of help that shows itself as the last line of a cell."""

    def __init__(self, exercise: str, text: str, step: int = 0, steps: int = 0):
        self.exercise, self.text, self.step, self.steps = exercise, text, step, steps

    def __repr__(self) -> str:
        return f"{self._headline()}: {self.text}{self._more()}"

    def _repr_html_(self) -> str:
        return (
            f'<style>{STYLE}</style><div class="autograder-check"><strong>{escape(self._headline())}</strong>'
            f'<div class="message">{with_code(self.text)}{escape(self._more())}</div></div>'
        )

    def _headline(self) -> str:
        return f"{self.exercise}: hint {self.step} of {self.steps}" if self.steps else self.exercise

    def _more(self) -> str:
        return " (Run the cell again for the next hint.)" if self.step < self.steps else ""


def hint(exercise: str) -> Hint:
    """The next hint for ``exercise``: each call shows one more, and after the last one they start again.

    Hints cost no points and nobody counts them. They are ``HINTS`` in the lesson's check file.
    """
    namespace = sys._getframe(1).f_globals
    beside = beside_the_notebook(namespace)
    known = [beside] if beside else installed()
    steps = next((found[exercise] for one in known if exercise in (found := hints(one.files))), [])
    if not steps:
        if any(exercise in one.exercises() for one in known) or is_written(exercise, namespace):
            return Hint(exercise, "there is no hint for this exercise.")
        names = sorted({name for one in known for name in hints(one.files)})
        return Hint(
            exercise, f"there is no exercise of this name. Hints are available for {', '.join(names) or 'none'}."
        )
    step = _shown[exercise] % len(steps) + 1
    _shown[exercise] += 1
    return Hint(exercise, steps[step - 1], step, len(steps))
