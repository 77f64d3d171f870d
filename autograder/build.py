"""Regenerate everything that is derived from source/: the notebook of each pair, lessons/ and solutions/.

``python -m autograder.build`` writes what has changed; with ``--check`` it only names it.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from nbformat import NotebookNode
from rich.console import Console

from autograder.building import overview, pair, release, solution
from autograder.course import Course, CourseError, read_notebook


class Part(StrEnum):
    """What ``--only`` can name; the pair itself is always brought up to date."""

    LESSONS = "lessons"
    SOLUTIONS = "solutions"


@dataclass
class Build:
    """A build of one course; ``changed`` names the files that were written or, with ``check``, would be."""

    course: Course
    check: bool = False
    execute: bool = False

    def __post_init__(self) -> None:
        self.changed: list[str] = []
        self.kept: list[Path] = []

    def lesson(self, lesson: str, only: Part | None = None) -> None:
        """Bring one lesson up to date, or with ``check`` find out what isn't.

        Raises CourseError for a source that makes no sound lesson and for a solution that doesn't run.
        """
        source = pair.source_notebook(self.course, lesson)
        self._put(self.course.source_notebook(lesson), pair.to_bytes(source))
        if only != Part.SOLUTIONS:
            for file, content in release.released_files(self.course, lesson, source).items():
                self._keep_work(file, content)
                self._put(file, content)
        if only != Part.LESSONS:
            self._solution(lesson, source)

    def overview(self) -> None:
        """Bring lessons/README.md up to date: the map of the course."""
        page = overview.course_page(self.course, self.course.sources())
        self._put(self.course.lessons_dir / "README.md", page.encode())

    def _put(self, file: Path, content: bytes) -> None:
        if file.is_file() and file.read_bytes() == content:
            return
        self.changed.append(self._name(file))
        if not self.check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def _solution(self, lesson: str, source: NotebookNode) -> None:
        file = self.course.solution_notebook(lesson)
        expected = solution.solved(source)
        try:
            old = read_notebook(file, mend="it will be made again")
        except CourseError:
            old = None
        if old and not self.execute and solution.is_current(old, expected):
            return
        if self.check:
            self.changed.append(self._name(file))
        elif old and not self.execute and solution.has_outputs_of(old, expected):
            self._put(file, pair.to_bytes(solution.with_outputs(expected, old)))
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._put(file, pair.to_bytes(solution.execute(expected, file.parent, self._name(file))))

    def _keep_work(self, file: Path, content: bytes) -> None:
        """Put a released lesson aside, rather than overwrite it, when somebody has worked in it."""
        if self.check or file.suffix != ".ipynb" or not file.is_file() or file.read_bytes() == content:
            return
        try:
            old = read_notebook(file, mend="")
        except CourseError:
            return
        if release.holds_work(old, self.course.nbgrader_config(must_exist=True)):
            number = 1
            while (aside := file.with_suffix(f".kept-{number}.ipynb")).exists():
                number += 1
            file.rename(aside)
            self.kept.append(aside)

    def _name(self, file: Path) -> str:
        return file.relative_to(self.course.root).as_posix()


def main(
    course: Annotated[Path | None, typer.Option(help="The course folder, if not this one.")] = None,
    lesson: Annotated[list[str] | None, typer.Option(help="Only this lesson; may be given again.")] = None,
    only: Annotated[Part | None, typer.Option(help="Only lessons/ or only solutions/.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if a file is stale.")] = False,
    execute: Annotated[bool, typer.Option("--execute", help="Run solutions again, changed or not.")] = False,
) -> None:
    """Make lessons/ and solutions/ from source/, and the notebook of each pair; only what has changed."""
    out, err = Console(), Console(stderr=True)
    try:
        found = Course.at(course) if course else Course.find()
        build = Build(found, check=check, execute=execute)
        for name in [found.lesson(name) for name in lesson] if lesson else found.sources():
            with out.status(f"{name} …"):
                build.lesson(name, only)
        if only != Part.SOLUTIONS:
            build.overview()
    except CourseError as error:
        err.print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
    for file in build.kept:
        out.print(f"{file} keeps the answers that somebody had written into the lesson", soft_wrap=True)
    for file in build.changed:
        word = "is not what source/ gives; run: make build" if check else "written"
        (err if check else out).print(f"{file} {word}", markup=False, highlight=False, soft_wrap=True)
    if not build.changed:
        out.print("lessons/ and solutions/ are what source/ gives.")
    if check and build.changed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
