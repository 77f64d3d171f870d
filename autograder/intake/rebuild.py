"""Puts the rebuilt notebook together: the released one, the answers, and the student's own cells."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from itertools import count

import nbformat
from nbformat import NotebookNode

from autograder.intake.cells import Cell
from autograder.intake.harmless import harmless

_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
_NEW_CELL: dict[str, Callable[..., NotebookNode]] = {
    "code": nbformat.v4.new_code_cell,
    "markdown": nbformat.v4.new_markdown_cell,
    "raw": nbformat.v4.new_raw_cell,
}


def rebuild(released: NotebookNode, answer: Mapping[int, str], added: Mapping[int, Sequence[Cell]]) -> NotebookNode:
    """A copy of the released notebook with other sources at the places in `answer`.

    `added` holds the student's own cells by the place after which each stands, -1 being the top. Of such a cell
    its source alone is kept: no metadata, no tags, and an id of ours. Text of the student's is made harmless.
    """
    notebook = deepcopy(released)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    if notebook.metadata.get("kernelspec", {}).get("language") != "python":
        notebook.metadata["kernelspec"] = nbformat.from_dict(_KERNEL)
    for place, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"lesson-{place}")  # a notebook of format 4.4 has none
        if place in answer:
            cell.source = answer[place] if cell.cell_type == "code" else harmless(answer[place])
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    ids = {cell.id for cell in notebook.cells}
    names = (name for number in count(1) if (name := f"added-{number}") not in ids)
    cells: list[NotebookNode] = []
    for place in range(-1, len(notebook.cells)):
        cells += notebook.cells[place : place + 1] if place >= 0 else []
        for own in added.get(place, ()):
            source = own.source if own.kind == "code" else harmless(own.source)
            cells.append(_NEW_CELL[own.kind](source, id=next(names)))
    notebook.cells = cells
    return notebook
