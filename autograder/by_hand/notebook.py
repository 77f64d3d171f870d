"""The notebook that `autograder mark` opens: a cell for each written exercise of a lesson."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import Course, CourseError
from autograder.grading.journal import write_atomically
from autograder.grading.lesson import list_exercises

_ABOUT = """# Marking {lesson}

Run a cell and mark with the keyboard: a number ticks an item of the rubric, `0` gives no points, `n` goes to the next
answer without a mark, `j` and `k` go on and back, `c` writes a comment. Every tick is in the gradebook at once.
"""


def write_marking_notebook(course: Course, lesson: str, names: bool = False, second: str = "") -> Path:
    """Write marking/LESSON.ipynb. Raises CourseError where the lesson has no written exercise."""
    written = [
        exercise.name
        for notebook in course.notebooks(lesson)
        for exercise in list_exercises(course.released(lesson, notebook))
        if exercise.written
    ]
    if not written:
        raise CourseError(f"{lesson} has no written exercise")
    options = "".join(f", {name}={value!r}" for name, value in (("names", names), ("second", second)) if value)
    root = str(course.root)
    cells = [new_markdown_cell(_ABOUT.format(lesson=lesson)), new_code_cell("from autograder import mark")]
    cells += [new_code_cell(f"mark({name!r}, {lesson!r}, {root!r}{options})") for name in written]
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    file = course.root / "marking" / f"{lesson}.ipynb"
    write_atomically(file, nbformat.writes(notebook).encode())
    return file


def open_in_jupyterlab(course: Course, file: Path) -> int:
    """Open a notebook of the course in JupyterLab, until that is ended; its exit status."""
    command = [sys.executable, "-m", "jupyterlab", str(file), f"--ServerApp.root_dir={course.root}"]
    if os.name == "posix" and os.geteuid() == 0:
        command.append("--allow-root")
    return subprocess.run(command).returncode
