"""Cells and outputs of a notebook, as nbformat makes them, but not checked against its schema: that takes a millisecond
each, and a class has many."""

from typing import Any

from nbformat import NotebookNode
from nbformat.notebooknode import from_dict


def code_cell(source: str = "") -> NotebookNode:
    """A code cell that has not run."""
    cell: NotebookNode = from_dict(
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
    )
    return cell


def output_of(kind: str, **content: Any) -> NotebookNode:
    """An output of the kind "stream", "error", "display_data" or "execute_result", with all it must have."""
    made: NotebookNode = from_dict({"output_type": kind, **content})
    if "data" in content:
        made.setdefault("metadata", NotebookNode())
    return made
