"""nbgrader's Validate button in JupyterLab: silent about what holds, and of the rest it shows the check's own line."""

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import serve
from tests.browser.notebook import open_notebook
from tests.browser.screenshots import SHOTS
from tests.course import COURSE, answered, part_of_it, solutions

pytestmark = pytest.mark.slow

QUICK = "02_reparameterization"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on one folder with every lesson solved, as a student has them who puts all in one place."""
    root = tmp_path_factory.mktemp("mine")
    part_of_it(root, source=True)
    for lesson in COURSE.lessons():
        nbformat.write(answered(COURSE.released(lesson), solutions(lesson)), root / f"{lesson}.ipynb")
    nbformat.write(COURSE.released(QUICK), root / "untouched.ipynb")
    with serve(root, tmp_path_factory.mktemp("home")) as lab:
        yield lab


def validate(page, lab, name):
    """What the dialog says of a notebook in the end."""
    open_notebook(page, lab.address(f"{name}.ipynb"))
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog", has_text="Validation Results")
    dialog.wait_for(timeout=300_000)
    page.screenshot(path=SHOTS / f"validate-{name}.png")
    return dialog


def test_an_untouched_lesson_is_not_attempted(page, lab):
    dialog = validate(page, lab, "untouched")
    for text in ('check("std")', "std: not attempted", "A log-variance of 0 is a standard deviation of 1."):
        expect(dialog).to_contain_text(text)


@pytest.mark.parametrize(
    "lesson", [pytest.param(name, marks=[] if name == QUICK else pytest.mark.soak) for name in COURSE.lessons()]
)
def test_a_solved_lesson_passes(page, lab, lesson):
    expect(validate(page, lab, lesson)).to_contain_text("Success! Your notebook passes all the tests.")
