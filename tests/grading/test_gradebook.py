"""What one submission brings into the gradebook comes whole, and in nbgrader's order."""

from datetime import datetime

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import SaveAutoGrades

from autograder.grading.gradebook import GradebookWriter
from autograder.grading.handed_in import TIMESTAMP, HandedIn
from tests.grading.test_classrun import LESSON, make_class

STUDENT = "all-right"


@pytest.fixture
def course(tmp_path):
    """A course whose gradebook knows the lesson, and one submission to it."""
    made = make_class(tmp_path / "course", (STUDENT,))
    GradebookWriter(made).register(LESSON)
    return made


def gradebook(course):
    return Gradebook(course.database, course.course_id)


def test_a_submission_that_breaks_half_way_leaves_nothing(course, monkeypatch):
    def failing(self, cell, resources):
        raise OSError("the disk is full")

    writer, graded = GradebookWriter(course), course.released(LESSON)  # a check cell without output has full marks
    monkeypatch.setattr(SaveAutoGrades, "_add_comment", failing)
    with pytest.raises(OSError, match="the disk is full"):
        writer.record(LESSON, STUDENT, {LESSON: graded}, HandedIn())
    with gradebook(course) as book:
        assert (book.students, book.assignment_submissions(LESSON)) == ([], [])
    monkeypatch.undo()
    writer.record(LESSON, STUDENT, {LESSON: graded}, HandedIn())
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
    handed_in = writer.handed_in(course.submitted / STUDENT / LESSON)
    writer.record(LESSON, STUDENT, {LESSON: course.released(LESSON)}, handed_in)
    with gradebook(course) as book:
        submission = book.find_submission(LESSON, STUDENT)
        assert submission.late_submission_penalty == submission.score / 2 > 0
    assert writer.marks(LESSON, [LESSON], STUDENT)[LESSON].penalty == writer.penalties(LESSON)[STUDENT] > 0


def due(course, day):
    with gradebook(course) as book:
        book.update_or_create_assignment(LESSON, duedate=f"2026-01-{day} 12:00:00 UTC")


def test_the_penalty_follows_due_date_rule_time_and_marks(course, monkeypatch):
    """Each run asks anew, and nothing is recorded a second time for it."""
    monkeypatch.setattr(LateSubmissionPlugin, "late_submission_penalty", lambda self, who, score, late: score / 2)
    handed_in = HandedIn(at=datetime(2026, 1, 15, 12))
    due(course, 20)
    GradebookWriter(course).record(LESSON, STUDENT, {LESSON: course.released(LESSON)}, handed_in)

    def reckoned(handed_in=handed_in):
        writer = GradebookWriter(course)  # of the next run
        return writer.reckon_penalty(LESSON, STUDENT, handed_in), writer.marks(LESSON, [LESSON], STUDENT)[
            LESSON
        ].penalty

    worth = sum(
        score for score in GradebookWriter(course).marks(LESSON, [LESSON], STUDENT)[LESSON].scores.values() if score
    )
    assert reckoned() == (False, 0)
    due(course, 14)
    assert reckoned() == (True, worth / 2)
    assert reckoned() == (False, worth / 2)
    monkeypatch.setattr(LateSubmissionPlugin, "late_submission_penalty", lambda self, who, score, late: score / 4)
    assert reckoned() == (True, worth / 4)
    with gradebook(course) as book:  # a person marks the written answer
        written = book.find_grade("written-leak", LESSON, LESSON, STUDENT)
        written.manual_score = 2
        book.db.commit()
    assert reckoned() == (True, (worth + 2) / 4)
    assert reckoned(HandedIn(at=datetime(2026, 1, 13))) == (True, 0)
    assert reckoned() == (True, (worth + 2) / 4)
    assert reckoned(HandedIn()) == (False, (worth + 2) / 4), "where there is no file, what is known stays"
    assert reckoned(HandedIn(problem="who knows")) == (True, 0)
