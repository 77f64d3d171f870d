"""What the engine is to others: an author's first course, and an nbgrader course as it stands."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbgrader

from bench.measure import Figure, at_least, at_most, paired, seconds

GUIDE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"


def measure(quick: bool) -> Iterator[Figure]:
    """engine_ready and stock_throughput."""
    yield at_most("engine_ready", [from_nothing_to_graded() for _ in range(1 if quick else 3)], 30, "s")
    students = 4 if quick else 40
    with tempfile.TemporaryDirectory() as folder:
        course = stock_course(Path(folder, "course"), students)
        theirs, ours = paired(
            lambda: grade(course, "nbgrader", "autograde", "ps1", "--create", "--force") / students,
            lambda: grade(course, "autograder", "grade", "ps1", "--jobs", "2") / students,
            1 if quick else 3,
        )
    what = ("stock, s a student", "autograder, s a student")
    yield at_least("stock_throughput", theirs, ours, 8, what, f"{students} students")


def from_nothing_to_graded() -> float:
    """Seconds for the commands that a new author types, in a new folder."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder, "course")

        def all_of_it() -> None:
            run("autograder", "new", str(course))
            run("autograder", "build", "--course", str(course))
            run("autograder", "demo", "--course", str(course))

        return seconds(all_of_it)


def stock_course(root: Path, students: int) -> Path:
    """nbgrader's quickstart with ``students`` copies of its own submission."""
    shutil.copytree(GUIDE / "source", root / "source")
    for number in range(students):
        shutil.copytree(GUIDE / "submitted" / "hacker", root / "submitted" / f"student-{number:03}")
    run("nbgrader", "generate_assignment", "ps1", "--create", folder=root)
    return root


def grade(course: Path, *command: str) -> float:
    """Seconds of a command that grades the whole class, from nothing."""
    for name in (".journal", "autograded"):
        shutil.rmtree(course / name, ignore_errors=True)
    return seconds(lambda: run(*command, folder=course))


def run(module: str, *arguments: str, folder: Path | None = None) -> None:
    """Run a command line. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", module, *arguments]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
