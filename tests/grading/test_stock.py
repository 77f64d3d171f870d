"""A course that knows nothing of the engine: nbgrader's own quickstart, graded by its own test cells, by both."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.classrun import grade_class
from autograder.cli import app
from autograder.course import Course
from autograder.grading.settings import Settings
from autograder.grading.submissions import journal_of
from autograder.sandbox import Limits
from autograder.trying import try_course
from autograder.views.grades import list_grades
from autograder.views.report import write_report

pytestmark = pytest.mark.slow

GUIDE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
RIGHT = "def squares(n):\n    if n < 1:\n        raise ValueError('n')\n    return [i ** 2 for i in range(1, n + 1)]\n"
WRONG = "def squares(n):\n    return []\n"
ENDED = {"loops": WRONG + "while True:\n    pass\n", "exits": WRONG + "import os\nos._exit(0)\n"}
# What the hostile corpus forges stock nbgrader's tests with: each wins nothing here, or is named for a person.
FORGED = {
    "equals-everything": "class A(list):\n    __eq__ = lambda *_: True\ndef squares(n):\n    return A()\n",
    "traceback-hidden": "from IPython.core.interactiveshell import InteractiveShell\n"
    "InteractiveShell.showtraceback = lambda *a, **k: 0\n",
    "display-hook": "import sys\nsys.displayhook = lambda value: print(1)\n" + WRONG,
    "transformer": "get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])\n" + WRONG,
    "run-code": "async def fine(*a, **k):\n    return False\nget_ipython().run_code = fine\n" + WRONG,
    "testing-patched": "import numpy.testing\nnumpy.testing.assert_equal = lambda *a: None\n" + WRONG,
    "asserts-gone": "import ast, builtins\nbuiltins.AssertionError = SystemExit\n" + WRONG,
}


def nbgrader_does(root: Path, *arguments: str) -> None:
    """A command of nbgrader, which must succeed."""
    done = nbgrader_tries(root, *arguments)
    assert done.returncode == 0, done.stderr[-2000:]


def nbgrader_tries(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    """A command of nbgrader, whatever comes of it."""
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=root, capture_output=True, text=True, timeout=600
    )


def scores(root: Path, assignment: str = "ps1", student: str = "") -> dict[tuple[str, str, str], tuple]:
    """{(notebook, student, cell): (points of the tests, whether a person must look, points at most)}."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        return {
            (notebook.name, submission.student.id, grade.name): (
                grade.auto_score,
                grade.needs_manual_grade,
                grade.max_score,
            )
            for submission in book.assignment_submissions(assignment)
            if student in ("", submission.student.id)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


@pytest.fixture(scope="module")
def courses(tmp_path_factory) -> tuple[Path, Course]:
    """The same course twice: graded by nbgrader, and by the engine."""
    theirs = tmp_path_factory.mktemp("stock") / "theirs"
    for name in ("source", "submitted"):
        shutil.copytree(GUIDE / name, theirs / name)
    nbgrader_does(theirs, "generate_assignment", "ps1", "--create")
    ours = Path(shutil.copytree(theirs, theirs.parent / "ours"))
    nbgrader_does(theirs, "autograde", "ps1", "--create")
    return theirs, Course.at(ours)


@pytest.fixture(scope="module")
def outcome(courses):
    _, ours = courses
    return grade_class(ours, ["ps1"], Settings(ours.root, Limits()), jobs=2)


def test_every_cell_has_the_score_that_nbgrader_gives_it(courses, outcome):
    theirs, ours = courses
    assert outcome.graded == 2
    expected = scores(theirs)
    assert len(expected) == 18 and scores(ours.root) == expected


def test_it_says_that_such_tests_are_weaker(courses, outcome):
    _, ours = courses
    [note] = outcome.notes
    assert note.startswith("ps1: graded by its own test cells")
    write_report(ours, journal_of(ours), ["ps1"])
    assert "an answer can reach them" in (ours.root / "report.html").read_text("utf-8")


def test_nbgrader_goes_on_with_what_the_engine_graded(courses, outcome):
    """Its feedback reads our graded notebooks, and its autograde may be mixed in."""
    _, ours = courses
    nbgrader_does(ours.root, "generate_feedback", "ps1", "--force")
    assert "squares" in (ours.feedback / "hacker" / "ps1" / "problem1.html").read_text("utf-8")
    before = scores(ours.root)
    nbgrader_does(ours.root, "autograde", "ps1", "--force", "--student", "hacker")
    assert scores(ours.root) == before


