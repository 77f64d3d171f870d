"""A small lesson, and ways to hand it in."""

import json
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.intake import take_in

LESSON = "02_sampling"


def _nbgrader(grade_id, **flags):
    """Metadata as nbgrader's generate_assignment writes it."""
    base = {"grade_id": grade_id, "grade": False, "locked": False, "solution": False, "task": False}
    return {"nbgrader": {**base, "schema_version": 3, "checksum": "0" * 32, **flags}}


def _cells():
    return {
        "title": new_markdown_cell("# Sampling\n\nHow to learn through a random draw."),
        "setup": new_code_cell(
            "import keras\nimport numpy as np\n\nfrom autograder import check\n\nkeras.utils.set_random_seed(237)",
            metadata=_nbgrader("setup", locked=True),
        ),
        "std": new_code_cell(
            "def std_from_log_var(z_log_var):\n"
            '    """The standard deviation σ. z_log_var: (n, d). Returns (n, d)."""\n'
            '    raise NotImplementedError("TO DO: std_from_log_var")',
            metadata=_nbgrader("std", solution=True),
        ),
        "check-std": new_code_cell('check("std")', metadata=_nbgrader("check-std", grade=True, locked=True, points=3)),
        "prose": new_markdown_cell("The same formula as a layer. Each call draws fresh noise."),
        "demo": new_code_cell(
            "for log_var in (-2.0, 0.0, 2.0):\n    print(log_var, np.exp(log_var / 2), np.exp(log_var))",
            metadata={"tags": ["skip-grading"]},
        ),
        "sampling": new_code_cell(
            "class Sampling(keras.layers.Layer):\n"
            '    """Draws z. Called on [z_mean, z_log_var]."""\n\n'
            "    def call(self, inputs):\n"
            '        raise NotImplementedError("TO DO: Sampling")',
            metadata=_nbgrader("sampling", solution=True),
        ),
        "check-sampling": new_code_cell(
            'check("sampling")', metadata=_nbgrader("check-sampling", grade=True, locked=True, points=5)
        ),
        "question": new_markdown_cell("Is the test set in the training data a leak here? Answer in three sentences."),
        "written-leak": new_markdown_cell(
            "*Your answer here.*",
            metadata=_nbgrader("written-leak", grade=True, solution=True, points=2),
        ),
        "summary": new_markdown_cell("## What to take along\n\nσ = exp(½·log_var)."),
    }


ANSWERS = {
    "std": (
        "def std_from_log_var(z_log_var):\n"
        '    """The standard deviation σ. z_log_var: (n, d). Returns (n, d)."""\n'
        "    return np.exp(0.5 * z_log_var)"
    ),
    "sampling": (
        "class Sampling(keras.layers.Layer):\n"
        "    def call(self, inputs):\n"
        "        mean, log_var = inputs\n"
        "        return mean + std_from_log_var(log_var) * keras.random.normal(mean.shape)"
    ),
    "written-leak": "No: nobody learns the test labels.\n\nIt would be for the question of new digits.",
}


class Desk:
    """A student's desk: the released lesson, a working copy by cell name, and the folder it is handed in to."""

    lesson = LESSON
    answers = ANSWERS

    def __init__(self, folder: Path):
        cells = _cells()
        for name, cell in cells.items():
            cell["id"] = f"id-{name}"
        kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        self.released = new_notebook(cells=list(cells.values()), metadata={"kernelspec": kernelspec})
        self.names = list(cells)
        self.folder = folder
        folder.mkdir(parents=True)
        self.cells = {name: json.loads(json.dumps(cell)) for name, cell in cells.items()}
        for name, answer in ANSWERS.items():
            self.cells[name]["source"] = answer

    def stub(self, name: str) -> str:
        """What the released notebook has in a cell."""
        return self.released.cells[self.names.index(name)].source

    def insert(self, after: str, name: str, source: str, kind: str = "code", **fields) -> None:
        """Add a cell of the student's own below another."""
        order = list(self.cells)
        self.cells[name] = {"cell_type": kind, "metadata": {}, "source": source, **fields}
        order.insert(order.index(after) + 1, name)
        self.cells = {key: self.cells[key] for key in order}

    def strip(self, *names: str, ids: bool = True) -> None:
        """Lose the metadata (and ids) of some cells, or of all."""
        for name in names or self.cells:
            self.cells[name]["metadata"] = {}
            if ids:
                self.cells[name].pop("id", None)

    def document(self, **fields) -> dict:
        """The working copy as a notebook."""
        return {
            "cells": list(self.cells.values()),
            "metadata": {"kernelspec": {"name": "evil", "language": "bash"}},
            "nbformat": 4,
            "nbformat_minor": 5,
            **fields,
        }

    def raw(self, **fields) -> bytes:
        """The working copy as the bytes of a file."""
        return json.dumps(self.document(**fields), ensure_ascii=False).encode()

    def hand_in(self, name: str = f"{LESSON}.ipynb", raw: bytes | None = None) -> Path:
        """Write a file into the submission's folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.raw() if raw is None else raw)
        return path

    def take_in(self, **options):
        """The intake, held against all that is promised of every intake."""
        before = deepcopy(self.released)
        intake = take_in(self.folder, LESSON, self.released, **options)
        assert self.released == before, "the released notebook was changed"
        nbformat.validate(intake.notebook)
        assert intake.notebook.nbformat_minor == 5
        assert intake.notebook.metadata.kernelspec.language == "python"
        by_id = {cell.id: cell for cell in intake.notebook.cells}
        assert len(by_id) == len(intake.notebook.cells)
        kept = [cell for cell in intake.notebook.cells if cell.id.startswith("id-")]
        assert [cell.id for cell in kept] == [cell.id for cell in before.cells]
        for cell, released in zip(kept, before.cells, strict=True):
            assert cell.metadata == released.metadata
            assert cell.cell_type == released.cell_type
            if cell.id.removeprefix("id-") not in ANSWERS:
                assert cell.source == released.source
        for cell in intake.notebook.cells:
            assert cell in kept or cell.metadata == {}
            assert "attachments" not in cell
            assert cell.cell_type != "code" or (cell.outputs == [] and cell.execution_count is None)
        return intake


@pytest.fixture
def desk(tmp_path) -> Desk:
    """All exercises answered, nothing handed in yet."""
    return Desk(tmp_path / "submitted" / "ada" / LESSON)


@pytest.fixture
def answers_of():
    """The answers that stand in an intake, by exercise."""

    def read(intake):
        return {cell.id.removeprefix("id-"): cell.source for cell in intake.notebook.cells if cell.id[3:] in ANSWERS}

    return read
