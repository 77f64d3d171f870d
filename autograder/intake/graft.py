"""Rebuilds the lesson with a student's answers in it. All the rest is the released notebook."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.intake.cells import Cell
from autograder.intake.fetch import fetch_answers
from autograder.intake.lesson import ANSWER, CHECK, FREE, Part, answers, parts_of
from autograder.intake.match import find_homes
from autograder.intake.problem import Limits
from autograder.intake.rebuild import rebuild


@dataclass(frozen=True)
class Graft:
    """A rebuilt notebook, what was mended on the way, and how much of the lesson was recognized."""

    notebook: NotebookNode
    mended: tuple[str, ...]
    untouched: frozenset[str]
    recognized: int  # answer and check cells of the lesson that the student's notebook has
    is_answered: bool  # whether any exercise is more than its stub


def graft(released: NotebookNode, cells: Sequence[Cell], limits: Limits, free_cells: bool = False) -> Graft:
    """Put the answers that stand in `cells` into a copy of the released notebook; see parts_of for `free_cells`."""
    work = _Work(parts_of(released, free_cells), cells, limits)
    for part in work.parts:
        if part.role == ANSWER:
            work.take_answer(part)
        elif part.role == FREE:
            work.take_free(part)
        else:
            work.keep_given(part)
    work.sum_up()
    added = work.added()
    fetched = fetch_answers(work.parts, work.answer, added)
    work.notes += [
        f"The answer to `{work.parts[place].exercise}` was in another cell; it was copied into the right one."
        for place in fetched
    ]
    answer = {place: cell.source for place, cell in work.answer.items()} | fetched | work.free
    return Graft(
        notebook=rebuild(released, answer, added),
        mended=tuple(work.notes),
        untouched=frozenset(part.exercise for part in answers(work.parts) if part.place not in answer),
        recognized=_recognized(work),
        is_answered=bool(work.answer or fetched),
    )


def _recognized(work: "_Work") -> int:
    """Answer and check cells that the student's notebook has. Of a lesson without any, every notebook is one."""
    asked = [part for part in work.parts if part.role in (ANSWER, CHECK)]
    return sum(bool(work.mine[part.place]) for part in asked) if asked else 1


