"""A whole lesson so far: a line for each exercise, the points, and what is next."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from autograder.checking import verdict
from autograder.checking.show import MARKS, STYLE, with_code
from autograder.checking.verdict import Verdict, exercise_status, first_message

_MARKS = {**MARKS, "partial": "◐"}


class LessonProgress:
    """What ``check()`` returns: it shows itself as the last line of a cell.

    Once shown in a notebook it follows each later check of its lesson, until ``check()`` is shown anew.
    """

    _shown: "dict[str, LessonProgress]" = {}

    def __init__(self, lesson: str, exercises: Mapping[str, Sequence[Verdict]], note: str = ""):
        self.lesson = lesson
        self.exercises = dict(exercises)
        self.note = note
        self._handle: Any = None

    @classmethod
    def follow(cls, lesson: str, exercise: str, verdicts: Sequence[Verdict]) -> None:
        """Bring what is shown of this lesson, if anything is, up to date with one exercise's new verdicts."""
        shown = cls._shown.get(lesson)
        if shown is not None and shown._handle is not None:
            shown.exercises[exercise] = verdicts
            shown._handle.update(shown._data(), raw=True)

    @property
    def points(self) -> float:
        """The points that the public checks give so far."""
        return sum(v.points for verdicts in self.exercises.values() for v in verdicts)

    @property
    def max_points(self) -> float:
        """The points that the public checks can give."""
        return sum(v.max_points for verdicts in self.exercises.values() for v in verdicts)

    @property
    def next(self) -> str:
        """The first exercise with a check that does not hold yet; empty when all hold."""
        for name, verdicts in self.exercises.items():
            if exercise_status(verdicts) != verdict.PASSED:
                return name
        return ""

    def _ipython_display_(self) -> None:
        from IPython.display import display  # only a notebook calls this

        self._handle = display(self._data(), raw=True, display_id=True)  # type: ignore[no-untyped-call]
        self._shown[self.lesson] = self

    def _data(self) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def __repr__(self) -> str:
        if self.note:
            return self.note
        return "\n".join([self._headline(), *(f"  {mark} {name}: {said}" for mark, name, said in self._rows())])

    def _repr_html_(self) -> str:
        if self.note:
            return f'<div class="autograder-check">{escape(self.note)}</div>'
        rows = "".join(
            f'<li class="{escape(status.replace(" ", "-"))}"><span class="mark" aria-hidden="true">{mark}</span> '
            f"<code>{escape(name)}</code>: {with_code(said)}</li>"
            for (mark, name, said), status in zip(self._rows(), self._statuses(), strict=True)
        )
        return (
            f'<style>{STYLE}</style><div class="autograder-check" role="group" aria-label="The lesson so far">'
            f"<strong>{with_code(self._headline())}</strong><ul>{rows}</ul></div>"
        )

    def _statuses(self) -> list[str]:
        return [exercise_status(verdicts) for verdicts in self.exercises.values()]

    def _rows(self) -> list[tuple[str, str, str]]:
        rows = []
        for (name, verdicts), status in zip(self.exercises.items(), self._statuses(), strict=True):
            held = sum(v.status == verdict.PASSED for v in verdicts)
            if status == verdict.PASSED:
                said = "all checks hold"
            elif status == verdict.NOT_ATTEMPTED:
                said = "not attempted"
            else:
                said = f"{held} of {len(verdicts)} checks hold. {first_message(verdicts)}"
            rows.append((_MARKS[status], name, said))
        return rows

    def _headline(self) -> str:
        done = sum(status == verdict.PASSED for status in self._statuses())
        after = f"next: `{self.next}`" if self.next else "every check holds"
        return (
            f"{self.lesson}: {done} of {len(self.exercises)} exercises, {self.points:g} of {self.max_points:g} points "
            f"by these checks; {after}. Written answers are marked by a person."
        )
