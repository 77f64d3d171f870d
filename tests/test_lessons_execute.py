"""Every lesson runs from top to bottom, where a student has it."""

import nbformat
import pytest

from autograder.building.solution import execute, solved
from autograder.grading.lesson import is_answer
from autograder.sources import take_up
from tests.course import COURSE

pytestmark = pytest.mark.slow

LESSONS = COURSE.sources()


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_solution_executes(lesson):
    """With nbclient, as `nbconvert --execute` does: no error, nothing on stderr, every check holds.

    It lies where a student has the lesson, and begins with the untouched first TO DO. So a student who opens the lesson
    and runs all cells meets no error before that one is to be done.
    """
    source = nbformat.read(COURSE.source_notebook(lesson), as_version=4)
    take_up(COURSE, lesson, source)
    notebook = solved(source)
    cells, released = code(notebook), code(COURSE.released(lesson))
    first = next(i for i, cell in enumerate(released) if is_answer(cell))
    assert [cell.source for cell in released[:first]] == [cell.source for cell in cells[:first]]
    notebook.cells.insert(notebook.cells.index(cells[first]), released[first])
    environment = COURSE.settings.solution_environment
    ran = execute(notebook, COURSE.lessons_dir / lesson, lesson, environment)  # raises CourseError where a cell fails
    outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
    assert [o.text for o in outputs if o.get("name") == "stderr"] == []
    assert "✗" not in "".join(o.get("data", {}).get("text/plain", "") for o in outputs)
