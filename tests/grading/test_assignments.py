"""Assignments as nbgrader has them: any name, several notebooks, files beside them, kernels of other names."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from autograder.classrun import grade_class
from autograder.course import Course
from autograder.grading.settings import Settings
from autograder.grading.submissions import journal_of
from autograder.sandbox import Limits
from autograder.views.grades import list_grades
from autograder.views.report import write_report

pytestmark = pytest.mark.slow

NAME = "Übung 1 (März)"
FIRST, SECOND = "Teil 1", "Teil 2"
STUB = 'raise NotImplementedError("TO DO: replace this line with your answer")'
CHECKS = '''
import pytest
from autograder.checking.expect import expect


@pytest.mark.exercise("double", points=2)
def test_it_doubles(student):
    """It doubles."""
    expect(student.eval("double(x)", x=21), equals=42, message="It should be twice the number.")


@pytest.mark.exercise("total", points=3)
def test_it_adds_the_table(student):
    """It adds the table."""
    expect(student.eval("total()"), equals=6, message="It should be the sum of the table.")
'''
ANSWERS = {
    "double": "from tools import two\ndef double(x):\n    return two() * x\n",
    "total": "import numpy as np\ndef total():\n    return np.loadtxt('data/table.csv', delimiter=',').sum()\n",
}


def marked(name: str, grade: bool, points: float = 0) -> dict:
    cell = {
        "grade": grade,
        "grade_id": name,
        "locked": grade,
        "solution": not grade,
        "schema_version": 3,
        "task": False,
    }
    return {"nbgrader": cell | ({"points": points} if grade else {})}


def notebook(exercise: str, points: float, answer: str | None = None, **metadata) -> nbformat.NotebookNode:
    """A notebook of one exercise, released or answered."""
    kernel = {"name": "conda-env-stats-py", "display_name": "Python [conda env:stats]", "language": "python"}
    source = answer or f"def {exercise}(*args):\n    {STUB}"
    check = marked(f"check-{exercise}", True, points)
    cells = [
        new_code_cell(source, metadata=marked(exercise, False), id=exercise),
        new_code_cell(f'check("{exercise}")', metadata=check, id=f"check-{exercise}"),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": kernel} | metadata)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """A course without any settings: nbgrader's folders, one assignment of two notebooks, three students."""
    root = tmp_path_factory.mktemp("course")
    release = root / "release" / NAME
    (release / "data").mkdir(parents=True)
    (release / "checks.py").write_text(CHECKS, "utf-8")
    (release / "tools.py").write_text("def two():\n    return 2\n")
    (release / "data" / "table.csv").write_text("1,2\n3,0\n")
    nbformat.write(notebook("double", 2), release / f"{FIRST}.ipynb")
    nbformat.write(notebook("total", 3), release / f"{SECOND}.ipynb")
    for student, handed_in in {
        "both": {FIRST: ("double", ANSWERS["double"]), SECOND: ("total", ANSWERS["total"])},
        "one": {SECOND: ("total", ANSWERS["total"])},
        "wrong": {FIRST: ("double", "def double(x):\n    return x\n"), SECOND: ("total", ANSWERS["total"])},
    }.items():
        folder = root / "submitted" / student / NAME
        folder.mkdir(parents=True)
        for name, (exercise, answer) in handed_in.items():
            nbformat.write(notebook(exercise, 0, answer), folder / f"{name}.ipynb")
    return Course.at(root)


@pytest.fixture(scope="module")
def outcome(course):
    return grade_class(course, course.lessons(), Settings(course.root, Limits()))


@pytest.fixture(scope="module")
def rows(course, outcome):
    grades = list_grades(course, journal_of(course), course.lessons())
    return {(g.student, g.exercise): (g.score, g.max_score, g.status, g.message) for g in grades}


def test_the_assignment_is_found_with_its_notebooks(course):
    assert course.lessons() == [NAME]
    assert course.notebooks(NAME) == [FIRST, SECOND]
    assert set(course.files_beside(NAME)) == {"checks.py", "tools.py", "data/table.csv"}


def test_each_notebook_is_graded_with_the_files_beside_it(rows):
    assert rows["both", "double"] == (2, 2, "passed", "")
    assert rows["both", "total"] == (3, 3, "passed", "")
    assert rows["wrong", "double"] == (0, 2, "failed", "It should be twice the number.")
    assert rows["wrong", "total"] == (3, 3, "passed", "")


def test_a_notebook_that_is_missing_is_named_and_harms_no_other(rows, outcome):
    score, _, status, message = rows["one", "double"]
    assert (score, status) == (0, "unreadable") and "There is no notebook in the folder" in message
    assert rows["one", "total"] == (3, 3, "passed", "")
    assert [line for line in outcome.attention if line.startswith("one")] == [f"one, {NAME}: {message}"]
    assert len(outcome.attention) == 1


def test_the_gradebook_knows_both_notebooks(course, outcome):
    with Gradebook(course.database, course.course_id) as book:
        scores = {s.student.id: s.score for s in book.assignment_submissions(NAME)}
        assert scores == {"both": 5, "one": 3, "wrong": 3}
        assert book.find_assignment(NAME).max_score == 5
        assert sorted(n.name for n in book.find_assignment(NAME).notebooks) == [FIRST, SECOND]


def test_every_notebook_has_its_page_and_its_graded_copy(course, outcome):
    for name in (FIRST, SECOND):
        assert (course.autograded / "both" / NAME / f"{name}.ipynb").is_file()
        page = (course.feedback / "both" / NAME / f"{name}.html").read_text("utf-8")
        assert f"{NAME}, {name}" in page
    assert "could not be read" in (course.feedback / "one" / NAME / f"{FIRST}.html").read_text("utf-8")


def test_the_report_adds_the_notebooks_up(course, outcome):
    write_report(course, journal_of(course), course.lessons())
    assert f"{NAME} / 5" in (course.root / "report.html").read_text("utf-8")
    assert '"both","5"' in (course.root / "moodle.csv").read_text("utf-8")


def test_a_second_run_grades_nothing_again(course, outcome):
    again = grade_class(course, course.lessons(), Settings(course.root, Limits()))
    assert (again.graded, again.unchanged) == (0, 3)


def test_another_language_is_refused_by_name(tmp_path):
    release = tmp_path / "release" / "ps1"
    release.mkdir(parents=True)
    (release / "checks.py").write_text(CHECKS, "utf-8")
    r = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    nbformat.write(notebook("double", 2, **r), release / "ps1.ipynb")
    (tmp_path / "submitted" / "ada" / "ps1").mkdir(parents=True)
    nbformat.write(notebook("double", 2, "double <- 2", **r), tmp_path / "submitted" / "ada" / "ps1" / "ps1.ipynb")
    course = Course.at(tmp_path)
    outcome = grade_class(course, ["ps1"], Settings(course.root, Limits()))
    assert outcome.attention == ["ps1: not graded, its notebook ps1 is written in R, and only Python is graded."]
    assert outcome.graded == 0
