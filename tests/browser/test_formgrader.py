"""nbgrader in JupyterLab: an instructor releases, grades and gives feedback, a student fetches and submits."""

import nbformat
import pytest
from playwright.sync_api import FrameLocator, Page, expect

from autograder.course import Course
from tests.browser.axe import serious_faults
from tests.browser.conftest import serve
from tests.browser.notebook import open_lab
from tests.browser.screenshots import SHOTS
from tests.course import COURSE, answered, part_of_it, solutions

pytestmark = pytest.mark.slow

GRADED = "03_mnist_pipeline"
WRITTEN = "No: the rows held out were drawn before training. For a claim about test.csv it would be one."
COMMENT = "Say too which labels the rows bring."
ATTACK = """Why so <b>bold</b>?
<script>window.hostile = 1</script> <img src="x" onerror="window.hostile = 1"> <svg onload="window.hostile = 1"></svg>

[Press here](javascript:window.hostile=1), [or here][there] $\\href{javascript:window.hostile=1}{z}$

[there]: javascript:window.hostile=1
"""
RUBRIC = "1 point: the reason about labels"
WRONG = "def combine(train_raw, test_raw):\n    return pd.concat([train_raw, test_raw])"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course as an instructor has it who never ran a command of nbgrader's: one submission, an empty exchange."""
    root = tmp_path_factory.mktemp("course")
    part_of_it(root, GRADED, source=True)
    (root / "exchange").mkdir()
    made = Course.at(root)
    solved = solutions(GRADED)
    hand_in(made, "ada", solved | {"combine": WRONG, "written-leak": WRITTEN})
    return made


def hand_in(course, student, answers):
    folder = course.submitted / student / GRADED
    folder.mkdir(parents=True)
    notebook = answered(course.released(GRADED), answers)
    notebook.cells += [nbformat.v4.new_markdown_cell(ATTACK), nbformat.v4.new_raw_cell(ATTACK)]
    nbformat.write(notebook, folder / f"{GRADED}.ipynb")


@pytest.fixture(scope="module")
def lab(course, tmp_path_factory):
    with serve(course.root, tmp_path_factory.mktemp("home")) as lab:
        yield lab


def choose(page: Page, name: str) -> None:
    """Choose an item of the Nbgrader menu."""
    page.locator(".lm-MenuBar-itemLabel", has_text="Nbgrader").click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def open_formgrader(page: Page, lab) -> FrameLocator:
    """JupyterLab with formgrader open: its frame."""
    open_lab(page, lab)
    choose(page, "Formgrader")
    formgrader = page.frame_locator("iframe[src*=formgrader]")
    formgrader.locator("td.num-submissions a").wait_for()
    return formgrader


def succeed(formgrader: FrameLocator) -> None:
    """Wait for the message that ends a job, see that it went well, and close it."""
    message = formgrader.locator(".modal.in")
    expect(message).to_contain_text("Success", timeout=180_000)
    message.get_by_role("button", name="OK").click()
    expect(formgrader.locator(".modal-backdrop")).to_have_count(0)


def test_autograde_mark_by_hand_and_feedback(page, lab, course):
    formgrader = open_formgrader(page, lab)
    page.screenshot(path=SHOTS / "formgrader-assignments.png")
    formgrader.locator("td.num-submissions a").click()
    expect(formgrader.locator("td.status")).to_have_text("needs autograding")
    formgrader.locator("td.autograde a").click()
    succeed(formgrader)
    expect(formgrader.locator("td.status")).to_have_text("needs manual grading")
    expect(formgrader.locator("td.score")).to_have_text("15.5 / 20")
    page.screenshot(path=SHOTS / "formgrader-autograded.png")

    formgrader.get_by_role("link", name="Manual Grading", exact=True).click()
    formgrader.locator("td.name a", has_text=GRADED).click()
    formgrader.locator("td.name a", has_text=GRADED).click()
    formgrader.get_by_role("link", name="Submission #1").click()
    points, comment = formgrader.locator("#written-leak"), formgrader.locator("#written-leak-comment")
    expect(formgrader.get_by_text(WRITTEN)).to_be_visible()
    expect(formgrader.get_by_text("Handed in by ada.")).to_be_visible()
    expect(formgrader.get_by_text("written-leak, 3 points, for who marks it:")).to_be_visible()
    expect(formgrader.get_by_text(RUBRIC)).to_be_visible()
    expect(formgrader.get_by_text("combine: 1 of 3 checks hold")).to_be_visible()
    expect(formgrader.get_by_text("Why so <").first).to_be_visible()
    must_run_nothing(page)
    for field, text in ((points, "2"), (comment, COMMENT)):
        with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
            field.fill(text)
            field.press("Tab")
    page.screenshot(path=SHOTS / "formgrader-manual.png")

    formgrader = open_formgrader(page, lab)
    formgrader.locator("td.num-submissions a").click()
    expect(formgrader.locator("td.status")).to_have_text("graded")
    expect(formgrader.locator("td.score")).to_have_text("17.5 / 20")
    formgrader.locator("td.generate-feedback a").click()
    succeed(formgrader)

    page.goto((course.feedback / "ada" / GRADED / f"{GRADED}.html").as_uri())
    text = page.locator("main").inner_text()
    assert "17.5 of 20 points" in text and "partial\t2 / 3" in text
    assert COMMENT in text and WRITTEN in text
    assert RUBRIC not in page.content() and "Handed in by" not in page.content()
    assert "The index names rows twice" in text
    assert_hides_the_checks(page.content())
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=SHOTS / f"feedback-from-formgrader-{theme}.png", full_page=True)
        assert serious_faults(page) == []


def must_run_nothing(page: Page) -> None:
    """No HTML that a student wrote became a part of any page, and no link of theirs a script."""
    asked = """() => [window.hostile === undefined, document.querySelectorAll('[onerror], [onload]').length,
        [...document.links].filter(link => link.protocol === 'javascript:' && link.href.includes('hostile')).length]"""
    assert [frame.evaluate(asked) for frame in page.frames] == [[True, 0, 0]] * len(page.frames)


def assert_hides_the_checks(page_source):
    """No line of code of a check, hidden or public, stands in what a student reads."""
    for file in COURSE.check_files(GRADED, hidden=True):
        checks = file.path.read_text("utf-8")
        code = [line.strip() for line in checks.splitlines() if "student.eval" in line or line.startswith("def ")]
        assert len(code) > 5
        assert [line for line in code if line in page_source] == []


def test_release_fetch_and_submit(page, lab, course):
    formgrader = open_formgrader(page, lab)
    formgrader.locator("td.release a").click()
    succeed(formgrader)
    choose(page, "Assignment List")
    page.get_by_role("button", name="Fetch", exact=True).click()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.get_by_role("button", name="Fetch Feedback")).to_be_visible()
    page.screenshot(path=SHOTS / "assignment-list.png")
    assert (course.root / GRADED / f"{GRADED}.ipynb").is_file()
    [submission] = (course.root / "exchange" / "vaelab" / "inbound").iterdir()
    assert (submission / f"{GRADED}.ipynb").is_file()


def test_course_list_leads_to_formgrader(page, lab):
    open_lab(page, lab)
    choose(page, "Course List")
    course = page.get_by_role("link", name="vaelab")
    course.wait_for()
    page.screenshot(path=SHOTS / "course-list.png")
    course.click()
    expect(page.frame_locator("iframe[src*=formgrader]").locator("td.name")).to_have_text(GRADED)
