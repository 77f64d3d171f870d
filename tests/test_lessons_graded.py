"""Every lesson, solved, gets full marks from the grader, and untouched it is not attempted. CI executes all of them."""

import os

import nbformat
import pytest

from autograder.building.solution import execute, solved
from autograder.corpus import COURSE, answered, solutions
from autograder.course import Course
from autograder.grading.classrun import grade_class
from autograder.grading.lesson import is_answer
from autograder.grading.submissions import journal_of
from autograder.grading.worker import Settings
from autograder.sandbox import Limits
from autograder.views.grades import list_grades

pytestmark = pytest.mark.slow

LESSONS = COURSE.sources()


@pytest.fixture(scope="module")
def grades(tmp_path_factory):
    """The whole course, handed in by somebody who solved all of it and by somebody who did nothing."""
    course = Course(tmp_path_factory.mktemp("course"))
    os.symlink(COURSE.data, course.data)
    os.symlink(COURSE.lessons_dir, course.lessons_dir)
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


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_untouched_lesson_runs_up_to_its_first_to_do(lesson, tmp_path_factory):
    """A student who opens it and runs all cells meets no error but their own TO DO."""
    notebook = COURSE.released(lesson)
    first = next(i for i, cell in enumerate(notebook.cells) if is_answer(cell) and cell.cell_type == "code")
    notebook.cells = notebook.cells[: first + 1]
    notebook.metadata.pop("jupytext", None)
    folder = COURSE.lessons_dir / lesson
    ran = execute(notebook, folder, lesson)  # raises CourseError where a cell fails
    for cell in ran.cells:
        assert [o for o in cell.get("outputs", []) if o.get("name") == "stderr"] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_solution_executes(lesson):
    """With nbclient, as `nbconvert --execute` does: no error, nothing on stderr, every check holds."""
    source = nbformat.read(COURSE.source_notebook(lesson), as_version=4)
    ran = execute(solved(source), COURSE.solutions / lesson, lesson)
    outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
    assert [o.text for o in outputs if o.get("name") == "stderr"] == []
    assert "✗" not in "".join(o.get("data", {}).get("text/plain", "") for o in outputs)
