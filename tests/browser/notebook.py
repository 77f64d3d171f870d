"""What a student does in JupyterLab, in a few verbs."""

import contextlib
import re
import warnings

from playwright.sync_api import Locator, Page, TimeoutError, expect

TRIES, TRY_MS = 4, 15_000
KERNEL_IS_IDLE = """() => {
    const kernel = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
    return kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""
ANOTHER = """async path => {
    const { commands, serviceManager, shell } = window.jupyterapp;
    const before = [...shell.widgets("main")];
    await serviceManager.sessions.shutdownAll();
    await commands.execute("docmanager:open", { path, factory: "Notebook" });
    before.forEach(widget => widget.dispose());  // now, as a launcher comes where nothing is open
}"""


def open_lab(page: Page, lab) -> None:
    """JupyterLab as it starts; what is opened before the launcher stands there may vanish again."""
    page.goto(f"{lab.url}/lab?token={lab.token}&reset")
    page.locator(".jp-Launcher").wait_for()


def open_notebook(page: Page, address: str) -> None:
    """Open a notebook and wait until its kernel is idle."""
    page.goto(address)
    _wait_for_notebook(page)


def open_another(page: Page, path: str) -> None:
    """Open a notebook in the place of the one that this page shows; JupyterLab is not loaded again."""
    page.evaluate(ANOTHER, path)
    _wait_for_notebook(page)


def _wait_for_notebook(page: Page) -> None:
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(KERNEL_IS_IDLE)  # the toolbar says so also where there is no kernel yet


def cell_with(page: Page, text: str) -> Locator:
    """The code cell whose source contains ``text``."""
    cell = page.locator(".jp-Notebook .jp-CodeCell", has=page.locator(".cm-content", has_text=text)).first
    cell.scroll_into_view_if_needed()
    return cell


def run(page: Page, cell: Locator) -> None:
    """Run one cell and wait until it is done: its number is a new one."""
    prompt = cell.locator(".jp-InputPrompt").first
    before = prompt.inner_text()
    for _ in range(TRIES):  # on a busy machine the page may miss a key while it still draws
        _close_dialog(page)
        with contextlib.suppress(AssertionError, TimeoutError):
            cell.locator(".cm-content").click(timeout=TRY_MS)
            page.keyboard.press("Control+Enter")
            expect(prompt).not_to_have_text(before, timeout=TRY_MS)
            break
    expect(prompt).not_to_have_text(before)
    expect(prompt).to_have_text(re.compile(r"\[\d+\]"))


def _close_dialog(page: Page) -> None:
    """Accept what JupyterLab asks by itself, as it may on a busy machine; a warning says what it was."""
    dialog = page.locator(".jp-Dialog").first
    if dialog.is_visible():
        warnings.warn(f"JupyterLab asked: {dialog.inner_text()}", stacklevel=3)
        dialog.locator(".jp-mod-accept").click()


def write(page: Page, cell: Locator, source: str) -> None:
    """Replace the source of a cell, as by hand."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(source)


def use_theme(page: Page, theme: str) -> None:
    """Tell the page that its reader prefers ``light`` or ``dark``; the JupyterLab of these tests follows that."""
    page.emulate_media(color_scheme=theme)
    is_light = str(theme == "light").lower()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", is_light)
