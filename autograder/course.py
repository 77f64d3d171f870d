"""Where things lie in a course folder: this repository, or any other folder given with --course."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config, PyFileConfigLoader
from traitlets.config.loader import ConfigFileNotFound

LESSON = re.compile(r"\d\d_[a-z0-9_]+")


class CourseError(Exception):
    """Something in the course folder is missing or wrong; the message names the file and what mends it."""


@dataclass(frozen=True)
class Course:
    """A course folder. Only ``lessons/`` must be there; a path that is returned may not exist yet."""

    root: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(self.root).resolve())

    @classmethod
    def at(cls, folder: Path | str) -> "Course":
        """The course in exactly this folder, as ``--course`` names it. Raises CourseError if it isn't one."""
        course = cls(Path(folder))
        if not course._is_one():
            raise CourseError(f"{course.root} is not a course: it has no lessons/NN_name/NN_name.ipynb")
        return course

    @classmethod
    def find(cls, start: Path | str = ".") -> "Course":
        """The course that ``start`` lies in: the nearest folder, upwards, that holds lessons.

        Raises CourseError where there is none.
        """
        start = Path(start).resolve()
        for folder in (start, *start.parents):
            if (course := cls(folder))._is_one():
                return course
        raise CourseError(
            f"{start} is not in a course: there is no lessons/NN_name/NN_name.ipynb in or above it. "
            "Name the course folder: --course DIR"
        )

    def _is_one(self) -> bool:
        return (self.root / "nbgrader_config.py").is_file() or bool(self.lessons())

    @property
    def source(self) -> Path:
        """What instructors edit, a folder a lesson."""
        return self.root / "source"

    @property
    def lessons_dir(self) -> Path:
        """What students open: lessons/, generated."""
        return self.root / "lessons"

    @property
    def solutions(self) -> Path:
        """The solved notebooks with their outputs, generated."""
        return self.root / "solutions"

    @property
    def submitted(self) -> Path:
        """What was handed in: submitted/STUDENT/LESSON/LESSON.ipynb."""
        return self.root / "submitted"

    @property
    def autograded(self) -> Path:
        """Graded notebooks, as nbgrader lays them out: autograded/STUDENT/LESSON/LESSON.ipynb."""
        return self.root / "autograded"

    @property
    def feedback(self) -> Path:
        """Feedback pages: feedback/STUDENT/LESSON/LESSON.html."""
        return self.root / "feedback"

    @property
    def gradebook(self) -> Path:
        """nbgrader's database, an SQLite file."""
        return self.root / "gradebook.db"

    @property
    def data(self) -> Path:
        """The data sets of the lessons."""
        return self.root / "data"

    def source_text(self, lesson: str) -> Path:
        """The text of a lesson (py:percent): the master copy."""
        return self.source / lesson / f"{lesson}.py"

    def source_notebook(self, lesson: str) -> Path:
        """The other half of the Jupytext pair."""
        return self.source / lesson / f"{lesson}.ipynb"

    def released_notebook(self, lesson: str) -> Path:
        """The notebook a student opens."""
        return self.lessons_dir / lesson / f"{lesson}.ipynb"

    def solution_notebook(self, lesson: str) -> Path:
        """The solved and executed notebook."""
        return self.solutions / lesson / f"{lesson}.ipynb"

    def sources(self) -> list[str]:
        """The lessons that have a source, sorted."""
        return [name for name in self._folders(self.source) if self.source_text(name).is_file()]

    def lessons(self) -> list[str]:
        """Every lesson, released or still to be built, sorted: ``["02_reparameterization", ...]``."""
        released = [name for name in self._folders(self.lessons_dir) if self.released_notebook(name).is_file()]
        return sorted({*self.sources(), *released})

    def lesson(self, name: str) -> str:
        """The full name of a lesson given by its name, its number ("2", "02") or a folder's path.

        Raises CourseError when there is no such lesson.
        """
        lessons = self.lessons()
        wanted = Path(name).name
        if wanted in lessons:
            return wanted
        by_number = [lesson for lesson in lessons if wanted.isdigit() and int(lesson[:2]) == int(wanted)]
        if len(by_number) == 1:
            return by_number[0]
        near = difflib.get_close_matches(wanted, lessons, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(lessons) or 'none yet'}."
        raise CourseError(f"{self.root} has no lesson {name!r}: {hint}")

    def released(self, lesson: str) -> NotebookNode:
        """The released notebook of a lesson, read from disk (nbformat 4).

        Raises CourseError when it is missing or isn't a notebook.
        """
        file = self.released_notebook(self.lesson(lesson))
        return read_notebook(file, mend=f"make it again: {self.build_command(lesson)}")

    def nbgrader_config(self, must_exist: bool = False) -> Config:
        """The settings in the course's nbgrader_config.py: folders, database, stubs, the rule for late work.

        Without that file nbgrader's defaults hold, unless it ``must_exist``. Raises CourseError where it must and
        doesn't, or where it can't be run.
        """
        file = self.root / "nbgrader_config.py"
        try:
            return PyFileConfigLoader(file.name, path=str(self.root)).load_config()
        except ConfigFileNotFound:
            if not must_exist:
                return Config()
            raise CourseError(
                f"{file} does not exist; a course needs one to be built: copy it from the vaelab repository"
            ) from None
        except Exception as error:  # it is a program of the instructor's
            raise CourseError(f"{file} can't be used: {type(error).__name__}: {error}") from error

    def build_command(self, lesson: str) -> str:
        """The command that makes the generated files of a lesson again."""
        if not self.source_text(lesson).is_file():
            return f"unpack {lesson} again"
        return "make build"

    @staticmethod
    def _folders(folder: Path) -> list[str]:
        if not folder.is_dir():
            return []
        return sorted(path.name for path in folder.iterdir() if LESSON.fullmatch(path.name))


def read_notebook(file: Path, mend: str) -> NotebookNode:
    """Read one of the course's own notebooks; ``mend`` ends the message of the CourseError if that fails."""
    try:
        return nbformat.read(file, as_version=4)
    except FileNotFoundError:
        raise CourseError(f"{file} does not exist; {mend}") from None
    except Exception as error:  # nbformat raises whatever its JSON and schema layers do
        raise CourseError(f"{file} is not a readable notebook ({error}); {mend}") from error
