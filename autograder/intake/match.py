"""Which cell of a student's notebook is which cell of the lesson.

Signals are tried from the surest to the weakest: the grade_id, the cell id, the very text, the place between
recognized neighbors, likeness. A cell that none of them recognizes is the student's own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz import fuzz

from autograder.intake.cells import Cell
from autograder.intake.lesson import ANSWER, CHECK, Part

# Out of 100, by rapidfuzz's ratio over normalized text. In lesson 02 two different cells come to 35 (median; the most
# alike stubs, which their names tell apart, to 81), and the solutions and their stubs to 74 to 88.
LIKENESS = 70.0
# Below so many characters likeness says nothing: `x = 1` and `y = 1` are 80 % alike.
_SHORTEST = 30
_COMPARED = 4_000  # characters of each cell: likeness costs time with the product of the lengths
_SAME_NAMES = 100.0  # the likeness of an answer cell and a cell that defines what the answer must define


@dataclass(frozen=True)
class Home:
    """The lesson's cell that a student's cell is, and how it was recognized (in words, for a sentence)."""

    place: int
    how: str


def find_homes(parts: Sequence[Part], cells: Sequence[Cell]) -> list[Home | None]:
    """For each of the student's cells its home in the lesson, or None. Copies of a cell share their home."""
    matching = _Matching(parts, cells)
    matching.claim(lambda cell: cell.grade_id, "its grade_id")
    matching.claim(lambda cell: cell.cell_id, "its cell id")
    matching.claim_by_text()
    for run, gap in matching.gaps():
        matching.claim_by_likeness(run, gap)
        matching.claim_by_place(run, gap)
    matching.claim_by_likeness(parts, range(len(cells)))
    return matching.homes


class _Matching:
    def __init__(self, parts: Sequence[Part], cells: Sequence[Cell]):
        self.parts = parts
        self.cells = cells
        self.homes: list[Home | None] = [None] * len(cells)
        self.taken: set[int] = set()  # places that have a cell

    def _settle(self, index: int, place: int, how: str) -> None:
        self.homes[index] = Home(place, how)
        self.taken.add(place)

    def _free(self, parts: Sequence[Part]) -> list[Part]:
        return [part for part in parts if part.place not in self.taken]

    def _strays(self, indices: Sequence[int]) -> list[int]:
        return [index for index in indices if self.homes[index] is None and self.cells[index].text]

    def claim(self, key: Callable[[Cell], str | None], how: str) -> None:
        """Settle all cells, copies included, whose key is that of a free cell of the lesson."""
        wanted = {key(part.cell): part.place for part in self._free(self.parts) if key(part.cell)}
        for index, cell in enumerate(self.cells):
            if self.homes[index] is None and key(cell) in wanted:
                self._settle(index, wanted[key(cell)], how)

    def claim_by_text(self) -> None:
        """Settle cells that say exactly what a free cell of the lesson says, each once and in order."""
        wanted: dict[tuple[str, str], list[int]] = {}
        for part in self._free(self.parts):
            wanted.setdefault((part.cell.kind, part.cell.text), []).append(part.place)
        for index in self._strays(range(len(self.cells))):
            places = wanted.get((self.cells[index].kind, self.cells[index].text))
            if places:
                self._settle(index, places.pop(0), "its text")

    def gaps(self) -> list[tuple[list[Part], range]]:
        """Runs of free cells of the lesson, each with the student's cells between its recognized neighbors."""
        at: dict[int, list[int]] = {-1: [-1], len(self.parts): [len(self.cells)]}
        for index, home in enumerate(self.homes):
            if home:
                at.setdefault(home.place, []).append(index)
        found = []
        for free, run in groupby(self.parts, key=lambda part: part.place not in self.taken):
            if free:
                members = list(run)
                above, below = at[members[0].place - 1], at[members[-1].place + 1]
                found.append((members, range(max(above) + 1, min(below))))
        return found

    def claim_by_likeness(self, parts: Sequence[Part], indices: Sequence[int]) -> None:
        """Settle pairs of a free and a stray cell, the most alike first; of equals, the student's later cell."""
        strays = self._strays(indices)
        scored = [
            (score, index, part.place)
            for part in self._free(parts)
            if part.role != CHECK  # a check is one line: any two are alike
            for index in strays
            if (score := _likeness(part, self.cells[index])) >= LIKENESS
        ]
        for _, index, place in sorted(scored, key=lambda found: (-found[0], -found[1], found[2])):
            if self.homes[index] is None and place not in self.taken:
                self._settle(index, place, "what it says")

    def claim_by_place(self, parts: Sequence[Part], indices: Sequence[int]) -> None:
        """Settle what is left between two neighbors: the last stray cell is the one missing answer of its kind.

        Not at the ends of the notebook: any other notebook would seem to fit there.
        """
        if parts[0].place == 0 or parts[-1].place == len(self.parts) - 1:
            return
        for kind in ("code", "markdown"):
            missing = [part for part in self._free(parts) if part.role == ANSWER and part.cell.kind == kind]
            strays = [index for index in self._strays(indices) if self.cells[index].kind == kind]
            if len(missing) == 1:
                strays = strays[-1:]
            if len(missing) == len(strays):
                for part, index in zip(missing, strays, strict=True):
                    self._settle(index, part.place, "its place")


def _likeness(part: Part, cell: Cell) -> float:
    """How alike a lesson's cell and a student's are, from 0 to 100."""
    if part.role == ANSWER and part.own_names & cell.names:
        return _SAME_NAMES
    if part.cell.kind != cell.kind or min(len(part.cell.text), len(cell.text)) < _SHORTEST:
        return 0.0
    return fuzz.ratio(part.cell.text[:_COMPARED], cell.text[:_COMPARED], score_cutoff=LIKENESS)
