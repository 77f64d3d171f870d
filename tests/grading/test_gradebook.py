"""What one submission brings into the gradebook comes whole, and in nbgrader's order."""

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import SaveAutoGrades

from autograder.grading.database import COURSE_ID
from autograder.grading.gradebook import TIMESTAMP, GradebookWriter
from tests.grading.test_classrun import LESSON, make_class

STUDENT = "all-right"


@pytest.fixture
def course(tmp_path):
    """A course whose gradebook knows the lesson, and one submission to it."""
    made = make_class(tmp_path / "course", (STUDENT,))
    GradebookWriter(made).register(LESSON)
    return made


def gradebook(course):
    return Gradebook(f"sqlite:///{course.gradebook}", COURSE_ID)


def test_a_submission_that_breaks_half_way_leaves_nothing(course, monkeypatch):
    def failing(self, cell, resources):
        raise OSError("the disk is full")

    writer, graded = GradebookWriter(course), course.released(LESSON)  # a check cell without output has full marks
    monkeypatch.setattr(SaveAutoGrades, "_add_comment", failing)
    with pytest.raises(OSError, match="the disk is full"):
        writer.record(LESSON, STUDENT, graded)
    with gradebook(course) as book:
        assert (book.students, book.assignment_submissions(LESSON)) == ([], [])
    monkeypatch.undo()
    writer.record(LESSON, STUDENT, graded)
    with gradebook(course) as book:
        assert book.find_submission(LESSON, STUDENT).score > 0


def test_a_plugin_for_late_work_finds_the_grades_in_the_gradebook(course, monkeypatch):
    def half_of_what_is_there(self, student, score, seconds_late):
        with gradebook(course) as book:
            return book.find_submission(LESSON, student).score / 2

    with gradebook(course) as book:
        book.update_or_create_assignment(LESSON, duedate="2026-01-14 12:00:00 UTC")
    (course.submitted / STUDENT / LESSON / TIMESTAMP).write_text("2026-01-15 12:00:00 UTC")
    monkeypatch.setattr(LateSubmissionPlugin, "late_submission_penalty", half_of_what_is_there)
    writer = GradebookWriter(course)
    writer.record(LESSON, STUDENT, course.released(LESSON))
    with gradebook(course) as book:
        submission = book.find_submission(LESSON, STUDENT)
        assert submission.late_submission_penalty == submission.score / 2 > 0
    assert writer.marks(LESSON, STUDENT).penalty == writer.penalties(LESSON)[STUDENT] > 0
