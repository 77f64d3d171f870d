"""Whether a page can be read: what axe finds in it, and whether it is dark."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

GRAVE = ("serious", "critical")


def serious_faults(page: Page, part: str | None = None) -> list[str]:
    """The serious and critical faults of the page, or of what ``part`` (a CSS selector) matches, a line each."""
    found = Axe().run(page, context=part).response
    return [
        f"{fault['id']}: {fault['help']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


def is_dark(element: Locator) -> bool:
    """True when the element's background is dark."""
    color = element.evaluate("element => getComputedStyle(element).backgroundColor")
    return sum(int(number) for number in re.findall(r"\d+", color)[:3]) < 3 * 128