class _Work:
    """The state of one graft."""

    def __init__(self, parts: list[Part], cells: Sequence[Cell], limits: Limits):
        self.parts = parts
        self.cells = cells
        self.limits = limits
        self.homes = find_homes(parts, cells)
        self.mine: list[list[int]] = [[] for _ in parts]  # the student's cells at each place of the lesson
        for index, home in enumerate(self.homes):
            if home:
                self.mine[home.place].append(index)
        self.answer: dict[int, Cell] = {}  # by place
        self.chosen: dict[int, int] = {}  # the one cell of the student's that stands for a place -> that place
        self.own = {index for index, home in enumerate(self.homes) if home is None}
        self.free: dict[int, str] = {}  # by place: what the student made of a cell that anybody may change
        self.notes: list[str] = []
        self.prose = 0  # text cells of the lesson that the student changed or deleted

    def take_answer(self, part: Part) -> None:
        """Settle what stands in an answer cell; say what was odd about it."""
        mine = self.mine[part.place]
        if not mine:
            self.notes.append(f"{part.title} was missing; the lesson's own is used.")
            return
        short = [index for index in mine if self._fits(index, part.title)]
        live = [index for index in short if self.cells[index].text not in ("", part.cell.text)]
        if not live:
            self.chosen[mine[0]] = part.place
            if all(not self.cells[index].text for index in mine):
                self.notes.append(f"{part.title} was empty; the lesson's own is used.")
            return
        best = ([index for index in live if self.cells[index].names & part.cell.names] or live)[-1]
        self.chosen[best] = part.place
        self.answer[part.place] = self.cells[best]
        self._say_how_found(part, best)
        if len({self.cells[index].text for index in live}) > 1:
            self._settle_copies(part, live, best)

    def _fits(self, index: int, title: str) -> bool:
        fits = len(self.cells[index].source) <= self.limits.cell_characters
        if not fits:
            self.notes.append(f"{title} had more than {self.limits.cell_characters:,} characters and was not used.")
        return fits

    def _say_how_found(self, part: Part, index: int) -> None:
        kind, home, answer = self.cells[index].kind, self.homes[index], f"The answer to `{part.exercise}`"
        if kind != part.cell.kind:
            self.notes.append(f"{answer} was in a {kind} cell; it was read as {part.cell.kind}.")
        if home and home.how != "its grade_id":
            self.notes.append(f"{answer} had lost its name (its grade_id); it was recognized by {home.how}.")

    def _settle_copies(self, part: Part, live: list[int], best: int) -> None:
        answer = f"The answer to `{part.exercise}`"
        if part.cell.kind != "code":  # text for a person to read: nothing of it is lost
            texts = {self.cells[index].text: self.cells[index].source.strip("\n") for index in live}
            self.answer[part.place] = Cell("markdown", "\n\n".join(texts.values()))
            self.notes.append(f"{answer} was in {len(texts)} cells; they were joined.")
            return
        self.notes.append(f"{answer} was in several cells that differ; the last one counts.")
        winner = self.cells[best]
        for index in live:
            cell = self.cells[index]
            # A copy that defines something else, or only does something, may be a part of the answer.
            is_replaced = cell.names <= winner.names if cell.names else cell.definitions is None
            if cell.text != winner.text and not is_replaced:
                self.own.add(index)

    def take_free(self, part: Part) -> None:
        """A cell that is nobody's stands as the student left it; where it was deleted, it stands empty."""
        mine = [index for index in self.mine[part.place] if self._fits(index, part.title)]
        self.free[part.place] = self.cells[mine[0]].source if mine else ""
        if mine:
            self.chosen[mine[0]] = part.place
            self.own |= set(mine[1:])

    def keep_given(self, part: Part) -> None:
        """The released cell stands; say so where the student's was another."""
        mine = self.mine[part.place]
        same = [index for index in mine if self._is_released(self.cells[index], part)]
        if mine:
            copies = same or mine
            above = next(reversed(self.chosen), -1)  # of copies, the first below the lesson's cell before this one
            self.chosen[next((index for index in copies if index > above), copies[0])] = part.place
        if part.role != CHECK:  # a copy of a given cell that the student made to write in
            self.own |= {index for index in mine if index not in same and index not in self.chosen}
        if same:
            return
        if part.cell.kind != "code":
            self.prose += 1
        elif mine:
            self.notes.append(f"{part.title} had been changed; the lesson's own is used.")
        else:
            self.notes.append(f"{part.title} was missing and was put back.")

    @staticmethod
    def _is_released(cell: Cell, part: Part) -> bool:
        return (cell.kind, cell.text) == (part.cell.kind, part.cell.text)

    def sum_up(self) -> None:
        """One sentence each for the lesson's prose and for the order of its cells."""
        if self.prose:
            cells = "1 text cell" if self.prose == 1 else f"{self.prose} text cells"
            self.notes.append(f"{cells} of the lesson had been changed or deleted; the lesson's own text is used.")
        places = [self.chosen[index] for index in sorted(self.chosen)]
        if places != sorted(places):
            self.notes.append("The lesson's cells were in another order; the original order was restored.")

    def added(self) -> dict[int, list[Cell]]:
        """The student's own cells by the place after which each stands; -1 is the top of the notebook."""
        anchors = _longest_rising(self.chosen)
        found: dict[int, list[Cell]] = {}
        above = -1
        for index, cell in enumerate(self.cells):
            if index in anchors:
                above = self.chosen[index]
            elif index in self.own and self._is_worth_keeping(cell) and self._fits(index, "An added cell"):
                found.setdefault(above, []).append(cell)
        return found

    def _is_worth_keeping(self, cell: Cell) -> bool:
        """A copy of a cell of the lesson says nothing new, and a copy of a stub would undo the answer."""
        return bool(cell.text) and not any(self._is_released(cell, part) for part in self.parts)


def _longest_rising(chosen: dict[int, int]) -> set[int]:
    """Those of the student's cells that stand in the lesson's order: a longest rising run of places.

    A cell that was moved far away is no landmark for the student's own cells around it.
    """
    tails: list[int] = []  # tails[n]: the smallest place that ends a rising run of n + 1
    length: dict[int, int] = {}
    for index in sorted(chosen):
        position = bisect_left(tails, chosen[index])
        tails[position : position + 1] = [chosen[index]]
        length[index] = position + 1
    run: set[int] = set()
    wanted, ceiling = len(tails), float("inf")
    for index in sorted(chosen, reverse=True):
        if length[index] == wanted and chosen[index] < ceiling:
            run.add(index)
            wanted, ceiling = wanted - 1, chosen[index]
    return run
