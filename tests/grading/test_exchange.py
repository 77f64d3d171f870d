"""nbgrader's exchange around our grading, as the instructor's guide has it: from release to fetched feedback."""

import getpass
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from tests.course import answered, part_of_it, solutions

pytestmark = pytest.mark.slow

LESSON = "02_reparameterization"


@pytest.fixture
def course(tmp_path):
    """A course folder that has released nothing yet, and an exchange in it."""
    root = tmp_path / "course"
    root.mkdir()
    part_of_it(root, LESSON, source=True)
    (root / "exchange").mkdir()
    return Course.at(root)


@pytest.fixture
def desk(course, tmp_path):
    """The folder a student works in, who knows of the course only where its exchange is."""
    desk = tmp_path / "desk"
    desk.mkdir()
    settings = {"CourseDirectory.course_id": "vaelab", "Exchange.root": str(course.root / "exchange")}
    lines = ["c = get_config()", *(f"c.{name} = {value!r}" for name, value in settings.items())]
    (desk / "nbgrader_config.py").write_text("\n".join(lines))
    return desk


def run(folder, *command):
    """Run a module's command in a folder; it must end well."""
    environment = os.environ | {"HOME": str(folder), "JUPYTER_DATA_DIR": str(folder / ".jupyter-data")}
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_from_the_release_to_the_fetched_feedback(course, desk):
    run(course.root, "nbgrader", "release_assignment", LESSON)
    run(desk, "nbgrader", "fetch_assignment", LESSON)
    notebook = desk / LESSON / f"{LESSON}.ipynb"
    nbformat.write(answered(nbformat.read(notebook, as_version=4), solutions(LESSON)), notebook)
    run(desk, "nbgrader", "submit", LESSON)
    run(course.root, "nbgrader", "collect", LESSON)
    assert [student.name for student in course.submitted.iterdir()] == [getpass.getuser()]
    run(course.root, "autograder.cli", "grade", LESSON)
    run(course.root, "nbgrader", "generate_feedback", LESSON, "--force")
    run(course.root, "nbgrader", "release_feedback", LESSON)
    run(desk, "nbgrader", "fetch_feedback", LESSON)
    [page] = (desk / LESSON / "feedback").rglob("*.html")
    assert "20 of 20 points" in Path(page).read_text("utf-8")