def test_an_author_is_told_where_tests_pass_without_an_answer(courses):
    """The quickstart's own release earns nothing, and its solution everything; a test that asks nothing is named."""
    _, ours = courses
    assert [one for one in try_course(ours, ["ps1"]) if one.problems] == []
    file = ours.source_notebook("ps1", "problem1")
    source = nbformat.read(file, as_version=4)
    for cell in source.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "correct_squares":
            cell.source = "assert True"
        if "def sum_of_squares" in cell.source:
            cell.source = cell.source.replace("return", "return 1 +")
    copy = Course(Path(shutil.copytree(ours.root, ours.root.parent / "careless")))
    nbformat.write(source, copy.source_notebook("ps1", "problem1"))
    found = {one.what: one.problems for one in try_course(copy, ["ps1"])}
    assert found["ps1, problem1, as it is released"] == ("correct_squares gives 1 points.",)
    [problem] = found["ps1, problem1, its own solution"]
    assert problem.startswith("correct_sum_of_squares: The test stopped with AssertionError")


def test_the_time_that_nbgrader_allows_a_cell_is_allowed_here(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.ExecutePreprocessor.timeout = 17\n")
    assert Settings.of(Course(tmp_path)).limits.cell_seconds == 17
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.iopub_timeout = 60\n")
    assert Settings.of(Course(tmp_path)).limits.output_seconds == 60
    # nbgrader's own 4 s are less than a busy machine needs.
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.iopub_timeout = 4\n")
    assert Settings.of(Course(tmp_path)).limits.output_seconds == Limits().output_seconds
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.Execute.timeout = 17\nc.Autograder.limits = {'cell_seconds': 5}\n"
    )
    assert Settings.of(Course(tmp_path)).limits.cell_seconds == 5


