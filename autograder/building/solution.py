"""From the pair to the solved notebook, executed, with its figures."""

import copy
import hashlib
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder.building.pair import LANGUAGE
from autograder.checking.catalogue import CheckInfo
from autograder.course import CourseError
from autograder.sources import without_markers

CELL_TIMEOUT = 600  # seconds
KEY = "autograder"  # in the metadata of a solution


def solved(source: NotebookNode, checks: Iterable[CheckInfo] = ()) -> NotebookNode:
    """The source notebook without its solution markers, and with the hashes of what its outputs come from in the
    metadata: its code, and the titles and points of its ``checks``, which a check's output shows."""
    notebook = copy.deepcopy(source)
    for cell in notebook.cells:
        cell.source = without_markers(cell.source)
        cell.metadata.pop("lines_to_next_cell", None)
    del notebook.metadata["jupytext"]
    shown = repr([(check.exercise, check.title, check.points) for check in checks])
    notebook.metadata[KEY] = {"executed": _code_hash(notebook), "checked": hashlib.sha256(shown.encode()).hexdigest()}
    return notebook


def is_current(solution: NotebookNode, expected: NotebookNode) -> bool:
    """Whether ``solution`` holds the cells of ``expected`` and was executed with exactly its code and checks."""
    return has_outputs_of(solution, expected) and _cells(solution) == _cells(expected)


def has_outputs_of(solution: NotebookNode, expected: NotebookNode) -> bool:
    """Whether the outputs in ``solution`` come from the code and checks of ``expected``; its prose may differ."""
    hashes = expected.metadata[KEY]
    return bool(solution.metadata.get(KEY) == hashes and hashes["executed"] == _code_hash(solution))


def with_outputs(expected: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """``expected`` with the outputs of ``solution``, for when only the prose has changed."""
    notebook = copy.deepcopy(expected)
    for new, old in zip(_code(notebook), _code(solution), strict=True):
        new.outputs, new.execution_count = old.outputs, old.execution_count
    if "widgets" in solution.metadata:
        notebook.metadata["widgets"] = solution.metadata["widgets"]
    return notebook


def execute(notebook: NotebookNode, folder: Path, name: str, environment: Mapping[str, str]) -> NotebookNode:
    """Run ``notebook`` in ``folder``, with this very Python and ``environment``, and return it with its outputs.

    nbclient is what ``nbconvert --execute`` runs too. Raises CourseError that names
    ``name`` and the cell that failed.
    """
    notebook = copy.deepcopy(notebook)
    # Without folders to look in there is one kernel left: ipykernel in the Python that runs this.
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=CELL_TIMEOUT,
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
        # Libraries in C++ write start-up lines past Python to file descriptor 2: they belong to no cell.
        extra_arguments=["--IPKernelApp.capture_fd_output=False"],
    )
    try:
        client.execute(env={**os.environ, **environment}, cleanup_kc=True, stderr=subprocess.DEVNULL)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise CourseError(f"{name}: the solution doesn't run to its end.\n{error}") from error
    notebook.metadata["language_info"] = dict(LANGUAGE)  # the kernel's own names the exact Python version
    return notebook


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _code_hash(notebook: NotebookNode) -> str:
    return hashlib.sha256("\0".join(cell.source for cell in _code(notebook)).encode()).hexdigest()


def _cells(notebook: NotebookNode) -> list[tuple[str, str, str, NotebookNode]]:
    return [(cell.cell_type, cell.id, cell.source, cell.metadata) for cell in notebook.cells]
