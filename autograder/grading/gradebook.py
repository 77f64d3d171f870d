"""Brings graded notebooks into nbgrader's gradebook. One process alone does this: the coordinator."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import nbformat
import nbgrader.api
from alembic.script import ScriptDirectory
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades, SaveCells
from nbgrader.utils import parse_utc
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SAWarning

from autograder.course import Course
from autograder.grading.journal import write_atomically
from autograder.grading.lesson import list_exercises

COURSE_ID = "vaelab"
TIMESTAMP = "timestamp.txt"
_NBGRADERS_OWN = (TIMESTAMP, "submission_secret.txt")  # the exchange gives feedback back to whom it has the secret of
_SMALL = 200  # bytes: either is far smaller


class GradebookWriter:
    """Writes verdicts through nbgrader's own SaveAutoGrades, and the graded notebook where formgrader looks."""

    def __init__(self, course: Course):
        self._course = course
        self._config = course.nbgrader_config()
        self.db_url = str(self._config.CourseDirectory.get("db_url") or f"sqlite:///{course.gradebook}")

    def register(self, lesson: str) -> None:
        """Make sure that the gradebook knows the lesson and its cells as they are released now."""
        notebook = self._course.released(lesson)
        with _nbgrader(), Gradebook(self.db_url, COURSE_ID) as gradebook:
            gradebook.update_or_create_assignment(lesson)
        with _nbgrader():
            SaveCells(config=self._config).preprocess(notebook, self._resources(lesson, ""))

    def record(self, lesson: str, student: str, notebook: NotebookNode) -> None:
        """Write one graded notebook: gradebook, then autograded/STUDENT/LESSON/LESSON.ipynb."""
        timestamp = read_timestamp(self._course.submitted / student / lesson)
        with _nbgrader(), Gradebook(self.db_url, COURSE_ID) as gradebook:
            gradebook.update_or_create_student(student)
            changes = {"timestamp": timestamp} if timestamp else {}
            gradebook.update_or_create_submission(lesson, student, **changes)
        resources = self._resources(lesson, student)
        with _nbgrader():
            SaveAutoGrades(config=self._config).preprocess(notebook, resources)
            AssignLatePenalties(config=self._config).preprocess(notebook, resources)
        self._write(lesson, student, notebook)

    def record_unreadable(self, lesson: str, student: str) -> None:
        """Note that something was handed in which nobody could read: zero points, until a person saw it."""
        with _nbgrader(), Gradebook(self.db_url, COURSE_ID) as gradebook:
            gradebook.update_or_create_student(student)
            submission = gradebook.update_or_create_submission(lesson, student)
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.auto_score = 0
                    grade.needs_manual_grade = True
            gradebook.db.commit()

    def scores(self, lesson: str) -> dict[str, dict[str, float | None]]:
        """{student: {exercise: score}} as the gradebook has them; None where a person still has to mark."""
        names = {e.name if e.written else f"check-{e.name}": e for e in list_exercises(self._course.released(lesson))}
        found: dict[str, dict[str, float | None]] = {}
        with _nbgrader(), Gradebook(self.db_url, COURSE_ID) as gradebook:
            try:
                submissions = gradebook.assignment_submissions(lesson)
            except MissingEntry:
                return {}
            for submission in submissions:
                row = found.setdefault(submission.student_id, {})
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        if grade.name in names:
                            row[names[grade.name].name] = _score(grade, names[grade.name].written)
        return found

    def penalties(self, lesson: str) -> dict[str, float]:
        """{student: points taken off for handing in late}, by nbgrader's rule for late work."""
        with _nbgrader(), Gradebook(self.db_url, COURSE_ID) as gradebook:
            try:
                submissions = gradebook.assignment_submissions(lesson)
            except MissingEntry:
                return {}
            return {s.student_id: float(s.late_submission_penalty or 0) for s in submissions}

    def _resources(self, lesson: str, student: str) -> dict:
        names = {"student": student, "assignment": lesson, "notebook": lesson, "db_url": self.db_url}
        return {"nbgrader": names, "unique_key": lesson}

    def _write(self, lesson: str, student: str, notebook: NotebookNode) -> None:
        folder = self._course.autograded / student / lesson
        write_atomically(folder / f"{lesson}.ipynb", nbformat.writes(notebook).encode())
        for name in _NBGRADERS_OWN:
            source = self._course.submitted / student / lesson / name
            if source.is_file() and not source.is_symlink():
                with open(source, "rb") as file:
                    write_atomically(folder / name, file.read(_SMALL))


def read_timestamp(folder: Path) -> datetime | None:
    """When a submission was handed in, from nbgrader's timestamp.txt; None where there is none that can be read."""
    file = folder / TIMESTAMP
    try:
        if file.is_symlink() or file.stat().st_size > _SMALL:
            return None
        return parse_utc(file.read_text(encoding="utf-8").strip())
    except (OSError, ValueError, OverflowError):
        return None


def _score(grade: object, written: bool) -> float | None:
    if written and grade.manual_score is None and grade.auto_score is None:
        return None
    return float(grade.score)


@lru_cache(maxsize=4)
def _engine(url: str, **options: bool) -> Engine:
    """nbgrader makes an engine for each thing it writes, and every engine would compile the same statements anew."""
    return create_engine(url, **options)


def _schema_version() -> str:
    """The newest version of nbgrader's tables, without the process that nbgrader starts to ask for it."""
    return str(ScriptDirectory(str(Path(nbgrader.api.__file__).parent / "alembic")).get_current_head())


@contextmanager
def _nbgrader() -> Iterator[None]:
    """What nbgrader's database layer needs: it tells its migrations to the log, and adds records in an order that
    SQLAlchemy warns of without harm. Its engine is kept, and a program it would start is asked here."""
    ours = {"create_engine": _engine, "get_alembic_version": _schema_version}
    theirs = {name: getattr(nbgrader.api, name) for name in ours}
    vars(nbgrader.api).update(ours)
    logger = logging.getLogger("alembic")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            yield
    finally:
        vars(nbgrader.api).update(theirs)
        logger.setLevel(level)
