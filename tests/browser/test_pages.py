"""Every lesson, solved, as JupyterLab shows it in both themes; the screenshots are kept in build/screenshots."""

import shutil

import pytest

from tests.browser.conftest import opened_page
from tests.browser.notebook import open_another, open_lab, use_theme
from tests.browser.screenshots import SHOTS
from tests.course import COURSE

pytestmark = pytest.mark.slow

TALL = 9000  # pixels: higher than any lesson's half, so that JupyterLab draws every cell


@pytest.fixture(scope="module")
def page(browser, lab):
    """One JupyterLab in which the lessons are opened in turn: loading it takes longer than showing a lesson."""
    with opened_page(browser, 1200, TALL) as page:
        open_lab(page, lab)
        yield page


@pytest.mark.parametrize("lesson", COURSE.sources())
def test_a_solved_lesson_in_both_themes(page, lab, lesson):
    shutil.copytree(COURSE.solutions / lesson, lab.folder / "solutions" / lesson, dirs_exist_ok=True)
    use_theme(page, "light")
    open_another(page, f"solutions/{lesson}/{lesson}.ipynb")
    page.wait_for_selector(".jp-OutputArea-output img")
    page.wait_for_timeout(2000)
    page.screenshot(path=SHOTS / f"{lesson}-light.png")
    pictures = page.locator(".jp-OutputArea-output img")
    assert pictures.count() > 0
    missing = [i for i in range(pictures.count()) if not (pictures.nth(i).get_attribute("alt") or "").strip()]
    assert missing == [], "a figure without a description on the page"
    assert page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    wide = page.evaluate(
        "[...document.querySelectorAll('.jp-Cell')].filter(c => c.scrollWidth > c.clientWidth + 2).length"
    )
    assert wide == 0, "a cell is wider than the page"
    use_theme(page, "dark")
    page.wait_for_timeout(1000)
    page.screenshot(path=SHOTS / f"{lesson}-dark.png")
