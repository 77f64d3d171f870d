"""The page in a notebook: one answer, the rubric to tick, a comment. What an answer says is shown as text alone."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from autograder.by_hand.agreement import sample
from autograder.by_hand.answers import Group, find_written, groups_of
from autograder.by_hand.rubric import items_of, model_answer
from autograder.by_hand.store import FIRST, Mark, Store
from autograder.course import Course
from autograder.grading.submissions import journal_of
from autograder.sources import solution_blocks, solutions


class Marking(anywidget.AnyWidget):
    """What ``mark`` returns. ``page`` is what is shown; the keyboard's and the mouse's requests come as messages."""

    _esm = Path(__file__).with_name("widget.js")
    _css = Path(__file__).with_name("widget.css")

    page = traitlets.Dict({}).tag(sync=True)

    def __init__(self, course: Course, exercise: str, lesson: str | None, names: bool, second: str):
        super().__init__()
        self._written = find_written(course, exercise, lesson)
        text = solution_blocks(solutions(course, self._written.lesson).get(self._written.exercise, ""))
        self._items = items_of(text, self._written.points)
        self._model = model_answer(text)
        self._names = names
        self._store = Store(course, self._written, self._items, second or FIRST)
        groups = groups_of(course, journal_of(course), self._written)
        self._groups = _sampled(groups, self._written.exercise) if second else groups
        # A second person must not see what the first one gave.
        self._formgrader = {} if second else self._store.given_in_formgrader()
        self._index = next((i for i, group in enumerate(self._groups) if not self._is_marked(group)), 0)
        self.on_msg(self._asked)
        self._show()

    def _asked(self, _widget: Any, request: dict[str, Any], _buffers: Any) -> None:
        """A request of the page: {"go": step}, {"next": true}, {"tick": item}, {"comment": text}, {"none": true}."""
        if not self._groups:
            return
        mark = self._mark()
        if "go" in request:
            self._index = min(max(self._index + int(request["go"]), 0), len(self._groups) - 1)
        elif "next" in request:
            order = [*range(self._index + 1, len(self._groups)), *range(self._index)]
            self._index = next((i for i in order if not self._is_marked(self._groups[i])), self._index)
        elif "tick" in request:
            number = int(request["tick"])
            if 0 <= number < len(self._items):
                self._save(Mark(tuple(sorted({*mark.ticked} ^ {number})), mark.comment))
        elif "comment" in request:
            self._save(Mark(mark.ticked, str(request["comment"])[:10_000]))
        elif "none" in request:
            self._save(Mark((), mark.comment))
        self._show()

    def _save(self, mark: Mark) -> None:
        self._store.mark(self._groups[self._index].students, mark)

    def _mark(self) -> Mark:
        return self._store.marks.get(self._groups[self._index].students[0], Mark())

    def _is_marked(self, group: Group) -> bool:
        known = self._store.marks.keys() | self._formgrader.keys()
        return all(student in known for student in group.students)

    def _show(self) -> None:
        done = sum(len(group.students) for group in self._groups if self._is_marked(group))
        shared = {
            "exercise": self._written.exercise,
            "lesson": self._written.lesson,
            "total": sum(len(group.students) for group in self._groups),
            "done": done,
            "model": self._model,
            "max": self._written.points,
        }
        if not self._groups:
            self.page = shared
            return
        group, mark = self._groups[self._index], self._mark()
        student = group.students[0]
        elsewhere = self._formgrader.get(student) if student not in self._store.marks else None
        used = [one.comment for one in self._store.marks.values() if one.comment]
        self.page = shared | {
            "index": self._index,
            "groups": len(self._groups),
            "text": group.text,
            "untouched": group.untouched,
            "count": len(group.students),
            "who": ", ".join(group.students) if self._names else "",
            "marked": self._is_marked(group),
            "points": elsewhere[0] if elsewhere else mark.points(self._items, self._written.points),
            "elsewhere": elsewhere is not None,
            "comment": elsewhere[1] if elsewhere else mark.comment,
            "used": sorted(set(used), key=lambda text: -used.count(text))[:20],
            "items": [
                {"text": item.text, "points": item.points, "ticked": number in mark.ticked}
                for number, item in enumerate(self._items)
            ],
        }


def _sampled(groups: list[Group], exercise: str) -> list[Group]:
    chosen = set(sample([s for group in groups if not group.untouched for s in group.students], exercise))
    return [Group(g.text, kept) for g in groups if (kept := tuple(s for s in g.students if s in chosen))]


def mark(
    exercise: str, lesson: str | None = None, course: str = ".", *, names: bool = False, second: str = ""
) -> Marking:
    """Mark the written answers to ``exercise``: one at a time, equal ones at once, saved with every tick.

    ``names``: show whose answers they are; they are hidden otherwise. ``second``: the name of a second marker, who sees
    a tenth of the answers and not the first one's marks; the report says how far the two agree. Raises CourseError
    where no lesson of the course in the folder ``course`` has such an exercise.
    """
    return Marking(Course.find(course), exercise, lesson, names, "".join(c for c in second if c.isalnum()))
