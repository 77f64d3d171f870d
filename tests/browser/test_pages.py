"""Every lesson, solved, as JupyterLab shows it in both themes; the screenshots are kept in build/screenshots."""

import shutil

import pytest

from tests.browser.notebook import use_dark_theme
from tests.browser.screenshots import SHOTS
from tests.course import COURSE

pytestmark = pytest.mark.slow

TALL = 9000  # pixels: higher than any lesson's half, so that JupyterLab draws every cell


@pytest.mark.parametrize("lesson", COURSE.sources())
def test_a_solved_lesson_in_both_themes(page, lab, lesson):
    shutil.copytree(COURSE.solutions / lesson, lab.folder / "solutions" / lesson, dirs_exist_ok=True)
    page.set_viewport_size({"width": 1200, "height": TALL})
    page.goto(lab.address(f"solutions/{lesson}/{lesson}.ipynb"))
    page.wait_for_selector('.jp-NotebookPanel-toolbar [data-status="idle"]')
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
    use_dark_theme(page)
    page.wait_for_timeout(1000)
    page.screenshot(path=SHOTS / f"{lesson}-dark.png")
