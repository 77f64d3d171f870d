"""Brings graded notebooks into nbgrader's gradebook. One process alone does this: the coordinator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades, SaveCells

from autograder.course import Course
from autograder.grading.database import OpenGradebook, nbgrader_at_ease
from autograder.grading.handed_in import TIMESTAMP, HandedIn, read_handed_in
from autograder.grading.journal import write_atomically
from autograder.grading.lesson import has_own_tests, list_exercises
from autograder.grading.marks import Marks, read_marks
from autograder.grading.test_cells import with_hidden_tests
from autograder.intake.folder import read_inside
from autograder.intake.problem import Limits, Unreadable

_NBGRADERS_OWN = (TIMESTAMP, "submission_secret.txt")  # the exchange gives feedback back to whom it has the secret of
_SMALL = Limits(file_bytes=200)  # either is far smaller


class GradebookWriter:
    """Writes verdicts through nbgrader's own SaveAutoGrades, and the graded notebook where formgrader looks."""

    def __init__(self, course: Course):
        self._course = course
        self._config = course.nbgrader_config()
        self._known_lateness: dict[str, _Lateness] = {}
        self._db_url = course.database

    @cached_property
    def _book(self) -> OpenGradebook:
        return OpenGradebook(self._db_url, self._course.course_id)

    def register(self, lesson: str) -> None:
        """Make sure that the gradebook knows the lesson and its cells as they are released now."""
        released = {name: self._course.released(lesson, name) for name in self._course.notebooks(lesson)}
        checked = not has_own_tests(self._course, lesson)
        with self._book.transaction() as gradebook:
            gradebook.update_or_create_assignment(lesson)
        with nbgrader_at_ease():
            for name, notebook in released.items():
                if not checked:
                    if self._knows(lesson, name):  # from generate_assignment, hidden tests included
                        continue
                    notebook = with_hidden_tests(notebook, self._course.source_notebook(lesson, name))
                SaveCells(config=self._config).preprocess(notebook, self._resources(lesson, name, ""))

    def _knows(self, lesson: str, name: str) -> bool:
        with self._book.transaction() as gradebook:
            try:
                notebook = gradebook.find_notebook(name, lesson)
            except MissingEntry:
                return False
            return bool(notebook.grade_cells or notebook.solution_cells or notebook.task_cells)

    @cached_property
    def _zone(self) -> tzinfo:
        """The zone in which the exchange writes its times."""
        return ZoneInfo(str(self._config.Exchange.get("timezone") or "UTC"))

    def handed_in(self, folder: Path) -> HandedIn:
        """When the submission in ``folder`` was handed in, as far as it says so."""
        return read_handed_in(folder, self._zone)

    def record(self, lesson: str, student: str, notebooks: Mapping[str, NotebookNode], handed_in: HandedIn) -> None:
        """Write the grades of a submission into the gradebook, all or none, and what late work loses.

        ``notebooks`` are the graded ones. Another notebook of the lesson, one that nobody could read, has zero points
        until a person saw it.
        """
        with self._book.transaction() as gradebook:
            gradebook.update_or_create_student(student)
            submission = gradebook.update_or_create_submission(lesson, student, **_changes(handed_in))
            for name, notebook in notebooks.items():
                SaveAutoGrades(config=self._config).preprocess(notebook, self._resources(lesson, name, student))
            for unread in (found for found in submission.notebooks if found.name not in notebooks):
                for grade in unread.grades:
                    grade.auto_score = 0
                    grade.needs_manual_grade = True
            is_late = submission.total_seconds_late > 0 or submission.late_submission_penalty
        if is_late:
            self._assign_penalty(lesson, student)

    def keep_time(self, lesson: str, student: str, handed_in: HandedIn) -> None:
        """Note when a submission was handed in, in place of what nbgrader made of it."""
        with self._book.transaction() as gradebook:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(lesson, student, **_changes(handed_in))

    def _assign_penalty(self, lesson: str, student: str) -> None:
        with self._book.transaction():  # one of its own: a plugin for late work may look the grades up by itself
            for name in self._course.notebooks(lesson):  # each notebook loses a share of its own points
                resources = self._resources(lesson, name, student)
                AssignLatePenalties(config=self._config).preprocess(new_notebook(), resources)

    def reckon_penalty(self, lesson: str, student: str, handed_in: HandedIn) -> bool:
        """Bring the penalty of a recorded submission up to date: the due date, the rule, the time or the marks may have
        changed. Says whether the penalty has.

        Of those who are not late, nor were, one question for the whole lesson is all that is asked.
        """
        known = self._lateness(lesson)
        before = known.students.get(student)
        if before is None or not (handed_in.at or handed_in.problem):
            handed_in = HandedIn(before[0]) if before else HandedIn()
        late = bool(known.due and handed_in.at and handed_in.at > known.due)
        if before is None or not (late or before[1] or before[0] != handed_in.at):
            return False
        self.keep_time(lesson, student, handed_in)
        self._assign_penalty(lesson, student)
        return self.penalty(lesson, student) != before[1]

    def _lateness(self, lesson: str) -> "_Lateness":
        if lesson not in self._known_lateness:
            with self._book.transaction() as gradebook:
                assignment = gradebook.find_assignment(lesson)
                students = {
                    s.student_id: (s.timestamp, float(s.late_submission_penalty or 0)) for s in assignment.submissions
                }
                self._known_lateness[lesson] = _Lateness(assignment.duedate, students)
        return self._known_lateness[lesson]

    def scores(self, lesson: str) -> dict[str, dict[tuple[str, str], float | None]]:
        """{student: {(notebook, exercise): score}} as the gradebook has them; None where a person still has to mark."""
        cells = {
            (name, e.cell): e
            for name in self._course.notebooks(lesson)
            for e in list_exercises(self._course.released(lesson, name))
        }
        found: dict[str, dict[tuple[str, str], float | None]] = {}
        with self._book.transaction() as gradebook:
            try:
                submissions = gradebook.assignment_submissions(lesson)
            except MissingEntry:
                return {}
            for submission in submissions:
                row = found.setdefault(submission.student_id, {})
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        if exercise := cells.get((notebook.name, grade.name)):
                            row[notebook.name, exercise.name] = _score(grade, exercise.written)
        return found

    def penalties(self, lesson: str) -> dict[str, float]:
        """{student: points taken off for handing in late}, by nbgrader's rule for late work."""
        with self._book.transaction() as gradebook:
            try:
                submissions = gradebook.assignment_submissions(lesson)
            except MissingEntry:
                return {}
            return {s.student_id: float(s.late_submission_penalty or 0) for s in submissions}

    def marks(self, lesson: str, names: Iterable[str], student: str) -> dict[str, Marks]:
        """{name: what the gradebook holds for this submitted notebook, a person's marks and comments included}."""
        with self._book.transaction() as gradebook:
            return {name: read_marks(gradebook, lesson, name, student) for name in names}

    def penalty(self, lesson: str, student: str) -> float:
        """The points that a submission has lost for being late."""
        with self._book.transaction() as gradebook:
            return float(gradebook.find_submission(lesson, student).late_submission_penalty or 0)

    def write_autograded(self, lesson: str, student: str, notebooks: Mapping[str, str], submission: Path) -> None:
        """Write graded notebooks, as JSON, to autograded/STUDENT/LESSON/, where formgrader looks for them, and copy
        what the exchange put into the folder of the ``submission``."""
        folder = self._course.autograded / student / lesson
        for name, notebook in notebooks.items():
            write_atomically(folder / f"{name}.ipynb", notebook.encode("utf-8", "replace"))
        for name in _NBGRADERS_OWN:
            content = _read_small(submission, name)
            if content is not None:
                write_atomically(folder / name, content)

    def _resources(self, lesson: str, name: str, student: str) -> dict[str, Any]:
        names = {"student": student, "assignment": lesson, "notebook": name, "db_url": self._db_url}
        return {"nbgrader": names, "unique_key": lesson}


@dataclass(frozen=True)
class _Lateness:
    """Of one lesson: when it is due, and {student: (handed in, points taken off)}, in UTC as nbgrader keeps it."""

    due: datetime | None
    students: dict[str, tuple[datetime | None, float]]


def _changes(handed_in: HandedIn) -> dict[str, datetime | None]:
    """What to change of a submission's time: nothing where there is no file; where a file can't be understood, it is
    open whether the submission is late."""
    return {"timestamp": handed_in.at} if handed_in.at or handed_in.problem else {}


def _read_small(folder: Path, name: str) -> bytes | None:
    """A small file of a submission, by the one reader that waits for no pipe and follows no link; or None."""
    try:
        return read_inside(folder, (name,), _SMALL)
    except (OSError, Unreadable):
        return None


def _score(grade: Any, written: bool) -> float | None:
    if written and grade.manual_score is None and grade.auto_score is None:
        return None
    return float(grade.score)
