"""``autograder build``: everything that is derived from source/, the notebook of each pair, lessons/ and solutions/."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.building import overview, pair, release, solution
from autograder.building.part import Part
from autograder.course import Course, CourseError, read_notebook
from autograder.sources import take_up


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
        take_up(self.course, lesson, source)
        if only != Part.SOLUTIONS:
            for file, content in release.released_files(self.course, lesson, source).items():
                self._keep_work(file, content)
                self._put(file, content)
        if only != Part.LESSONS:
            for file, content in release.supporting_files(self.course, lesson).items():
                self._put(file, content)
            self._solution(lesson, source)

    def overview(self) -> None:
        """Bring lessons/README.md, the course overview, up to date, and the pages beside it, such as a glossary."""
        page = overview.course_page(self.course, self.course.sources())
        self._put(self.course.lessons_dir / "README.md", page.encode())
        for file in self.course.pages():
            self._put(self.course.lessons_dir / file.name, file.read_bytes())

    def _put(self, file: Path, content: bytes) -> None:
        if file.is_file() and file.read_bytes() == content:
            return
        self.changed.append(self._name(file))
        if not self.check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def _solution(self, lesson: str, source: NotebookNode) -> None:
        file = self.course.solution_notebook(lesson)
        expected = solution.solved(source, self.course.checks(lesson))
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
            self._put(
                file,
                pair.to_bytes(
                    solution.execute(expected, file.parent, self._name(file), self.course.settings.solution_environment)
                ),
            )

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


def run_build(
    course: Course, lessons: Sequence[str] = (), only: Part | None = None, check: bool = False, execute: bool = False
) -> Build:
    """Make lessons/ and solutions/ from source/, and the notebook of each pair; only what has changed.

    ``lessons``: only these. ``check``: write nothing. ``execute``: run solutions again, changed or not. Raises
    CourseError.
    """
    build = Build(course, check=check, execute=execute)
    for name in lessons or course.sources():
        build.lesson(name, only)
    if only != Part.SOLUTIONS:
        build.overview()
    return build
