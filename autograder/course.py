"""Where things lie in a course folder, and what its nbgrader_config.py says."""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from autograder.checking.catalogue import CHECKS, CheckFile, CheckInfo, exercises, list_checks
from autograder.imports import imported_modules
from autograder.settings import Autograder
from autograder.surroundings import Surroundings

_NUMBER = re.compile(r"\d+")
_KEPT = re.compile(r"\.kept-\d+$")  # what a build put aside
_SCHEMA = 3  # of nbgrader's metadata
T = TypeVar("T")


class CourseError(Exception):
    """Something in the course folder is missing or wrong; the message names the file and what mends it."""


@dataclass(frozen=True)
class Course:
    """A course folder, laid out as nbgrader has it. A path that is returned may not exist yet.

    Whatever needs the settings raises CourseError where nbgrader_config.py can't be run.
    """

    root: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(self.root).resolve())

    @classmethod
    def at(cls, folder: Path | str) -> "Course":
        """The course in exactly this folder, as ``--course`` names it. Raises CourseError if it isn't one."""
        course = cls(Path(folder))
        if not course._is_one():
            raise CourseError(f"{course.root} is not a course: it has no nbgrader_config.py and no released notebook")
        return course

    @classmethod
    def find(cls, start: Path | str = ".") -> "Course":
        """The course that ``start`` lies in: the nearest folder, upwards, with settings of nbgrader or lessons.

        Raises CourseError where there is none.
        """
        start = Path(start).resolve()
        for folder in (start, *start.parents):
            if (course := cls(folder))._is_one():
                return course
        raise CourseError(
            f"{start} is not in a course: there is no nbgrader_config.py and no released notebook in or above it. "
            "Name the course folder: --course DIR"
        )

    def _is_one(self) -> bool:
        return (self.root / "nbgrader_config.py").is_file() or bool(self.lessons())

    # -- what the course says of itself ----------------------------------------------------------------------

    def nbgrader_config(self, must_exist: bool = False) -> Config:
        """The settings in the course's nbgrader_config.py: folders, database, stubs, the rule for late work.

        Without that file nbgrader's defaults hold, unless it ``must_exist``. Raises CourseError where it must and
        doesn't, or where it can't be run.
        """
        file = self.root / "nbgrader_config.py"
        try:
            config: Config = PyFileConfigLoader(file.name, path=str(self.root)).load_config()
            return config
        except ConfigFileNotFound:
            if not must_exist:
                return Config()
            raise CourseError(
                f"{file} does not exist; a course needs one to be built: `autograder new` makes a course that has one"
            ) from None
        except Exception as error:  # it is a program of the instructor's
            raise CourseError(f"{file} can't be used: {type(error).__name__}: {error}") from error

    @cached_property
    def config(self) -> Config:
        """The settings, read once: for whoever doesn't change them."""
        return self.nbgrader_config()

    @cached_property
    def settings(self) -> Autograder:
        """The engine's own settings."""
        try:
            return Autograder(config=self.config)
        except Exception as error:  # a value of the wrong type
            raise CourseError(f"{self.root / 'nbgrader_config.py'} can't be used: {error}") from error

    @property
    def title(self) -> str:
        """What the course is called."""
        return self.settings.title or self.root.name

    @property
    def course_id(self) -> str:
        """nbgrader's name of the course, in its database."""
        return str(self.config.CourseDirectory.get("course_id") or "")

    def surroundings(self, lessons: Sequence[str] = ()) -> Surroundings:
        """What the course asks of its kernels, or what only these of its ``lessons`` do."""
        settings, chosen = self.settings, lessons or self.lessons()
        needed = {module for lesson in chosen for module in settings.preload_for.get(lesson, settings.preload)}
        return Surroundings(
            preload=tuple(module for module in settings.preload if module in needed),
            guessed=() if settings.preload else self._imports(chosen),
            readable=tuple(self.root / folder for folder in settings.readable),
            packages=tuple(settings.packages),
            environment={
                name: value.replace("{course}", str(self.root)) for name, value in settings.environment.items()
            },
            covered=(self.hidden_dir,),
        )

    def _imports(self, lessons: Sequence[str]) -> tuple[str, ...]:
        files = (self.released_notebook(lesson, name) for lesson in lessons for name in self.notebooks(lesson))
        return imported_modules(read_notebook(file, mend="") for file in files if file.is_file())

    # -- folders -----------------------------------------------------------------------------------------------

    @property
    def source(self) -> Path:
        """What instructors edit, a folder a lesson."""
        return self._step("source", "source")

    @property
    def lessons_dir(self) -> Path:
        """What students open: generated."""
        return self._step("release", "release")

    @property
    def submitted(self) -> Path:
        """What was handed in: submitted/STUDENT/LESSON/LESSON.ipynb."""
        return self._step("submitted", "submitted")

    @property
    def journal(self) -> Path:
        """What is known of each submission that was graded: .journal/LESSON/STUDENT.json."""
        return self.root / ".journal"

    @property
    def autograded(self) -> Path:
        """Graded notebooks, as nbgrader lays them out: autograded/STUDENT/LESSON/LESSON.ipynb."""
        return self._step("autograded", "autograded")

    @property
    def feedback(self) -> Path:
        """Feedback pages: feedback/STUDENT/LESSON/LESSON.html."""
        return self._step("feedback", "feedback")

    @property
    def solutions(self) -> Path:
        """The solved notebooks with their outputs, generated."""
        return self.root / self.settings.solution_directory

    @property
    def hidden_dir(self) -> Path:
        """The hidden checks, LESSON.py each."""
        return self.root / self.settings.hidden_directory

    @property
    def answers_dir(self) -> Path:
        """The corpus of right and wrong answers."""
        return self.root / self.settings.answers_directory

    def _step(self, name: str, default: str) -> Path:
        return self.root / str(self.config.CourseDirectory.get(f"{name}_directory") or default)

    @property
    def database(self) -> str:
        """The address of nbgrader's database."""
        return str(self.config.CourseDirectory.get("db_url") or f"sqlite:///{self.root / 'gradebook.db'}")

    # -- lessons -----------------------------------------------------------------------------------------------

    def source_text(self, lesson: str) -> Path:
        """The text of a lesson (py:percent): the master copy."""
        return self.source / lesson / f"{lesson}.py"

    def source_notebook(self, lesson: str, notebook: str | None = None) -> Path:
        """The notebook that a released one is made from, such as the other half of a Jupytext pair."""
        return self.source / lesson / f"{notebook or lesson}.ipynb"

    def notebooks(self, lesson: str) -> list[str]:
        """The released notebooks of a lesson, by name without ending, sorted; most have one, called like the lesson."""
        folder = self.lessons_dir / lesson
        names = [path.stem for path in folder.glob("*.ipynb") if path.is_file() and not path.name.startswith(".")]
        return sorted(name for name in names if not _KEPT.search(name)) or [lesson]

    def released_notebook(self, lesson: str, notebook: str | None = None) -> Path:
        """A notebook that a student opens: the one that is called like the lesson, unless another one is named."""
        return self.lessons_dir / lesson / f"{notebook or lesson}.ipynb"

    def solution_notebook(self, lesson: str) -> Path:
        """The solved and executed notebook."""
        return self.solutions / lesson / f"{lesson}.ipynb"

    def sources(self) -> list[str]:
        """The lessons that have a source text, sorted."""
        return [name for name in _folders(self.source) if self.source_text(name).is_file()]

    def pages(self) -> list[Path]:
        """The Markdown pages in source/ that belong to no lesson, such as a glossary; students get them too."""
        return sorted(self.source.glob("*.md"))

    def lessons(self) -> list[str]:
        """Every lesson, released or still to be built, sorted: ``["01_averages", "02_random_walks"]``."""
        released = [name for name in _folders(self.lessons_dir) if any((self.lessons_dir / name).glob("*.ipynb"))]
        return sorted({*self.sources(), *released})

    def lesson(self, name: str) -> str:
        """The full name of a lesson given by its name, its number ("2", "02") or a folder's path.

        Raises CourseError when there is no such lesson.
        """
        lessons = self.lessons()
        wanted = Path(name).name
        if wanted in lessons:
            return wanted
        by_number = [lesson for lesson in lessons if wanted.isdigit() and _number(lesson) == int(wanted)]
        if len(by_number) == 1:
            return by_number[0]
        near = difflib.get_close_matches(wanted, lessons, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(lessons) or 'none yet'}."
        raise CourseError(f"{self.root} has no lesson {name!r}: {hint}")

    def released(self, lesson: str, notebook: str | None = None) -> NotebookNode:
        """A released notebook of a lesson, read from disk (nbformat 4): the one called like it, unless one is named.

        Raises CourseError when it is missing or isn't a notebook.
        """
        file = self.released_notebook(self.lesson(lesson), notebook)
        return read_notebook(file, mend=f"make it again: {self.build_command(lesson)}")

    def files_beside(self, lesson: str) -> dict[str, Path]:
        """What lies beside a released notebook, {path below its folder: file}: checks, helper modules, data."""
        folder = self.lessons_dir / lesson
        return {name: file for name, file in files_in(folder).items() if file.suffix != ".ipynb"}

    def check_files(self, lesson: str, hidden: bool = False) -> list[CheckFile]:
        """The pytest files of a lesson, the public one first; the hidden one where it exists and is asked for."""
        public = [self.source / lesson / CHECKS, self.lessons_dir / lesson / CHECKS]
        found = [CheckFile(file) for file in public if file.is_file()][:1]
        if hidden and (file := self.hidden_dir / f"{lesson}.py").is_file():
            found.append(CheckFile(file, hidden=True))
        return found

    def checks(self, lesson: str, hidden: bool = False) -> list[CheckInfo]:
        """Every check of a lesson. Raises CourseError for a check file that can't be read."""
        return _read_checks(list_checks, self.check_files(lesson, hidden))

    def exercises(self, lesson: str, hidden: bool = False) -> dict[str, list[CheckInfo]]:
        """The checks of each exercise of a lesson. Raises CourseError for a check file that can't be read."""
        return _read_checks(exercises, self.check_files(lesson, hidden))

    def build_command(self, lesson: str) -> str:
        """The command that makes the generated files of a lesson again."""
        if not self.source_text(lesson).is_file():
            return f"unpack {lesson} again"
        return "autograder build"


