"""`autograder new`: a course of one's own works from its first minute, and is what the page on writing says."""

import csv
import subprocess
import sys

import pytest
from packaging.requirements import Requirement
from typer.testing import CliRunner

from autograder.cli import app
from autograder.corpus import Corpus
from autograder.course import Course
from autograder.trying import try_course


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    folder = tmp_path_factory.mktemp("new") / "statistics"
    run("new", str(folder))
    return Course.at(folder)


def test_it_writes_into_an_empty_place_alone(course, tmp_path):
    (tmp_path / "mine.txt").write_text("keep me")
    done = CliRunner().invoke(app, ["new", str(tmp_path)])
    assert (done.exit_code, "isn't empty" in done.output) == (2, True)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_no_placeholder_is_left(course):
    for file in course.root.rglob("*"):
        if file.is_file():
            text = file.read_text("utf-8")
            assert "@COURSE@" not in text and "@REQUIREMENT@" not in text, file
    assert course.course_id == "statistics"
    assert Requirement((course.root / "requirements.txt").read_text("utf-8")).extras == {"grading"}
    assert {".gitignore", ".github"} <= {path.name for path in course.root.iterdir()}


def test_every_exercise_has_right_and_wrong_answers(course):
    for lesson in course.lessons():
        for exercise in course.exercises(lesson, hidden=True):
            mine = [a for a in Corpus(course).answers() if (a.lesson, a.exercise) == (lesson, exercise)]
            assert sum(a.right for a in mine) >= 2 and sum(not a.right for a in mine) >= 2, (lesson, exercise)


@pytest.mark.slow
def test_it_builds_tests_itself_and_grades_a_class(course):
    run("build", "--course", str(course.root))
    run("build", "--check", "--course", str(course.root))
    for lesson in course.lessons():
        assert {file.name for file in (course.lessons_dir / lesson).iterdir()} == {f"{lesson}.ipynb", "checks.py"}
    tried = list(try_course(course, course.lessons()))
    assert len(tried) > 30
    assert [(one.what, one.problems) for one in tried if one.problems] == []
    run("demo", "--course", str(course.root))
    with (course.root / "build/demo/grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["student"] for row in rows}) == 12
    for row in rows:
        if row["student"] in ("all-right", "another-way", "renamed-file") and row["status"] != "needs grading":
            assert (row["score"], row["message"]) == (row["max_score"], ""), row
    [mistake] = [r for r in rows if (r["student"], r["exercise"]) == ("mistakes-1", "weighted-mean")]
    assert mistake["message"].startswith("You divided by the number of values")


@pytest.mark.slow
def test_nothing_of_it_imports_a_library_of_deep_learning(course):
    """A kernel of this course, and the grader itself, never load one."""
    code = (
        "import sys; sys.modules.update(dict.fromkeys(('tensorflow', 'keras', 'vaelab', 'pandas', 'scipy')));"
        f"from autograder.cli import app; app(['test', '--course', {str(course.root)!r}, '01'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 not judged as they should be" in done.stdout


@pytest.mark.slow
def test_a_student_s_zip_holds_lesson_checks_and_wheel(course):
    import zipfile

    said = run("release", "01", "--course", str(course.root))
    assert "01_averages.zip" in said
    with zipfile.ZipFile(course.root / "build/release/01_averages.zip") as archive:
        names = set(archive.namelist())
    assert {"release/01_averages/01_averages.ipynb", "release/01_averages/checks.py", "README.md"} <= names
    assert not [name for name in names if "hidden" in name or "answers" in name or "solutions" in name]


def test_the_command_without_what_it_needs_says_what_to_install():
    code = "import sys; sys.modules['typer'] = None\nfrom autograder.__main__ import main\nmain()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "needs typer" in done.stderr and "[grading]" in done.stderr and "Traceback" not in done.stderr
