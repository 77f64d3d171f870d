"""A whole term, as an instructor lives it: from a platform's download to its upload, a person's marks in between."""

import csv
import io
import zipfile

import nbformat
import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import expect
from typer.testing import CliRunner

from autograder.cli import app
from autograder.corpus import Corpus, answered
from autograder.course import Course
from autograder.grading.submissions import journal_of
from autograder.views.grades import list_grades
from tests.browser.axe import serious_faults
from tests.browser.conftest import serve
from tests.browser.notebook import cell_with, open_notebook, run
from tests.browser.screenshots import SHOTS

pytestmark = pytest.mark.slow

LESSON, WRITTEN = "02_random_walks", "written-spread"
NAMES = ["Müller, Jörg", "O'Neil, Siobhán", "García Márquez, María", "العمري, أحمد", "=SUM(A1), Eve"]
NAMES += [f"Student, Number{n}" for n in range(35)]
ROSTER = [(f"u{n}", name, str(1000 + n), "AB"[n % 2]) for n, name in enumerate(NAMES)]


def command(course, *arguments, status=0):
    done = CliRunner().invoke(app, [*arguments, "--course", str(course.root)])
    assert done.exit_code == status, done.output
    return done.output


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    root = tmp_path_factory.mktemp("term") / "statistics"
    done = CliRunner().invoke(app, ["new", str(root)])
    assert done.exit_code == 0, done.output
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write('\nc.Autograder.lessons_url = "https://example.org/{lesson}/{notebook}.html"\n')
    course = Course(root)
    command(course, "build", "--only", "lessons")
    with (root / "roster.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("Student", "ID", "SIS Login ID", "Section"), ("    Points Possible", "", "", "")])
        csv.writer(file).writerows([(name, number, login, section) for login, name, number, section in ROSTER])
    return course


def download(course, place):
    """What Canvas gives: 40 students, one of whom handed in twice, one late, one the wrong lesson, and a stranger."""
    corpus = Corpus(course)
    solved = corpus.solutions(LESSON)
    wrong = {a.exercise: a.code for a in corpus.answers() if a.lesson == LESSON and not a.right}

    def work(number):
        chosen = dict(solved)
        if number % 4 == 1:
            chosen |= {name: wrong[name] for name in list(wrong)[:1]}
        chosen[WRITTEN] = f"Variances add, says answer {number % 10}."
        return nbformat.writes(answered(course.released(LESSON), chosen)).encode()

    with zipfile.ZipFile(place, "w") as archive:
        for n, (_, name, number, _) in enumerate(ROSTER[:-1]):
            short = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha())
            late = "LATE_" if n == 3 else ""
            if n == 2:
                archive.writestr(f"{short}_{number}_70{n}_{LESSON}.ipynb", work(1))
                archive.writestr(f"{short}_{number}_80{n}_{LESSON}-1.ipynb", work(n))
            else:
                archive.writestr(f"{short}_{late}{number}_70{n}_{LESSON}.ipynb", work(n))
        archive.writestr(f"student_{ROSTER[-1][2]}_9_01_averages.ipynb", work(0))
        archive.writestr(f"strangersam_4242_10_{LESSON}.ipynb", work(0))


def totals(course):
    """{student: points} of the gradebook."""
    with Gradebook(course.database, course.course_id) as book:
        return {s.student.id: s.score for s in book.assignment_submissions(LESSON)}


