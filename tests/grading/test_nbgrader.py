"""nbgrader's own commands work over our grading: autograde, feedback, late penalties, manual marks."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.grading.submissions import journal_of
from autograder.views.report import write_report
from tests.course import answered, part_of_it, solutions

pytestmark = pytest.mark.slow

LESSON = "02_reparameterization"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course as an instructor has it: lessons, configuration, one good and one bad submission."""
    root = tmp_path_factory.mktemp("course")
    part_of_it(root, LESSON, source=True)
    made = Course.at(root)
    solved = answered(made.released(LESSON), solutions(LESSON))
    wrong = answered(made.released(LESSON), {"std": solutions(LESSON)["std"].replace("0.5 * ", "")})
    for student, notebook in {"ada": solved, "bo": wrong}.items():
        folder = made.submitted / student / LESSON
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{LESSON}.ipynb")
        (folder / "timestamp.txt").write_text("2026-01-15 12:00:00 UTC")
    return made


def nbgrader(course, *arguments):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=course.root, env=os.environ | {"PATH": path}, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def gradebook(course):
    return Gradebook(course.database, course.course_id)


def grades(course, student):
    with gradebook(course) as book:
        submission = book.find_submission(LESSON, student)
        return {g.name: (g.auto_score, g.score) for n in submission.notebooks for g in n.grades}


def test_generate_autograde_and_feedback(course):
    assert nbgrader(course, "generate_assignment", LESSON, "--force")[0] == 0
    code, said = nbgrader(course, "autograde", LESSON)
    assert code == 0, said
    assert sum(score for _, score in grades(course, "ada").values()) == 20
    assert grades(course, "bo")["check-std"] == (0.5, 0.5)
    code, said = nbgrader(course, "generate_feedback", LESSON)
    assert code == 0, said
    page = (course.feedback / "bo" / LESSON / f"{LESSON}.html").read_text("utf-8")
    assert "This is the variance, exp(z_log_var)" in page
    assert "student.eval" not in page


def test_a_manual_mark_and_a_comment_survive_grading_again(course):
    with gradebook(course) as book:
        grade = book.find_grade("check-std", LESSON, LESSON, "bo")
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        book.find_comment("std", LESSON, LESSON, "bo").manual_comment = "Nearly."
        book.db.commit()
    code, said = nbgrader(course, "autograde", LESSON, "--force")
    assert code == 0, said
    assert grades(course, "bo")["check-std"] == (0.5, 2.0)
    with gradebook(course) as book:
        assert book.find_comment("std", LESSON, LESSON, "bo").comment == "Nearly."


def test_our_command_finds_the_same_and_grades_nothing_again(course):
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", "grade", "--course", str(course.root), "--json"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert '"graded": 0' in done.stdout and '"unchanged": 2' in done.stdout
    rows = (course.root / "grades.csv").read_text("utf-8")
    assert f'"bo","{LESSON}","std","2","3",' in rows


def test_late_work_is_penalised_by_nbgraders_plugin(course):
    with gradebook(course) as book:
        book.update_or_create_assignment(LESSON, duedate="2026-01-14 12:00:00 UTC")
        submission = book.find_submission(LESSON, "ada")
        assert submission.total_seconds_late == 24 * 3600
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    code, said = nbgrader(course, "autograde", LESSON, "--force", "--student=ada")
    assert code == 0, said
    with gradebook(course) as book:
        assert book.find_submission(LESSON, "ada").late_submission_penalty == 20
    rows = write_report(course, journal_of(course), [LESSON])
    assert sum(row.score for row in rows if row.student == "ada") == 20
    assert '"ada","","","ada","","0"\n' in (course.root / "canvas.csv").read_text("utf-8")
