"""Brings graded notebooks into nbgrader's gradebook. One process alone does this: the coordinator."""

from datetime import datetime
from functools import cached_property
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades, SaveCells
from nbgrader.utils import parse_utc

from autograder.course import Course
from autograder.grading.database import OpenGradebook, nbgrader_at_ease
from autograder.grading.journal import write_atomically
from autograder.grading.lesson import list_exercises
from autograder.grading.marks import Marks, read_marks
from autograder.intake.folder import read_inside
from autograder.intake.problem import Limits, Unreadable

TIMESTAMP = "timestamp.txt"
_NBGRADERS_OWN = (TIMESTAMP, "submission_secret.txt")  # the exchange gives feedback back to whom it has the secret of
_SMALL = Limits(file_bytes=200)  # either is far smaller


class GradebookWriter:
    """Writes verdicts through nbgrader's own SaveAutoGrades, and the graded notebook where formgrader looks."""

    def __init__(self, course: Course):
        self._course = course
        self._config = course.nbgrader_config()
        self._db_url = str(self._config.CourseDirectory.get("db_url") or f"sqlite:///{course.gradebook}")

    @cached_property
    def _book(self) -> OpenGradebook:
        return OpenGradebook(self._db_url)

    def register(self, lesson: str) -> None:
        """Make sure that the gradebook knows the lesson and its cells as they are released now."""
        notebook = self._course.released(lesson)
        with self._book.transaction() as gradebook:
            gradebook.update_or_create_assignment(lesson)
        with nbgrader_at_ease():
            SaveCells(config=self._config).preprocess(notebook, self._resources(lesson, ""))

    def record(self, lesson: str, student: str, notebook: NotebookNode) -> None:
        """Write the grades of one graded notebook into the gradebook, all or none, and what late work loses."""
        timestamp = read_timestamp(self._course.submitted / student / lesson)
        changes = {"timestamp": timestamp} if timestamp else {}
        resources = self._resources(lesson, student)
        with self._book.transaction() as gradebook:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(lesson, student, **changes)
            SaveAutoGrades(config=self._config).preprocess(notebook, resources)
        with self._book.transaction():  # one more: a plugin for late work may look the grades up by itself
            AssignLatePenalties(config=self._config).preprocess(notebook, resources)

    def record_unreadable(self, lesson: str, student: str) -> None:
        """Note that something was handed in which nobody could read: zero points, until a person saw it."""
        with self._book.transaction() as gradebook:
            gradebook.update_or_create_student(student)
            submission = gradebook.update_or_create_submission(lesson, student)
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.auto_score = 0
                    grade.needs_manual_grade = True

    def scores(self, lesson: str) -> dict[str, dict[str, float | None]]:
        """{student: {exercise: score}} as the gradebook has them; None where a person still has to mark."""
        names = {e.name if e.written else f"check-{e.name}": e for e in list_exercises(self._course.released(lesson))}
        found: dict[str, dict[str, float | None]] = {}
        with self._book.transaction() as gradebook:
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
        with self._book.transaction() as gradebook:
            try:
                submissions = gradebook.assignment_submissions(lesson)
            except MissingEntry:
                return {}
            return {s.student_id: float(s.late_submission_penalty or 0) for s in submissions}

    def marks(self, lesson: str, student: str) -> Marks:
        """What the gradebook holds for a submission that it knows, a person's marks and comments included."""
        with self._book.transaction() as gradebook:
            return read_marks(gradebook, lesson, student)

    def write_autograded(self, lesson: str, student: str, notebook: str) -> None:
        """Write autograded/STUDENT/LESSON/LESSON.ipynb, a graded notebook as JSON, where formgrader looks for it."""
        folder = self._course.autograded / student / lesson
        write_atomically(folder / f"{lesson}.ipynb", notebook.encode("utf-8", "replace"))
        for name in _NBGRADERS_OWN:
            content = _read_small(self._course.submitted / student / lesson, name)
            if content is not None:
                write_atomically(folder / name, content)

    def _resources(self, lesson: str, student: str) -> dict:
        names = {"student": student, "assignment": lesson, "notebook": lesson, "db_url": self._db_url}
        return {"nbgrader": names, "unique_key": lesson}


def read_timestamp(folder: Path) -> datetime | None:
    """When a submission was handed in, from nbgrader's timestamp.txt; None where there is none that can be read."""
    content = _read_small(folder, TIMESTAMP)
    try:
        return parse_utc(content.decode("utf-8").strip()) if content is not None else None
    except (ValueError, OverflowError):
        return None


def _read_small(folder: Path, name: str) -> bytes | None:
    """A small file of a submission, by the one reader that waits for no pipe and follows no link; or None."""
    try:
        return read_inside(folder, (name,), _SMALL)
    except (OSError, Unreadable):
        return None


def _score(grade: object, written: bool) -> float | None:
    if written and grade.manual_score is None and grade.auto_score is None:
        return None
    return float(grade.score)
