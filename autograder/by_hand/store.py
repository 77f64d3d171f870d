"""What a person ticked: points and comments in nbgrader's gradebook at once, the ticks in marking/."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.by_hand.answers import Written
from autograder.by_hand.rubric import Item
from autograder.course import Course
from autograder.grading.database import OpenGradebook
from autograder.grading.journal import write_atomically

FIRST = "first"


@dataclass(frozen=True)
class Mark:
    """What one person said of one answer: the items ticked, by number, and a comment."""

    ticked: tuple[int, ...] = ()
    comment: str = ""

    def points(self, items: Sequence[Item], most: float) -> float:
        """What it is worth: the items' points, at most ``most``."""
        return min(most, sum(items[number].points for number in self.ticked if number < len(items)))


class Store:
    """The marks of one exercise. ``marker``: whose; the first marker's alone go into the gradebook."""

    def __init__(self, course: Course, written: Written, items: Sequence[Item], marker: str = FIRST):
        self._course = course
        self._written = written
        self._items = list(items)
        self._marker = marker
        self._book = OpenGradebook(course.database, course.course_id)
        self.marks = read_ticks(course, written, marker)

    def mark(self, students: Sequence[str], mark: Mark) -> None:
        """Save a mark for each of these students."""
        self.marks |= dict.fromkeys(students, mark)
        kept = {student: asdict(one) for student, one in sorted(self.marks.items())}
        write_atomically(ticks_file(self._course, self._written, self._marker), json.dumps(kept, indent=1).encode())
        if self._marker != FIRST:
            return
        points = mark.points(self._items, self._written.points)
        with self._book.transaction() as gradebook:
            for student in students:
                notebook = gradebook.find_submission_notebook(self._written.notebook, self._written.lesson, student)
                for grade in notebook.grades:
                    if grade.name == self._written.exercise:
                        grade.manual_score, grade.needs_manual_grade = points, False
                for comment in notebook.comments:
                    if comment.name == self._written.exercise:
                        comment.manual_comment = mark.comment or None

    def given_in_formgrader(self) -> dict[str, tuple[float, str]]:
        """{student: (points, comment)} that the gradebook has, wherever they were given."""
        found = {}
        with self._book.transaction() as gradebook:
            for submission in gradebook.assignment_submissions(self._written.lesson):
                for notebook in submission.notebooks:
                    if notebook.name != self._written.notebook:
                        continue
                    said = {c.name: c.manual_comment or "" for c in notebook.comments}
                    for grade in notebook.grades:
                        if grade.name == self._written.exercise and grade.manual_score is not None:
                            name = submission.student_id
                            found[name] = (float(grade.manual_score), said.get(grade.name, ""))
        return found


def ticks_file(course: Course, written: Written, marker: str) -> Path:
    """Where the ticks of one marker are kept."""
    return course.root / "marking" / "ticks" / written.lesson / f"{written.exercise}.{marker}.json"


def read_ticks(course: Course, written: Written, marker: str) -> dict[str, Mark]:
    """{student: mark} of one marker."""
    try:
        kept = json.loads(ticks_file(course, written, marker).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {student: Mark(tuple(one["ticked"]), one["comment"]) for student, one in kept.items()}
