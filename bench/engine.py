"""How long an author waits: from `autograder new` to a built course with a graded and reported class."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Figure, at_most, seconds


def measure(quick: bool) -> Iterator[Figure]:
    """engine_ready."""
    yield at_most("engine_ready", [from_nothing_to_graded() for _ in range(1 if quick else 3)], 30, "s")


def from_nothing_to_graded() -> float:
    """Seconds for the commands that a new author types, in a new folder."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder, "course")

        def all_of_it() -> None:
            run("new", str(course))
            run("build", "--course", str(course))
            run("demo", "--course", str(course))

        return seconds(all_of_it)


def run(*arguments: str) -> None:
    """Run a command of the engine. Raises CalledProcessError where it fails."""
    subprocess.run([sys.executable, "-m", "autograder", *arguments], check=True, stdout=subprocess.DEVNULL)
