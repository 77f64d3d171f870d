"""The cells that grading passes over, and which of them something needs after all.

A lesson's demonstrations are tagged `skip-grading`: some train for a minute. What an answer looks up may be assigned
there all the same, and the student, who ran every cell, can't know. So each such cell waits, and runs when
something needs a name of it that nothing else has bound. A student's own cell that needs one waits beside it: most of
them only look at what a demonstration made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.intake.names import CellNames, names_of
from autograder.text import shown

_MOST = 100_000  # names looked at for one question: no honest notebook comes near


@dataclass(frozen=True)
class _Waiting:
    names: CellNames
    is_own: bool  # the student's, not a demonstration of the lesson


class PassedOver:
    """What waits, and what the names that are bound so far look up. Cells are told by their index in ``cells``."""

    def __init__(self, cells: Sequence[NotebookNode]):
        self._cells = cells
        self._names: dict[int, CellNames] = {}
        self._waiting: dict[int, _Waiting] = {}
        self._offered: dict[str, list[int]] = {}  # the cells that wait, or have waited, by what they bind
        self._binder: dict[str, int] = {}  # the last cell that ran and binds a name
        self._reads: dict[str, frozenset[str]] = {}
        self._failed: dict[str, str] = {}

    def pass_over(self, index: int, own: bool = False) -> None:
        """Let a cell wait; cells come from top to bottom."""
        names = self.names(index)
        self._waiting[index] = _Waiting(names, own)
        for name in {*names.binds, *(names.changes if own else ())}:
            self._offered.setdefault(name, []).append(index)

    def names(self, index: int) -> CellNames:
        """The names of a cell."""
        if index not in self._names:
            self._names[index] = names_of(self._cells[index].source)
        return self._names[index]

    def ran(self, index: int) -> None:
        """A cell has run: what it binds need not be looked for."""
        self._waiting.pop(index, None)
        for name, reads in self.names(index).binds.items():
            if index >= self._binder.get(name, -1):
                self._binder[name], self._reads[name] = index, reads

    def failed(self, index: int, why: str) -> None:
        """A cell that had waited ran and stopped."""
        said = f"the cell above that begins `{self.title(index)}`, which was run for it, stopped: {why}"
        self._failed |= dict.fromkeys(self.names(index).binds, said)
        self._waiting.pop(index, None)

    def why_missing(self, names: Iterable[str]) -> str:
        """What to say where one of ``names`` is missing, since a cell that should bind it stopped; else empty."""
        return next((f"`{name}` is missing: {self._failed[name]}" for name in names if name in self._failed), "")

    def title(self, index: int) -> str:
        """The first line of a cell, for a sentence."""
        return shown(self._cells[index].source.strip().partition("\n")[0], longest=60)

    def needed(self, names: Iterable[str], above: int) -> list[int]:
        """The cells that wait above the cell ``above`` and must run, in order, before ``names`` can be looked up."""
        wanted: set[int] = set()
        seen: set[tuple[str, int]] = set()
        left = [(name, above) for name in names] if self._waiting else []
        while left and len(seen) < _MOST:
            name, end = left.pop()
            if (name, end) in seen:
                continue
            seen.add((name, end))
            source = self._source(name, end)
            if source is None:
                left += [(read, end) for read in self._reads.get(name, ())]
                continue
            waiting = self._waiting[source].names
            left += [(read, end) for read in waiting.binds.get(name, ())]
            if source not in wanted:
                wanted.add(source)
                left += [(need, source) for need in waiting.needs | waiting.changes]
        return sorted(wanted)

    def _source(self, name: str, end: int) -> int | None:
        """The waiting cell above ``end`` that ``name`` has its value from; None where nothing that waits has it."""
        bound = self._binder.get(name, -1)
        for index in reversed(self._offered.get(name, ())):
            cell = self._waiting.get(index) if index < end else None
            if cell and (bound < 0 or (cell.is_own and index > bound)):
                return index
        return None

    def bound_below(self, index: int) -> list[str]:
        """The names of a cell that a cell below it, which ran before it, has bound: they keep their value."""
        return sorted(name for name in self.names(index).binds if self._binder.get(name, -1) > index)
