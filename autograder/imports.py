"""What notebooks import: a course that names nothing for its warm kernels gets this."""

import os
import re
import sys
from collections.abc import Iterable
from importlib.machinery import PathFinder

from nbformat import NotebookNode

_IMPORT = re.compile(r"^(?:import|from)[ \t]+([A-Za-z_][\w.]*(?:[ \t]*(?:as[ \t]+\w+)?,[ \t]*[A-Za-z_][\w.]*)*)", re.M)
_NOT_AHEAD = {"antigravity", "this", "nbgrader", "ipytest"}  # these do something at once, or are no library


def imported_modules(notebooks: Iterable[NotebookNode]) -> tuple[str, ...]:
    """The installed libraries that the code cells of ``notebooks`` import at their left edge, in order.

    Without those of Python itself, which cost nothing, and modules that lie beside the notebook.
    """
    here = {"", os.getcwd()}
    path = [place for place in sys.path if place not in here]
    found: dict[str, None] = {}
    for notebook in notebooks:
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            for match in _IMPORT.finditer(cell.source):
                for part in match[1].split(","):
                    name = part.split()[0]
                    top = name.partition(".")[0]
                    known = top in sys.stdlib_module_names or top in _NOT_AHEAD
                    if not known and PathFinder.find_spec(top, path) is not None:
                        found[name] = None
    return tuple(found)
