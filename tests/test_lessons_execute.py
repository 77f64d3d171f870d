"""Every lesson runs from top to bottom: solved to its end, untouched to its first TO DO."""

import nbformat
import pytest

from autograder.building.solution import execute, solved
from autograder.grading.lesson import is_answer
from autograder.sources import take_up
from tests.course import COURSE

pytestmark = pytest.mark.slow

LESSONS = COURSE.sources()


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_untouched_lesson_runs_up_to_its_first_to_do(lesson, tmp_path_factory):
    """A student who opens it and runs all cells meets no error but their own TO DO."""
    notebook = COURSE.released(lesson)
    first = next(i for i, cell in enumerate(notebook.cells) if is_answer(cell) and cell.cell_type == "code")
    notebook.cells = notebook.cells[: first + 1]
    notebook.metadata.pop("jupytext", None)
    folder = COURSE.lessons_dir / lesson
    ran = execute(
        notebook, folder, lesson, COURSE.settings.solution_environment
    )  # raises CourseError where a cell fails
    for cell in ran.cells:
        assert [o for o in cell.get("outputs", []) if o.get("name") == "stderr"] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_solution_executes(lesson):
    """With nbclient, as `nbconvert --execute` does: no error, nothing on stderr, every check holds."""
    source = nbformat.read(COURSE.source_notebook(lesson), as_version=4)
    take_up(COURSE, lesson, source)
    ran = execute(solved(source), COURSE.solutions / lesson, lesson, COURSE.settings.solution_environment)
    outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
    assert [o.text for o in outputs if o.get("name") == "stderr"] == []
    assert "✗" not in "".join(o.get("data", {}).get("text/plain", "") for o in outputs)