def test_one_bad_submission_stops_nobody(courses, outcome):
    _, ours = courses
    for student, code in (ENDED | FORGED | {"right": RIGHT}).items():
        folder = ours.submitted / student / "ps1"
        shutil.copytree(ours.submitted / "hacker" / "ps1", folder)
        notebook = nbformat.read(folder / "problem1.ipynb", as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("solution") and "def squares" in cell.source:
                cell.source = code
        nbformat.write(notebook, folder / "problem1.ipynb")
    (ours.submitted / "broken" / "ps1").mkdir(parents=True)
    (ours.submitted / "broken" / "ps1" / "problem1.ipynb").write_text('{"cells": [')
    run = grade_class(ours, ["ps1"], Settings(ours.root, Limits(cell_seconds=5)), jobs=2)
    grades = list_grades(ours, journal_of(ours), ["ps1"])
    found = {(g.student, g.exercise): (g.score, g.status) for g in grades}
    assert found["right", "correct_squares"] == (1, "passed")
    for student in ("loops", "exits"):
        assert found[student, "correct_squares"][0] == 0
        assert any(line.startswith(f"{student}, ps1: exercise") for line in run.attention), run.attention
    for student in FORGED:
        named = any(line.startswith(f"{student}, ps1: The cell that begins") for line in run.attention)
        assert named or found[student, "correct_squares"][0] == 0, student
    quiet = [line for line in run.attention if line.startswith(("right", "hacker", "bitdiddle"))]
    assert quiet == []
    assert found["broken", "correct_squares"] == (0, "unreadable")
    assert found["hacker", "correct_squares"] == (1, "passed")


@pytest.mark.soak
def test_the_notebooks_in_nbgraders_package_have_the_same_scores(tmp_path):
    """Each that generate_assignment takes is handed in twice, solved and as it is released, and graded by both."""
    theirs = tmp_path / "theirs"
    for file in sorted(Path(nbgrader.__file__).parent.glob("tests/**/files/*.ipynb")):
        folder = theirs / "source" / f"{file.parent.parent.name}-{file.stem}"
        folder.mkdir(parents=True)
        shutil.copy(file, folder)
    names = []
    for folder in sorted((theirs / "source").iterdir()):
        done = nbgrader_tries(theirs, "generate_assignment", folder.name, "--create")
        if done.returncode:
            shutil.rmtree(folder)
            shutil.rmtree(theirs / "release" / folder.name, ignore_errors=True)
            continue
        names.append(folder.name)
        for student, origin in (("solved", folder), ("untouched", theirs / "release" / folder.name)):
            shutil.copytree(origin, theirs / "submitted" / student / folder.name)
    assert len(names) > 40
    ours = Course(Path(shutil.copytree(theirs, tmp_path / "ours")))
    grade_class(ours, names, Settings(ours.root, Limits(cell_seconds=30)), jobs=2)
    for name in names:
        nbgrader_tries(theirs, "autograde", name, "--create")
        for student in ("solved", "untouched"):
            if (theirs / "autograded" / student / name).is_dir():  # it gave up on the others
                assert scores(ours.root, name, student) == scores(theirs, name, student), (name, student)


def test_test_cells_become_checks_one_exercise_at_a_time(courses, tmp_path):
    """What can be asked from outside is; the rest stays in the notebook, and the scores are the same."""
    theirs, _ = courses
    course = Course.at(Path(shutil.copytree(theirs, tmp_path / "adopted", ignore=shutil.ignore_patterns("autograded"))))
    done = CliRunner().invoke(app, ["adopt", "ps1", "--course", str(course.root)])
    assert done.exit_code == 0, done.output
    checks = course.check_files("ps1")
    moved = {check.exercise for check in course.checks("ps1")}
    assert moved == {"correct_squares", "correct_sum_of_squares"}
    assert "left as test cells: squares_invalid_input, sum_of_squares_uses_squares" in done.output
    assert "expect(student.eval('squares(2)'), equals=[1, 4]" in checks[0].path.read_text("utf-8")
    run = grade_class(course, ["ps1"], Settings(course.root, Limits()), jobs=2)
    assert run.graded == 2
    assert scores(course.root) == scores(theirs)
    found = {(g.student, g.exercise): g.message for g in list_grades(course, journal_of(course), ["ps1"])}
    assert found["bitdiddle", "correct_squares"].startswith("`squares(1)` should be [1]")
    again = CliRunner().invoke(app, ["adopt", "ps1", "--course", str(course.root)])
    assert again.exit_code == 2 and "already exists" in again.output


def test_a_run_that_is_killed_goes_on_where_it_was(courses, tmp_path):
    """Killed at three places, and each time started again: the gradebook is that of a run that nobody disturbed."""
    theirs, _ = courses
    root = Path(shutil.copytree(theirs, tmp_path / "killed", ignore=shutil.ignore_patterns("autograded")))
    for number in range(10):
        shutil.copytree(root / "submitted" / "hacker", root / "submitted" / f"copy{number}")
    quiet = Path(shutil.copytree(root, tmp_path / "quiet"))
    journal, graded = root / ".journal" / "ps1", 0
    for wanted in (2, 5, 9):
        run = subprocess.Popen(
            [sys.executable, "-m", "autograder", "grade", "ps1", "--jobs", "2"],
            cwd=root,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while run.poll() is None and len(list(journal.glob("*.json"))) < wanted:
            time.sleep(0.02)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        assert wanted <= len(list(journal.glob("*.json"))) < 12
    last = grade_class(Course(root), ["ps1"], Settings(root, Limits()), jobs=2)
    graded = last.graded + last.unchanged
    assert graded == 12 and last.unchanged >= 9
    grade_class(Course(quiet), ["ps1"], Settings(quiet, Limits()), jobs=2)
    assert scores(root) == scores(quiet)


def test_what_a_person_marked_stays(courses, outcome):
    """Points by hand, a comment and extra credit, given in formgrader, outlive a new grading."""
    _, ours = courses
    with Gradebook(f"sqlite:///{ours.root}/gradebook.db") as book:
        notebook = book.find_submission_notebook("problem1", "ps1", "bitdiddle")
        grade = next(g for g in notebook.grades if g.name == "correct_squares")
        comment = notebook.comments[0]
        grade.manual_score, grade.extra_credit, comment.manual_comment = 0.5, 2, "Nearly."
        book.db.commit()
    shutil.rmtree(ours.root / ".journal")
    grade_class(ours, ["ps1"], Settings(ours.root, Limits()), jobs=2)
    with Gradebook(f"sqlite:///{ours.root}/gradebook.db") as book:
        notebook = book.find_submission_notebook("problem1", "ps1", "bitdiddle")
        grade = next(g for g in notebook.grades if g.name == "correct_squares")
        assert (grade.manual_score, grade.extra_credit, grade.score) == (0.5, 2, 2.5)
        assert notebook.comments[0].comment == "Nearly."
