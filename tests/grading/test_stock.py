"""A course that knows nothing of the engine: nbgrader's own quickstart, graded by its own test cells, by both."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbgrader.api import Gradebook

from autograder.classrun import grade_class
from autograder.course import Course
from autograder.grading.submissions import journal_of
from autograder.grading.worker import Settings
from autograder.sandbox import Limits
from autograder.views.grades import list_grades
from autograder.views.report import write_report

pytestmark = pytest.mark.slow

GUIDE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
RIGHT = "def squares(n):\n    if n < 1:\n        raise ValueError('n')\n    return [i ** 2 for i in range(1, n + 1)]\n"
WRONG = "def squares(n):\n    return []\n"
FORGED = {
    "equals-everything": "class A(list):\n    __eq__ = lambda *_: True\ndef squares(n):\n    return A()\n",
    "loops": WRONG + "while True:\n    pass\n",
    "exits": WRONG + "import os\nos._exit(0)\n",
}


def nbgrader_does(root: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=root, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]


def scores(root: Path) -> dict[tuple[str, str, str], tuple]:
    """{(notebook, student, cell): (points of the tests, whether a person must look, points at most)}."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        return {
            (notebook.name, submission.student.id, grade.name): (
                grade.auto_score,
                grade.needs_manual_grade,
                grade.max_score,
            )
            for submission in book.assignment_submissions("ps1")
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


def test_one_bad_submission_stops_nobody(courses, outcome):
    _, ours = courses
    for student, code in (FORGED | {"right": RIGHT}).items():
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
    assert found["broken", "correct_squares"] == (0, "unreadable")
    assert found["hacker", "correct_squares"] == (1, "passed")
