"""Answers that stand in another cell than their own, such as two answers pasted into one cell."""

from collections.abc import Mapping, Sequence

from autograder.intake.cells import Cell, normal
from autograder.intake.definitions import Definition
from autograder.intake.lesson import CHECK, Part, answers


def fetch_answers(
    parts: Sequence[Part], answer: Mapping[int, Cell], added: Mapping[int, Sequence[Cell]]
) -> dict[int, str]:
    """Sources for cells that still hold their stub though the student defines their names elsewhere, by place.

    Executed as it stands, such a stub would overwrite the student's definition. `answer` holds the answers that
    stand in their own cells, by place; `added` the student's own cells, by the place after which each stands.
    A definition above the exercise's check goes before one below it; of several, the last.
    """
    offered: list[tuple[int, Cell]] = []
    for place in range(-1, len(parts)):
        if place in answer and parts[place].cell.kind == "code":
            offered.append((place, answer[place]))
        offered += [(place, cell) for cell in added.get(place, ()) if cell.kind == "code"]
    fetched = {}
    for part in answers(parts):
        if part.place in answer or not part.own_names:
            continue
        donors = [(place, cell) for place, cell in offered if _improves(part, cell)]
        if donors:
            check = _check_of(part, parts)
            above = [cell for place, cell in donors if place < check]
            fetched[part.place] = _splice(part, above[-1] if above else donors[-1][1])
    return fetched


def _shared(part: Part, cell: Cell) -> list[tuple[Definition, Definition]]:
    """The stub's own definitions, each with the one that `cell` has of the same name."""
    stub, found = part.cell.definitions or {}, cell.definitions or {}
    return [(stub[name], found[name]) for name in part.own_names & found.keys()]


def _improves(part: Part, cell: Cell) -> bool:
    """Whether `cell` defines a name of the stub's own with something other than the stub."""
    return any(normal(old.source) != normal(new.source) for old, new in _shared(part, cell))


def _splice(part: Part, cell: Cell) -> str:
    """The stub's cell with the definitions that `cell` has in place of its own."""
    lines = part.cell.source.split("\n")
    for old, new in sorted(_shared(part, cell), key=lambda pair: -pair[0].first):
        lines[old.first - 1 : old.last] = new.source.split("\n")
    return "\n".join(lines)


def _check_of(part: Part, parts: Sequence[Part]) -> int:
    """The place of the exercise's check cell; the end where it has none."""
    return next((p.place for p in parts if p.role == CHECK and p.exercise == part.exercise), len(parts))
