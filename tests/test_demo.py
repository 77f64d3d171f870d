"""What `make demo` leaves behind is what the answers of its class deserve."""

import csv
import os
import shutil
import subprocess
import sys

import pytest

import autograder
from autograder import demo
from autograder.checking.verdict import first_message
from autograder.classrun import grade_class
from autograder.corpus import Corpus
from autograder.course import Course
from autograder.grading.settings import Settings
from autograder.grading.submissions import journal_of
from autograder.sandbox import Limits
from autograder.views.grades import list_grades, write_grades
from tests.browser.conftest import opened_browser
from tests.browser.screenshots import keep_screenshot
from tests.course import COURSE, names_before
from tests.test_answers import run_cell

pytestmark = pytest.mark.slow

LESSONS = ["02_reparameterization", "03_mnist_pipeline"]  # what `make demo` grades


@pytest.fixture(scope="module")
def rows():
    demo.run_demo(COURSE, LESSONS, Settings.of(COURSE, lessons=LESSONS))
    return read_rows(COURSE.root / "build" / "demo" / "grades.csv")


def read_rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of(rows, student):
    return [row for row in rows if row["student"] == student]


def test_every_student_has_a_row_for_each_exercise(rows):
    exercises = {(row["lesson"], row["exercise"]) for row in rows}
    assert {lesson for lesson, _ in exercises} == set(LESSONS)
    students = {row["student"] for row in rows}
    assert len(students) == 12
    assert len(rows) == len(students) * len(exercises)


@pytest.mark.parametrize("student", ["all-right", "another-way", "noisy", "renamed-file"])
def test_right_work_gets_full_marks_however_it_is_written(rows, student):
    for row in of(rows, student):
        if row["status"] != "needs grading":
            assert (row["status"], row["score"], row["message"]) == ("passed", row["max_score"], ""), row


def test_untouched_work_is_not_attempted(rows):
    assert {(row["status"], row["score"]) for row in of(rows, "untouched")} == {("not attempted", "0")}


def local_marks(lesson, answers):
    """{exercise: verdicts} of a student's answers, each marked in the notebook's own process where it stands."""
    exercises = list(COURSE.exercises(lesson))
    namespace, marks = names_before(lesson, exercises[0]), {}
    for exercise in exercises:
        run_cell(answers[exercise], namespace, f"<{lesson} {exercise}>")
        marks[exercise] = autograder.verdicts(lesson, exercise, namespace, hidden=True)
    return marks


@pytest.mark.parametrize("student", ["mistakes-1", "mistakes-2", "mistakes-3"])
def test_a_mistake_costs_the_points_of_the_checks_it_breaks(rows, student):
    for lesson in LESSONS:
        marks = local_marks(lesson, demo.class_answers(Corpus(COURSE), lesson)[student])
        for row in (row for row in of(rows, student) if row["lesson"] == lesson and row["exercise"] in marks):
            verdicts = marks[row["exercise"]]
            assert float(row["score"]) == pytest.approx(sum(v.points for v in verdicts)), row
            assert row["message"] == first_message(verdicts), row


def test_a_stopped_exercise_costs_only_itself(rows):
    for student in ("loops-for-ever", "calls-os-exit"):
        for lesson in LESSONS:
            first, *others = [row for row in of(rows, student) if row["lesson"] == lesson]
            assert first["status"] == "stopped" and first["message"].startswith("Stopped: ")
            assert {row["status"] for row in others} <= {"passed", "needs grading"}


def test_an_unreadable_file_is_named_and_kept(rows):
    assert {row["status"] for row in of(rows, "truncated-file")} == {"unreadable"}
    for lesson in LESSONS:
        file = f"submitted/truncated-file/{lesson}/{lesson}.ipynb"
        assert any(file in row["message"] and "cut off" in row["message"] for row in rows)
        assert (COURSE.root / "build" / "demo" / file).is_file()


def test_nobody_changes_anyone_elses_row(rows, tmp_path):
    course = Course(tmp_path / "course")
    demo.make_class(COURSE, LESSONS, course)
    kept = ("all-right", "mistakes-1", "untouched")
    for folder in course.submitted.iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder)
    grade_class(course, LESSONS, Settings(course.root, Limits(cell_seconds=demo.CELL_SECONDS)), jobs=2)
    write_grades(tmp_path / "grades.csv", list_grades(course, journal_of(course), LESSONS))
    assert read_rows(tmp_path / "grades.csv") == [row for row in rows if row["student"] in kept]


@pytest.mark.soak
def test_without_a_sandbox_everybody_gets_the_same_points(rows, tmp_path):
    """There no kernel is warm: each makes its imports in its first cell."""
    command = [sys.executable, "-m", "autograder", "demo", *LESSONS]
    done = subprocess.run(command, cwd=COURSE.root, env=os.environ | {"PATH": str(tmp_path)}, capture_output=True)
    assert b"Protection off" in done.stdout
    again = read_rows(COURSE.root / "build" / "demo" / "grades.csv")
    assert points_of(again) == points_of(rows)


def points_of(rows):
    return {(row["student"], row["lesson"], row["exercise"]): row["score"] for row in rows}


def test_feedback_names_the_mistakes_and_shows_no_check(rows):
    lesson = LESSONS[0]
    page = (COURSE.root / "build" / "demo" / "feedback" / "mistakes-1" / lesson / f"{lesson}.html").read_text("utf-8")
    assert "Moving z_mean by a step moves z by the same step" in page
    assert "student.eval" not in page and "pytest" not in page


def test_the_guides_show_the_report_as_it_is(rows):
    with opened_browser() as browser:
        page = browser.new_page(viewport={"width": 1000, "height": 1100})
        page.goto((COURSE.root / "build" / "demo" / "report.html").as_uri())
        keep_screenshot(page, "report", "main")
