"""Every lesson, solved, gets full marks from the grader, and untouched it is not attempted."""

import nbformat
import pytest

from autograder.classrun import grade_class
from autograder.grading.settings import Settings
from autograder.grading.submissions import journal_of
from autograder.sandbox import Limits
from autograder.views.grades import list_grades
from tests.course import COURSE, answered, part_of_it, solutions

pytestmark = pytest.mark.slow

LESSONS = COURSE.sources()


@pytest.fixture(scope="module")
def grades(tmp_path_factory):
    """The whole course, handed in by somebody who solved all of it and by somebody who did nothing."""
    course = part_of_it(tmp_path_factory.mktemp("course"), *LESSONS)
    for lesson in LESSONS:
        for student, answers in {"solved": solutions(lesson), "untouched": {}}.items():
            folder = course.submitted / student / lesson
            folder.mkdir(parents=True)
            nbformat.write(answered(COURSE.released(lesson), answers), folder / f"{lesson}.ipynb")
    run = grade_class(course, LESSONS, Settings(course.root, Limits()), jobs=2)
    assert run.attention == []
    return list_grades(course, journal_of(course), LESSONS)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_solved_lesson_gets_full_marks(grades, lesson):
    rows = [row for row in grades if (row.student, row.lesson) == ("solved", lesson)]
    assert sum(row.max_score for row in rows) == 20
    for row in rows:
        if row.status == "needs grading":
            assert row.exercise.startswith("written-")
        else:
            assert (row.status, row.score) == ("passed", row.max_score), row


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_untouched_lesson_is_not_attempted(grades, lesson):
    rows = [row for row in grades if (row.student, row.lesson) == ("untouched", lesson)]
    assert {(row.status, row.score) for row in rows} == {("not attempted", 0.0)}, rows
