"""What a person who marks finds beside a written answer: whose it is, its points, the model answer and the rubric.

Formgrader shows the notebook in autograded/, so it stands there in cells of its own. Students never see that notebook:
the feedback page is drawn from their answers alone. Where a course has nbgrader's own feedback, which is that whole
notebook, nothing is added.
"""

from copy import deepcopy

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.course import Course, CourseError
from autograder.grading.lesson import grade_id, is_answer, list_exercises
from autograder.sources import solution_blocks, solutions

_OUR_FEEDBACK = "autograder.views.exporter.FeedbackExporter"


def with_rubrics(course: Course, lesson: str, student: str, notebook: NotebookNode) -> NotebookNode:
    """A copy of a graded notebook for formgrader, in which the rubric stands above each written answer.

    Where the course has no text of the lesson, or its students would see it, the notebook itself.
    """
    if course.config.GenerateFeedback.get("exporter_class") != _OUR_FEEDBACK:
        return notebook
    try:
        model_answers = solutions(course, lesson)
    except CourseError:
        return notebook
    points = {exercise.name: exercise.points for exercise in list_exercises(notebook) if exercise.written}
    marked = deepcopy(notebook)
    cells, marked.cells = marked.cells, [_cell("who", f"Handed in by **{_plain(student)}**.")]
    for cell in cells:
        name = grade_id(cell)
        if is_answer(cell) and name in points and name in model_answers:
            rubric = solution_blocks(model_answers[name])
            text = f"**{name}**, {points[name]:g} points, for who marks it:\n\n{rubric}\n\n**The answer:**"
            marked.cells.append(_cell(f"rubric-{name}", text))
        marked.cells.append(cell)
    return marked


def _cell(name: str, text: str) -> NotebookNode:
    cell: NotebookNode = new_markdown_cell(text, id=f"autograder-{name}"[:64])
    return cell


def _plain(name: str) -> str:
    """A folder's name without what Markdown or HTML would read in it."""
    return "".join(letter if letter.isalnum() or letter in " -.@+" else f"&#{ord(letter)};" for letter in name)
