"""Screenshots: kept in build/screenshots, and as those of the guides, which may show no words that are gone."""

import json
import os
import re

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page

from tests.course import ROOT

SHOTS = ROOT / "build" / "screenshots"
GUIDES = ROOT / "docs" / "images"
RENEW = "RENEW_SCREENSHOTS"  # set by `make screenshots`
_SHOWS = "Shows"  # the words of a screenshot, in its file
# What lies wholly within the window, each piece of text by itself.
_VISIBLE = """
root => {
  const found = [], range = document.createRange();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    range.selectNodeContents(walker.currentNode);
    const box = range.getBoundingClientRect();
    const inside = box.width > 0 && box.top >= 0 && box.left >= 0
      && box.bottom <= innerHeight && box.right <= innerWidth;
    if (inside && walker.currentNode.data.trim()) found.push(walker.currentNode.data);
  }
  return found;
}
"""


def _bare(text: str) -> str:
    """The text without its numbers, such as a date or the number of a cell, and without its spaces."""
    return re.sub(r"[\d\s]+", "", text)


def keep_screenshot(page: Page, name: str, within: str) -> None:
    """Keep a screenshot of the window; fail where that of the guides shows words that are gone.

    Its words are those in the element ``within``, a selector. Fonts and sizes may differ from machine to machine.
    """
    shot = SHOTS / f"{name}.png"
    page.screenshot(path=shot)
    guide = GUIDES / shot.name
    if not guide.is_file():
        return
    root = page.locator(within).first
    if os.environ.get(RENEW):
        words = PngInfo()
        words.add_itxt(_SHOWS, json.dumps(root.evaluate(_VISIBLE), ensure_ascii=False))
        with Image.open(shot) as image:
            image.convert("RGB").save(guide, pnginfo=words, optimize=True)
    with Image.open(guide) as image:
        shown = json.loads(image.info[_SHOWS])
    assert len(shown) > 5
    there = _bare(root.text_content() or "")
    gone = [text for text in shown if _bare(text) not in there]
    assert gone == [], f"docs/images/{guide.name} shows what is gone; run: make screenshots"
