"""What courses out there hold, which were written for nbgrader alone: each assignment here is a kind that was met."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.classrun import grade_class
from autograder.course import Course
from autograder.grading.settings import Settings
from autograder.grading.submissions import journal_of
from autograder.grading.unhonored import unhonored
from autograder.sandbox import Limits
from autograder.trying import try_course
from autograder.views.grades import list_grades
from autograder.views.report import write_report
from tests.course import COURSE

pytestmark = pytest.mark.slow

DOUBLE = "def double(x):\n    return 2 * x"
TEST = "assert double(4) == 8"
STUB = "def double(x):\n    raise NotImplementedError()"


def marks(name, schema=3, **more):
    found = {"grade_id": name, "grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    found |= more
    if schema < 3:
        found["schema_version"] = schema
        found.pop("task")
    if schema == 0:
        found.pop("schema_version")
    return {"nbgrader": found}


def answer(source, name="double", **more):
    return new_code_cell(source, metadata=marks(name, solution=True, **more))


def test_cell(source=TEST, name="test_double", points=2, **more):
    return new_code_cell(source, metadata=marks(name, grade=True, locked=True, points=points, **more))


test_cell.__test__ = False


def written(name="essay", points=3, **more):
    return new_markdown_cell("Say why.", metadata=marks(name, grade=True, solution=True, points=points, **more))


def task(name="figure", points=4):
    return new_markdown_cell("Draw it.", metadata=marks(name, task=True, locked=True, points=points))


def notebook(*cells, kernel="python3", language="python"):
    made = new_notebook(cells=list(cells))
    made.metadata = {"kernelspec": {"name": kernel, "display_name": kernel, "language": language}}
    if not language:
        made.metadata = {"kernelspec": {"name": kernel, "display_name": kernel}, "language_info": {"name": "python"}}
    return made


def plain(**more):
    return notebook(answer(DOUBLE), test_cell(), **more)


# {assignment: its solved notebook; or {notebook: …}}
ASSIGNMENTS = {
    "Übung [1] (März)": plain(),
    "conda": plain(kernel="conda-env-stats-py", language=""),
    "root": plain(kernel="Python [Root]"),
    "xpython": plain(kernel="xpython"),
    "seven": {f"part {n}": plain() for n in range(1, 8)},
    "schema0": notebook(answer(DOUBLE, schema=0), test_cell(schema=0), written(schema=0)),
    "schema1": notebook(answer(DOUBLE, schema=1), test_cell(schema=1), written(schema=1)),
    "schema2": notebook(answer(DOUBLE, schema=2), test_cell(schema=2), written(schema=2)),
    "tasks": notebook(answer(DOUBLE), test_cell(), task()),
    "by hand alone": notebook(written(), task()),
    "nothing graded": notebook(new_markdown_cell("Read this."), new_code_cell("1 + 1")),
    "zero points": notebook(answer(DOUBLE), test_cell(points=0), test_cell(TEST, "more", points=1)),
    "hidden": notebook(
        answer(DOUBLE), test_cell(f"{TEST}\n### BEGIN HIDDEN TESTS\nassert double(0.5) == 1\n### END HIDDEN TESTS")
    ),
    "unbalanced": notebook(answer(DOUBLE), test_cell(f"{TEST}\n### BEGIN HIDDEN TESTS\nassert double(0.5) == 1")),
    "html": notebook(answer(DOUBLE), test_cell("%%html\n<b>two</b>", "page", 1), test_cell()),
    "reset": notebook(new_code_cell("x = 3"), new_code_cell("%reset -f"), answer(DOUBLE), test_cell()),
    "input": notebook(answer(DOUBLE), test_cell("double(int(input('How many? ')))", "asks", 1), test_cell()),
    "widgets": notebook(
        new_code_cell("import ipywidgets\nipywidgets.interact(lambda n: n, n=3)"), answer(DOUBLE), test_cell()
    ),
    "loops": notebook(answer(DOUBLE), new_code_cell("for _ in range(10**10):\n    pass"), test_cell()),
    "helpers": notebook(
        answer("from kit import two\n\ndef double(x):\n    return two * x"),
        test_cell("import tests\ntests.check(double)\nassert len(open('numbers.csv').read().split()) == 2"),
    ),
    "own files": notebook(
        answer("from mine import twice\n\ndef double(x):\n    return twice(x)"),
        test_cell("assert double(4) == 8 and open('mine.txt').read() == 'own'"),
    ),
    "forged": notebook(
        answer("def double(x):\n    return 0"),
        test_cell("import graphlib\nassert getattr(graphlib, 'same', lambda a, b: a == b)(double(4), 8)"),
    ),
    "partial": notebook(answer(DOUBLE), test_cell("1.5 if double(4) == 8 else 0", points=2)),
    "noisy": notebook(answer(DOUBLE), test_cell(f"import sys\nprint('careful', file=sys.stderr)\n{TEST}")),
    "given away": notebook(answer(DOUBLE), test_cell("assert True", points=1)),
    "outdated": notebook(answer("def double(x):\n    return no_such_name"), test_cell()),
}
BESIDE = {
    "kit.py": "two = 2\n",
    "tests.py": "def check(f):\n    assert f(4) == 8\n",
    "numbers.csv": "1\n2\n",
}
OWN = {
    "own files": {"mine.py": "def twice(x):\n    return 2 * x\n", "mine.txt": "own"},
    "helpers": {"tests.py": "def check(f):\n    pass\n"},
    "forged": {
        "graphlib.py": "def same(a, b):\n    return True\n",
    },
}
# {assignment: points of who handed in the course's own solution, where not all of them}
SCORES = {"input": 2, "outdated": 0, "partial": 1.5, "forged": 0, "by hand alone": 0, "tasks": 2}
SCORES |= {f"schema{n}": 2 for n in (0, 1, 2)} | {"nothing graded": 0, "zero points": 1, "seven": 14, "html": 3}


def notebooks(name):
    found = ASSIGNMENTS[name]
    return found if isinstance(found, dict) and "cells" not in found else {name: found}


def released(solved):
    made = nbformat.reads(nbformat.writes(solved), as_version=4)
    for cell in made.cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = STUB
        if "### BEGIN HIDDEN TESTS" in cell.source and "### END" in cell.source:
            cell.source = TEST
    return made


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    root = tmp_path_factory.mktemp("wild")
    for name in ASSIGNMENTS:
        for title, solved in notebooks(name).items():
            solved = nbformat.from_dict(solved)
            untouched = released(solved)
            for place, book in (
                ("source", solved),
                ("release", untouched),
                ("submitted/solved", solved),
                ("submitted/untouched", untouched),
            ):
                folder = root / place / name
                folder.mkdir(parents=True, exist_ok=True)
                nbformat.write(book, folder / f"{title}.ipynb")
    for file, text in BESIDE.items():
        (root / "source" / "helpers" / file).write_text(text)
        if file != "tests.py":  # nbgrader takes it from the source when it grades
            (root / "release" / "helpers" / file).write_text(text)
    for name, files in OWN.items():
        for file, text in files.items():
            path = root / "submitted" / "solved" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    (root / "release" / ".ipynb_checkpoints").mkdir()
    (root / "source" / "_config.yml").write_text("title: wild\n")
    nbformat.write(notebook(new_markdown_cell("Header.")), root / "source" / "header.ipynb")
    nbformat.write(notebook(new_markdown_cell("Header.")), root / "release" / "header.ipynb")
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.course_id = 'wild'\n"
        "c.Execute.timeout = 5\n"
        "c.LimitOutput.max_lines = 7\n"
        "c.ExecutePreprocessor.allow_errors = True\n"
    )
    return Course(root)


@pytest.fixture(scope="module")
def run(course):
    return grade_class(course, course.lessons(), Settings.of(course), jobs=2)


@pytest.fixture(scope="module")
def totals(course, run):
    found = {}
    for grade in list_grades(course, journal_of(course), course.lessons()):
        found[grade.student, grade.lesson] = found.get((grade.student, grade.lesson), 0) + (grade.score or 0)
    return found


def test_every_assignment_is_graded(course, run):
    assert course.lessons() == sorted(ASSIGNMENTS)
    assert run.graded == 2 * len(ASSIGNMENTS)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_solution_has_its_points_and_the_untouched_release_none(name, totals):
    assert totals.get(("solved", name), 0) == SCORES.get(name, 2 if name != "given away" else 1)
    assert totals.get(("untouched", name), 0) == {"html": 1, "given away": 1, "zero points": 0}.get(name, 0)


def test_a_setting_that_is_not_followed_is_named_in_one_line(run):
    assert "nbgrader_config.py: without effect here: c.LimitOutput.max_lines." in run.notes


def test_this_course_s_own_settings_are_all_followed():
    assert unhonored(COURSE.config) == []


def test_a_file_that_stands_in_for_an_installed_module_is_left_out_and_named(course, run):
    entry = journal_of(course).read("forged", "solved")
    said = entry.graded()["forged"].metadata["autograder"]["mended"]
    assert any("would stand in for the module `graphlib`" in sentence for sentence in said)


def test_an_author_is_told_of_points_for_nothing_and_of_a_solution_that_fails(course):
    found = {one.what: one.problems for one in try_course(course, ["given away", "outdated"])}
    assert found["given away, given away, as it is released"] == ("test_double gives 1 points.",)
    [problem] = found["outdated, outdated, its own solution"]
    assert "NameError" in problem


def test_the_report_shows_them_all(course, run):
    write_report(course, journal_of(course), course.lessons())
    page = (course.root / "report.html").read_text("utf-8")
    assert [name for name in ASSIGNMENTS if name not in page] == ["nothing graded"]


def test_it_warms_what_the_notebooks_import(course):
    assert course.surroundings().guessed == ("ipywidgets",)


@pytest.mark.parametrize(
    ("rule", "name", "points"), [("stderr", "noisy", 0), ("timeout", "loops", 0), ("modules", "forged", 2)]
)
def test_nbgraders_way_can_be_had(course, run, rule, name, points):
    settings = Settings(course.root, Limits(cell_seconds=5), rules=(rule,))
    grade_class(course, [name], settings, students=["solved"])
    grades = list_grades(course, journal_of(course), [name])
    assert [g.score for g in grades if g.student == "solved"] == [points]
