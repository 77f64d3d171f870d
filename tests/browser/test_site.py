"""The published site: what it holds and what it leaves out, its search, its look; pictures in build/screenshots."""

import re
import subprocess
import sys

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from tests.browser.screenshots import SHOTS
from tests.course import COURSE, ROOT
from tests.test_leaks import hidden_names, solution_lines

pytestmark = pytest.mark.slow

LESSONS = COURSE.sources()
SECOND = "02_reparameterization/02_reparameterization"
PICTURED = {
    "start": "index",
    "guide": "docs/instructor",
    "lesson": f"lessons/{SECOND}",
    "solution": f"solutions/{SECOND}",
}
NARROW, WIDE = {"width": 400, "height": 900}, {"width": 1280, "height": 900}


def build(out, *options):
    """The site in ``out``, from the command that `make site` runs; a warning of Sphinx' fails it."""
    command = [sys.executable, ROOT / "docs" / "site" / "build.py", "--out", out, *options]
    made = subprocess.run(command, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    return out


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return build(tmp_path_factory.mktemp("published") / "site")


@pytest.fixture(scope="session")
def solved_site(tmp_path_factory):
    return build(tmp_path_factory.mktemp("solved") / "site", "--solutions")


def words(text):
    """The letters and digits of ``text`` in order: whatever a page makes of quotes, marks and spaces."""
    return " ".join(re.findall(r"[^\W_]+", text))


def page_words(page):
    return words(BeautifulSoup(page.read_text("utf-8"), "html.parser").get_text())


def found(lines, text):
    return {line for line in lines if words(line) and f" {words(line)} " in f" {text} "}


def secrets_of(lesson):
    """The lines of the solutions whose words do not stand in the released lesson too, in given code or prose."""
    released = nbformat.read(COURSE.released_notebook(lesson), as_version=4)
    lines = solution_lines(lesson)[1]
    return lines - found(lines, words("\n".join(cell.source for cell in released.cells)))


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_on_the_site_holds_no_solution(site, solved_site, lesson):
    secrets = secrets_of(lesson)
    assert found(secrets, page_words(site / "lessons" / lesson / f"{lesson}.html")) == set()
    solved = page_words(solved_site / "solutions" / lesson / f"{lesson}.html")
    assert secrets and len(found(secrets, solved)) > 0.8 * len(secrets), "the search would find a leak"


def test_nothing_for_instructors_is_on_the_site(site):
    """No page of solutions, no hidden check, and no recipe for the labels that lesson 06 is graded against."""
    pages = {path.relative_to(site): path.read_text("utf-8") for path in site.rglob("*.html")}
    assert {path.parts[0] for path in pages} <= {"lessons", "docs", "index.html", "search.html", "genindex.html"}
    assert [path for path in site.rglob("*") if path.suffix in (".ipynb", ".py", ".md")] == []
    index = (site / "searchindex.js").read_text("utf-8")
    names = hidden_names()
    assert {name for text in (*pages.values(), index) for name in names if name in text} == set()
    assert [path for path in pages if "labels of test csv" in page_words(site / path).lower()] == []
    secrets = set.union(*map(secrets_of, LESSONS))
    others = [path for path in pages if path.parts[0] != "lessons"]
    assert {path: lines for path in others if (lines := found(secrets, page_words(site / path)))} == {}


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_figure_of_a_solution_keeps_its_description(solved_site, lesson):
    cells = nbformat.read(COURSE.solution_notebook(lesson), as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
    written = [output.metadata["image/png"]["alt"] for output in outputs]
    page = BeautifulSoup((solved_site / "solutions" / lesson / f"{lesson}.html").read_text("utf-8"), "html.parser")
    assert written and [image["alt"] for image in page.select(".cell_output img")] == written


def test_formulas_are_there_without_a_script(site):
    pages = [(site / "lessons" / lesson / f"{lesson}.html").read_text("utf-8") for lesson in LESSONS]
    assert all("<math" in page for page in pages)
    assert [script for page in pages for script in re.findall(r'<script[^>]*src="https?:[^"]*"', page)] == []


def test_a_reader_finds_the_lesson_by_searching(page, site):
    page.goto((site / "index.html").as_uri())
    page.locator("article").get_by_role("link", name="01 ·").click()
    page.get_by_role("link", name="lesson 02").first.click()
    assert page.url.endswith(f"lessons/{SECOND}.html")
    page.get_by_role("textbox", name="Search").fill("reparameterization")
    page.keyboard.press("Enter")
    hits = page.locator("#search-results ul.search a")
    hits.first.wait_for()
    page.get_by_text("Search finished").wait_for()
    page.screenshot(path=SHOTS / "site-search.png")
    hits.filter(has_text="02 · Reparameterization").first.click()
    assert f"lessons/{SECOND}.html" in page.url
    assert page.get_by_role("heading", level=1).inner_text().startswith("02 · Reparameterization")


def is_wider(page, path):
    """Whether the page, once opened, scrolls sideways."""
    page.goto(path.as_uri())
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_no_page_is_wider_than_a_telephone(page, solved_site):
    page.set_viewport_size(NARROW)
    pages = sorted(solved_site.rglob("*.html"))
    assert len(pages) > 2 * len(LESSONS)
    assert [path.name for path in pages if is_wider(page, path)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground_in_both_themes(page, solved_site, scheme):
    page.emulate_media(color_scheme=scheme)
    faint = {}
    for shown, name in PICTURED.items():
        page.goto((solved_site / f"{name}.html").as_uri())
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)
            page.screenshot(path=SHOTS / f"site-{shown}-{size['width']}-{scheme}.png")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", ground)[:3])) > 3 * 128) == (scheme == "light")
        faults = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
        faint |= {f"{name}: {node['html']}": node["failureSummary"] for fault in faults for node in fault["nodes"]}
    assert faint == {}
