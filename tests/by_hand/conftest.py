"""A small course with one written answer, and a class that has handed it in; no kernel runs for it."""

import nbformat
import pytest

from autograder.build import run_build
from autograder.building.part import Part
from autograder.classrun import grade_class
from autograder.course import Course
from autograder.grading.settings import Settings
from autograder.sandbox import Limits

LESSON, EXERCISE = "01_words", "written-why"
TEXT = """# %% [markdown]
# # Words
# ## 1 · Why
# Say why.

# %% [markdown] points=3 written="written-why"
# ### BEGIN SOLUTION
# Because variances add.
#
# Rubric
# - 1 point: names independence.
# - 1½ points: variances add,
#   and not standard deviations.
# - ½ point: gives an example.
# ### END SOLUTION
"""
SETTINGS = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = "words"
c.CourseDirectory.ignore = ["*.py"]
c.ClearSolutions.text_stub = "Write your answer here."
"""
ANSWERS = {
    "ada": "Steps are independent.",
    "bob": "steps are  INDEPENDENT.",
    "cyd": "<script>window.hacked = 1</script><b>bold</b>",
    "dan": "Variances add.",
    "eve": None,  # left as it was released
} | {f"student{n:02}": f"Answer number {n}." for n in range(15)}


@pytest.fixture
def course(tmp_path) -> Course:
    folder = tmp_path / "source" / LESSON
    folder.mkdir(parents=True)
    (folder / f"{LESSON}.py").write_text(TEXT)
    (tmp_path / "nbgrader_config.py").write_text(SETTINGS.format(root=str(tmp_path)))
    course = Course(tmp_path)
    run_build(course, only=Part.LESSONS)
    for student, answer in ANSWERS.items():
        notebook = course.released(LESSON)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == EXERCISE and answer is not None:
                cell.source = answer
        file = course.submitted / student / LESSON / f"{LESSON}.ipynb"
        file.parent.mkdir(parents=True)
        nbformat.write(notebook, file)
    grade(course)
    return course


def grade(course):
    return grade_class(course, [LESSON], Settings(course.root, Limits()), jobs=1)
