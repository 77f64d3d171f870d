"""Class report, feedback pages and the check's output, as a browser shows them in two themes and two widths."""

import nbformat
import pytest
from playwright.sync_api import expect

from autograder.checking import verdict
from autograder.checking.show import CheckResult
from autograder.checking.verdict import Verdict
from autograder.classrun import grade_class
from autograder.grading.settings import Settings
from autograder.grading.submissions import journal_of
from autograder.sandbox import Limits
from autograder.views.report import write_report
from tests.browser.axe import is_dark, serious_faults
from tests.browser.screenshots import SHOTS
from tests.course import all_answers, answered, part_of_it, solutions

pytestmark = pytest.mark.slow

LESSON = "03_mnist_pipeline"
THEMES, WIDTHS = ("light", "dark"), (1280, 400)
CELL_SECONDS = 10


def corpus(exercise, kind):
    """The first answer of the corpus to an exercise: ``right`` or ``wrong``."""
    return next(a.code for a in all_answers() if (a.lesson, a.exercise, a.right) == (LESSON, exercise, kind == "right"))


def hand_in(course, student, answers):
    """Put a notebook with these answers into submitted/; returns the file."""
    file = course.submitted / student / LESSON / f"{LESSON}.ipynb"
    file.parent.mkdir(parents=True)
    nbformat.write(answered(course.released(LESSON), answers), file)
    return file


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A small class with every kind of outcome, graded, with its report."""
    course = part_of_it(tmp_path_factory.mktemp("course"), LESSON)
    solved = solutions(LESSON)
    twin = solved | {"read": corpus("read", "right")}
    hand_in(course, "twin-1", twin)
    hand_in(course, "twin-2", twin | {"images": corpus("images", "wrong")})
    hand_in(course, "mistaken", {name: corpus(name, "wrong") for name in solved if not name.startswith("written-")})
    hand_in(course, "stopped", {"read": solved["read"], "combine": "while True:\n    pass"})
    unreadable = hand_in(course, "unreadable", solved)
    unreadable.write_bytes(unreadable.read_bytes()[:5000])
    grade_class(course, [LESSON], Settings(course.root, Limits(cell_seconds=CELL_SECONDS)), jobs=2)
    write_report(course, journal_of(course), [LESSON])
    return course


@pytest.fixture(params=[(theme, width) for theme in THEMES for width in WIDTHS], ids=lambda p: f"{p[0]}-{p[1]}")
def look(request, page):
    """Opens a file in a theme and a width, keeps a screenshot, and holds what every page must hold."""
    theme, width = request.param

    def open_page(file, name):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.goto(file.as_uri())
        for details in page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        page.screenshot(path=SHOTS / f"{name}-{width}-{theme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == (theme == "dark")
        assert is_dark(page.locator("body")) == (theme == "dark")
        assert serious_faults(page) == []

    return open_page


def test_the_report_fits_and_is_accessible(course, page, look):
    look(course.root / "report.html", "report")
    text = page.locator("main").inner_text()
    for words in ("is cut off", "Stopped: ", "twin-1 and twin-2", "written answers wait for a mark", "mistaken"):
        assert words in text


@pytest.mark.parametrize("student", ["mistaken", "stopped", "unreadable"])
def test_feedback_fits_and_is_accessible(course, page, look, student):
    look(course.feedback / student / LESSON / f"{LESSON}.html", f"feedback-{student}")


def test_tables_sort_on_click_and_by_key(course, page):
    page.goto((course.root / "report.html").as_uri())
    table = page.get_by_role("region", name="Points of each student").locator("table")
    students = sorted(folder.name for folder in course.submitted.iterdir())
    rows = table.locator("tbody th")
    expect(rows).to_have_text(students)
    by_name = table.get_by_role("button", name="Student")
    by_name.click()
    by_name.click()
    expect(rows).to_have_text(students[::-1])
    expect(table.locator("thead th").first).to_have_attribute("aria-sort", "descending")
    table.get_by_role("button", name=LESSON).focus()
    page.keyboard.press("Enter")
    points = [float(text) for text in table.locator("tbody td").all_inner_texts() if text]
    assert points == sorted(points) and points[0] < points[-1]


VERDICTS = [
    Verdict("std", f"test_{status}", f"What `{status}` looks like.", status, 0.0, 1.0, *words)
    for status, words in {
        verdict.PASSED: (),
        verdict.FAILED: ("This is the variance: `exp(z_log_var)`. " + "A_long_name_" * 12, "2.0", "[[4.0, 4.0]]" * 30),
        verdict.ERROR: ("The check itself broke.",),
        verdict.NOT_ATTEMPTED: ("Still to do.",),
        verdict.SKIPPED: ("This check waits until an earlier one passes: something else.",),
    }.items()
]


# A page that shows notebooks and is not JupyterLab: the colors are the browser's own.
PLAIN = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A check</title>
<style>:root {{ color-scheme: light dark }} body {{ background: Canvas; color: CanvasText }}</style>
<main><h1>A check</h1>{body}</main>"""


def test_the_checks_output_fits_and_is_accessible(page, look, tmp_path):
    file = tmp_path / "check.html"
    outputs = [CheckResult("std", VERDICTS), CheckResult("no-such", [], "there is no exercise of this name.")]
    body = "".join(output._repr_html_() for output in outputs)
    file.write_text(PLAIN.format(body=body), encoding="utf-8")
    look(file, "check")
