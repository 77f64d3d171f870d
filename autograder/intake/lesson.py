"""The released notebook as intake sees it: which cell is an answer, a check, or given."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.intake.cells import Cell
from autograder.text import shown

ANSWER, CHECK, GIVEN, FREE = "answer", "check", "given", "free"


@dataclass(frozen=True)
class Part:
    """One cell of the released notebook."""

    place: int  # its index in the notebook
    role: str
    cell: Cell
    own_names: frozenset[str]  # that this cell, and no other cell of the lesson, defines

    @property
    def exercise(self) -> str:
        """The exercise that an answer or a check belongs to."""
        return (self.cell.grade_id or "").removeprefix("check-" if self.role == CHECK else "")

    @property
    def title(self) -> str:
        """What a sentence calls the cell."""
        if self.role == ANSWER:
            return f"The answer cell of `{self.exercise}`"
        if self.role == CHECK:
            return f"The check cell of `{self.exercise}`"
        first_line = self.cell.text.partition("\n")[0]
        return f"The given cell that begins `{shown(first_line, longest=50)}`"


def parts_of(released: NotebookNode, free_cells: bool = False) -> list[Part]:
    """The cells of a released notebook, in order.

    ``free_cells``: code cells that nbgrader has neither named nor locked are the student's to change.
    """
    cells = [_plain(cell) for cell in released.cells]
    defined = Counter(name for cell in cells if cell.kind == "code" for name in cell.names)
    return [
        Part(
            place=place,
            role=FREE if free_cells and _is_free(node) else _role(node),
            cell=cell,
            own_names=frozenset(name for name in cell.names if cell.kind == "code" and defined[name] == 1),
        )
        for place, (node, cell) in enumerate(zip(released.cells, cells, strict=True))
    ]


def answers(parts: Sequence[Part]) -> list[Part]:
    """The answer cells among the parts."""
    return [part for part in parts if part.role == ANSWER]


def _plain(node: NotebookNode) -> Cell:
    nbgrader = node.metadata.get("nbgrader", {})
    return Cell(node.cell_type, node.source, node.get("id"), nbgrader.get("grade_id"))


def _is_free(node: NotebookNode) -> bool:
    nbgrader = node.metadata.get("nbgrader", {})
    named = any(nbgrader.get(kind) for kind in ("grade", "solution", "locked", "task"))
    return bool(node.cell_type == "code" and not named)


def _role(node: NotebookNode) -> str:
    nbgrader = node.metadata.get("nbgrader", {})
    if nbgrader.get("solution") and not nbgrader.get("locked"):
        return ANSWER
    return CHECK if nbgrader.get("grade") else GIVEN