def test_a_term(page, course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("canvas")
    command(course, "release", LESSON)
    with zipfile.ZipFile(course.root / "build" / "release" / f"{LESSON}.zip") as archive:
        assert f"{course.lessons_dir.name}/{LESSON}/{LESSON}.ipynb" in archive.namelist()

    # The download: everything is taken or named.
    download(course, folder / "submissions.zip")
    said = command(course, "collect", str(folder / "submissions.zip"), LESSON, status=1)
    assert "collected from 39 students; 2 need attention; 1 handed in nothing" in said
    assert f"nothing from {ROSTER[-1][0]}" in said

    said = command(course, "grade", LESSON, "--jobs", "2")
    assert "39 graded" in said
    automatic = totals(course)
    assert len(automatic) == 39 and len(set(automatic.values())) > 1

    # Ten answers, by keyboard: equal ones are marked at once.
    command(course, "mark", LESSON, "--no-browser")
    with serve(course.root, tmp_path_factory.mktemp("home")) as lab:
        open_notebook(page, lab.address(f"marking/{LESSON}.ipynb"))
        run(page, cell_with(page, "from autograder import mark"))
        cell = cell_with(page, f"mark('{WRITTEN}'")
        run(page, cell)
        marking = cell.locator(".autograder-mark")
        expect(marking).to_contain_text("0 of 39 marked")
        assert serious_faults(page, ".autograder-mark") == []
        marking.focus()
        for number in range(10):
            expect(marking.locator("h4").first).to_contain_text(f", {number + 1} of 10")
            page.keyboard.press("1")
            expect(marking).to_contain_text("1 of 3 points")
            if number < 5:
                page.keyboard.press("2")
                expect(marking).to_contain_text("2 of 3 points")
            if number == 0:
                page.keyboard.press("c")
                page.keyboard.type("Say why.")
                page.keyboard.press("Escape")
                page.screenshot(path=SHOTS / "marking.png")
            page.keyboard.press("n")
        expect(marking).to_contain_text("39 of 39 marked")
    marked = totals(course)
    gained = {student: marked[student] - automatic[student] for student in marked}
    assert set(gained.values()) == {1.0, 2.0}

    # A check is mended and the class graded again: marks by hand stay.
    hidden = course.root / "hidden" / f"{LESSON}.py"
    hidden.write_text(hidden.read_text("utf-8") + "\n# mended\n", encoding="utf-8")
    assert "39 graded" in command(course, "grade", LESSON, "--jobs", "2")
    assert totals(course) == marked

    # Back to the platform: the same numbers everywhere.
    command(course, "feedback", LESSON, "--zip")
    with zipfile.ZipFile(course.root / "build" / "feedback" / f"{LESSON}-canvas.zip") as archive:
        pages = {name: archive.read(name).decode() for name in archive.namelist()}
    assert len(pages) == 39 and any("_LATE_" in name for name in pages)
    assert any("Say why." in text for text in pages.values())
    assert any(f'Read again: section <a href="https://example.org/{LESSON}/{LESSON}.html#' in p for p in pages.values())
    command(course, "report", LESSON)
    exported = exports(course)
    assert exported["canvas"] == exported["moodle"] == exported["grades"] == marked
    page.goto((course.root / "report.html").as_uri())
    expect(page.locator("#points tbody tr")).to_have_count(39)
    assert serious_faults(page) == []
    page.locator('input[data-filters="points"]').fill("müller")
    expect(page.locator("#points-count")).to_have_text("1 of 39 shown")
    page.screenshot(path=SHOTS / "report-of-a-term.png")
    page.set_viewport_size({"width": 390, "height": 844})  # a telephone
    page.goto((course.feedback / "u0" / LESSON / f"{LESSON}.html").as_uri())
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def exports(course):
    """What each export says, read by the rules that its platform publishes."""
    canvas = list(csv.reader(io.StringIO((course.root / "canvas.csv").read_text("utf-8"))))
    header, possible, *rows = canvas
    assert header[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert possible[0].strip() == "Points Possible" and float(possible[header.index(LESSON)]) > 0
    moodle = list(csv.DictReader(io.StringIO((course.root / "moodle.csv").read_text("utf-8"))))
    summed = {}
    for grade in list_grades(course, journal_of(course), [LESSON]):
        summed[grade.student] = summed.get(grade.student, 0) + grade.score
    for row in [*canvas, *(row.values() for row in moodle)]:
        assert not any(str(field).startswith(("=", "+", "@")) for field in row)  # no formula
    return {
        "canvas": {row[3]: float(row[header.index(LESSON)]) for row in rows},
        "moodle": {row["Username"]: float(row[LESSON]) for row in moodle},
        "grades": summed,
    }
