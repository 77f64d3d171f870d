"""The prose of the course and the engine: what a person reads, gathered for the tests of its language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat

from tests.course import COURSE, ROOT

GUIDES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "docs" / "site" / "index.md"])
PAGES = sorted([*COURSE.source.glob("*.md"), *(ROOT / "data").glob("*.md")])
ENGINE = sorted([*(ROOT / "autograder").rglob("*.py"), *(ROOT / "vaelab").rglob("*.py")])
TEMPLATES = sorted((ROOT / "autograder" / "views" / "templates").glob("*"))
_CODE = re.compile(r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$|https?://\S+|\]\([^)]*\)|<[^>]+>", re.S)


def plain(markdown: str) -> str:
    """Markdown without code, formulas, links' targets and tags."""
    return _CODE.sub(" ", markdown)


def of_lesson(lesson: str) -> str:
    """The Markdown cells of a lesson's source, as prose."""
    cells = nbformat.read(COURSE.source_notebook(lesson), as_version=4).cells
    return plain("\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown"))


def strings(source: str) -> Iterator[str]:
    """Docstrings, messages and comments of a Python file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.value
    yield from re.findall(r"(?:^|\s)# (.+)", source)


def of_code(file: Path) -> str:
    """The prose in a Python file."""
    return plain("\n\n".join(strings(file.read_text("utf-8"))))


def of_cells(lesson: str) -> str:
    """The prose in the code cells of a lesson: docstrings, comments, titles, alt texts."""
    cells = nbformat.read(COURSE.source_notebook(lesson), as_version=4).cells
    return plain("\n\n".join(text for cell in cells if cell.cell_type == "code" for text in strings(cell.source)))


def check_files() -> list[Path]:
    """Public and hidden checks."""
    return sorted([*COURSE.source.glob("*/checks.py"), *COURSE.hidden_dir.glob("*.py")])