def files_in(folder: Path) -> dict[str, Path]:
    """{path below the folder: file} of everything in it but hidden files and those that tools make, sorted."""
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name.as_posix(): file
        for name, file in found.items()
        if not any(part.startswith(".") or part == "__pycache__" for part in name.parts)
    }


def read_notebook(file: Path, mend: str) -> NotebookNode:
    """Read one of the course's own notebooks; ``mend`` ends the message of the CourseError if that fails."""
    try:
        return _upgraded(nbformat.read(file, as_version=4))
    except FileNotFoundError:
        raise CourseError(f"{file} does not exist; {mend}") from None
    except Exception as error:  # nbformat raises whatever its JSON and schema layers do
        raise CourseError(f"{file} is not a readable notebook ({error}); {mend}") from error


def _upgraded(notebook: NotebookNode) -> NotebookNode:
    """The notebook with nbgrader's metadata in today's schema; courses from years ago have an older one."""
    marks = [cell.metadata.nbgrader for cell in notebook.cells if cell.metadata.get("nbgrader")]
    if any(mark.get("schema_version", 0) < _SCHEMA for mark in marks):
        from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

        notebook = MetadataValidatorV3().upgrade_notebook_metadata(notebook)
    return notebook


def _folders(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _number(lesson: str) -> int | None:
    found = _NUMBER.match(lesson)
    return int(found[0]) if found else None


def _read_checks(read: Callable[[list[CheckFile]], T], files: list[CheckFile]) -> T:
    try:
        return read(files)
    except SyntaxError as error:
        raise CourseError(f"{error.filename}:{error.lineno}: {error.msg}") from None
    except ValueError as error:
        names = ", ".join(str(file.path) for file in files)
        raise CourseError(f"{names}: what stands in a mark must be written out: {error}") from None
