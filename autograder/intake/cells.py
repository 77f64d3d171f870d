"""The cells of a student's notebook as plain data, whatever the notebook's format says."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.intake.definitions import Definition, definitions
from autograder.intake.problem import Limits, Unreadable
from autograder.intake.text import to_json, to_text
from autograder.intake.text_notebook import ENDINGS, read_text_notebook
from autograder.text import encodable

_KINDS = {"code": "code", "markdown": "markdown", "heading": "markdown"}  # all else is read as raw


def normal(source: str) -> str:
    """A source for comparing: without blank lines and white space at the ends of lines."""
    return "\n".join(line.rstrip() for line in source.split("\n") if line.strip())


@dataclass(frozen=True)
class Cell:
    """What intake takes from a cell of a student: never its outputs, attachments or other metadata."""

    kind: str  # code, markdown or raw
    source: str
    cell_id: str | None = None
    grade_id: str | None = None

    @cached_property
    def text(self) -> str:
        """The source, normalized."""
        return normal(self.source)

    @cached_property
    def definitions(self) -> dict[str, Definition] | None:
        """What the cell defines at its top level; None if it isn't Python. Parsing is the expensive part."""
        return definitions(self.source)

    @cached_property
    def names(self) -> frozenset[str]:
        """Names that the cell defines at its top level, where it is Python."""
        return frozenset(self.definitions or ())


def read_cells(path: Path, raw: bytes, limits: Limits, notes: list[str]) -> list[Cell]:
    """The cells of a notebook in a file's bytes. Raises Unreadable; says in `notes` what was odd about it.

    nbformat's own reader isn't used: it refuses a notebook for the least flaw, and of each cell we need four
    fields. The released notebook gives everything else.
    """
    text = to_text(path, raw, notes)
    if path.suffix.casefold() in ENDINGS:
        document = read_text_notebook(path, text, limits, notes)
    else:
        document = to_json(path, text, limits, notes)
    found = _raw_cells(document)
    if found is None:
        raise Unreadable(
            path,
            "The file is JSON, but not a notebook: it has no list of cells. Ask for the notebook itself.",
        )
    if len(found) > limits.cells:
        raise Unreadable(
            path,
            f"The notebook has {len(found):,} cells; more than {limits.cells:,} are not read. "
            "Ask for it with the student's answers alone.",
        )
    cells = [_cell(raw_cell) for raw_cell in found if isinstance(raw_cell, dict)]
    written = sum(len(cell.source) for cell in cells)
    if written > limits.written_characters:
        raise Unreadable(
            path,
            f"The cells have {written:,} characters; more than {limits.written_characters:,} are not read. "
            "Ask for the notebook with the student's answers alone.",
        )
    version = document.get("nbformat")
    if type(version) is int and version > 4:
        notes.append(f"The notebook says it is of format {version}, newer than 4; its cells were read as format 4.")
    elif type(version) is int and 0 < version < 4:
        notes.append(f"The notebook was of the old format {version}; it was converted to format 4.")
    return cells


def _raw_cells(document: Any) -> list[Any] | None:
    if not isinstance(document, dict):
        return None
    found = document.get("cells")
    if isinstance(found, list):
        return found
    if isinstance(document.get("worksheets"), list):  # formats 2 and 3
        sheets = [sheet.get("cells") for sheet in document["worksheets"] if isinstance(sheet, dict)]
        return [cell for cells in sheets if isinstance(cells, list) for cell in cells]
    return None


def _cell(raw: dict[str, Any]) -> Cell:
    source = raw["source"] if "source" in raw else raw.get("input")  # `input` in formats 2 and 3
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    kind = raw.get("cell_type")
    return Cell(
        kind=_KINDS.get(kind, "raw") if isinstance(kind, str) else "raw",
        source=_clean("".join(_strings(source))),
        cell_id=raw["id"] if isinstance(raw.get("id"), str) else None,
        grade_id=grade_id if isinstance(grade_id, str) else None,
    )


def _strings(source: Any) -> Iterator[str]:
    if isinstance(source, str):
        yield source
    elif isinstance(source, list):
        yield from (line for line in source if isinstance(line, str))


def _clean(source: str) -> str:
    """Text that can be written as UTF-8 and into a database, with one kind of line end."""
    return encodable(source).replace("\r\n", "\n").replace("\r", "\n")
