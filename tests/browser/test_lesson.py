"""A student opens a lesson, answers wrongly, reads why, and answers rightly; what they read is accessible."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import is_dark, serious_faults
from tests.browser.notebook import cell_with, open_notebook, run, use_theme, write
from tests.browser.screenshots import keep_screenshot

pytestmark = pytest.mark.slow

LESSON = "lessons/02_reparameterization/02_reparameterization.ipynb"
WRONG = "def std_from_log_var(z_log_var):\n    return ops.exp(z_log_var)"
RIGHT = "def std_from_log_var(z_log_var):\n    return ops.exp(0.5 * z_log_var)"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_wrong_and_a_right_answer(page, lab, theme):
    open_notebook(page, lab.address(LESSON))
    if theme == "dark":
        use_theme(page, "dark")
    run(page, cell_with(page, "import vaelab.quiet"))
    assert page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    answer, check = cell_with(page, "def std_from_log_var"), cell_with(page, 'check("std")')

    run(page, answer)
    run(page, check)
    expect(check.locator(".autograder-check")).to_contain_text("not attempted")

    write(page, answer, WRONG)
    run(page, answer)
    run(page, check)
    result = check.locator(".autograder-check")
    expect(result).to_contain_text("✗")
    expect(result).to_contain_text("This is the variance, exp(z_log_var)")
    keep_screenshot(page, f"check-failed-{theme}", ".jp-Notebook")
    assert is_dark(page.locator(".jp-NotebookPanel-notebook")) == (theme == "dark")
    assert serious_faults(page, ".autograder-check") == []

    write(page, answer, RIGHT)
    run(page, answer)
    run(page, check)
    expect(result).to_contain_text("2 of 2 checks hold")
    expect(result).not_to_contain_text("✗")
    keep_screenshot(page, f"check-passed-{theme}", ".jp-Notebook")
