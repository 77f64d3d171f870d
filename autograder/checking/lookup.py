"""Where the checks of a notebook are: beside it, or in an installed course."""

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from autograder.checking.catalogue import CHECKS, CheckFile, CheckInfo, exercises

GROUP = "autograder.courses"
BY_HAND = "a person reads and marks this answer, so there is no automatic check for it."


@dataclass(frozen=True)
class Checked:
    """An assignment that has check files."""

    name: str
    files: tuple[CheckFile, ...]

    def exercises(self) -> dict[str, list[CheckInfo]]:
        """The checks of each of its exercises."""
        return exercises(self.files)


def beside_the_notebook(namespace: dict[str, Any]) -> Checked | None:
    """The checks that lie beside the open notebook."""
    for folder in notebook_folders(namespace):
        if (file := folder / CHECKS).is_file():
            return Checked(folder.name, (CheckFile(file),))
    return None


def installed() -> list[Checked]:
    """The assignments of installed courses: an entry point of the group ``autograder.courses`` names a function that
    gives the folder in which ASSIGNMENT/checks.py lie. Hidden checks count where that is a course's own source."""
    found = []
    for entry in entry_points(group=GROUP):
        folder: Callable[[], Path] = entry.load()
        found += [Checked(file.parent.name, (CheckFile(file),)) for file in sorted(Path(folder()).glob(f"*/{CHECKS}"))]
    return found


def is_written(exercise: str, namespace: dict[str, Any]) -> bool:
    """True for an answer in words: by its name, or because a notebook in the folder has such a Markdown cell."""
    if exercise.startswith("written-"):
        return True
    for file in (file for folder in notebook_folders(namespace) for file in sorted(folder.glob("*.ipynb"))):
        with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
            for cell in json.loads(file.read_text(encoding="utf-8")).get("cells", []):
                marked = cell.get("metadata", {}).get("nbgrader", {})
                if cell.get("cell_type") == "markdown" and marked.get("solution") and marked["grade_id"] == exercise:
                    return True
    return False


def notebook_folders(namespace: dict[str, Any]) -> list[Path]:
    """The folders in which the open notebook may lie: where the editor says, then where the kernel runs."""
    said = [namespace.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")]
    named = [Path(str(file)).parent for file in said if file and Path(str(file)).is_absolute()]
    return list(dict.fromkeys([*named, Path.cwd()]))
