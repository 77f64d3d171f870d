"""The words are those of the field, spelled right: in the lessons, the guides and every message."""

import re
import subprocess
import sys

import nbformat
import pytest
from proselint.checks import __register__
from proselint.config import DEFAULT
from proselint.registry import CheckRegistry
from proselint.tools import LintFile

from tests import prose
from tests.course import COURSE, ROOT

LESSONS = COURSE.sources()
LONGEST_LINE = 88

# Words of a dialect, and what the field says. A few remain where a sentence means the word itself.
DIALECT = {
    r"pictures?": "image",
    r"clouds?": "approximate posterior",
    r"planes? of codes": "latent plane",
    r"com(?:es?|ing) back": "reconstruct",
    r"giv(?:es?|ing) back": "return",
    r"mosaics?": "grid of decoded samples",
    r"kinds? of eyes": "protanopia, deuteranopia",
    r"yardsticks?": "criterion",
    r"to be mended with": "fix",
    r"in the box": "included",
    r"comes? to rest": "converge",
    r"gave the code up": "posterior collapse",
    r"paints? the average": "outputs the average",
    r"foreign (?:images|pictures)": "out-of-distribution images",
}
MOST = 12  # in the prose of all lessons together
# proselint's kinds that suit a textbook; the others are about typography and taste.
KINDS = ("annotations", "archaism", "malapropisms", "mixed_metaphors", "mondegreens", "needless_variants", "nonwords")
KINDS += ("oxymorons", "psychology", "redundancy", "spelling", "uncomparables")


def linted(text):
    """(kind, words) of each thing that proselint finds."""
    if not CheckRegistry().checks:
        CheckRegistry().register_many(__register__)
    config = {**DEFAULT, "checks": {kind: kind in KINDS for kind in DEFAULT["checks"]}}
    text = text.replace("Colour Schemes", "")  # a title
    results = LintFile("prose.md", text).lint(config)
    return [(one.check_result.check_path, text[slice(*one.check_result.span)]) for one in results]


def found(pattern, text):
    return re.findall(rf"\b(?:{pattern})\b", text, re.I)


def test_the_lessons_speak_of_images_and_of_latent_space():
    text = "\n".join(prose.of_lesson(lesson) for lesson in LESSONS)
    assert sum(len(found(pattern, text)) for pattern in DIALECT) <= MOST
    assert len(found("latent space", text)) >= 20


@pytest.mark.parametrize("lesson", LESSONS)
def test_so_do_their_code_and_alt_texts(lesson):
    text = prose.of_cells(lesson)
    assert {pattern: hits for pattern in DIALECT if (hits := found(pattern, text))} == {}


@pytest.mark.parametrize("file", list(prose.check_files()), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_so_do_titles_and_messages_of_checks(file):
    text = prose.of_code(file)
    assert {pattern: hits for pattern in DIALECT if (hits := found(pattern, text))} == {}


@pytest.mark.parametrize("file", [*prose.GUIDES, *prose.PAGES], ids=lambda file: file.name)
def test_so_do_the_guides(file):
    text = prose.plain(file.read_text("utf-8"))
    assert {pattern: hits for pattern in DIALECT if (hits := found(pattern, text))} == {}


def test_so_does_the_engine():
    wrong = {}
    for file in prose.ENGINE:
        text = prose.of_code(file)
        if hits := {pattern: hits for pattern in DIALECT if (hits := found(pattern, text))}:
            wrong[file.relative_to(ROOT).as_posix()] = hits
    assert wrong == {}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_code_line_is_not_cut_off_on_a_laptop(lesson):
    cells = nbformat.read(COURSE.source_notebook(lesson), as_version=4).cells
    lines = [line for cell in cells if cell.cell_type == "code" for line in cell.source.splitlines()]
    assert [line for line in lines if len(line) > LONGEST_LINE] == []


def test_words_are_spelled_right():
    files = [*prose.GUIDES, *prose.PAGES, *prose.check_files(), *prose.ENGINE, *prose.TEMPLATES]
    files += [COURSE.source_text(lesson) for lesson in LESSONS]
    ignored = "hart,nd,theis,ue"
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", "-L", ignored, *map(str, files)], capture_output=True, text=True
    )
    assert done.stdout == "" and done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", [*LESSONS, *(file.name for file in [*prose.GUIDES, *prose.PAGES])])
def test_a_linter_of_prose_finds_nothing(name):
    files = {file.name: file for file in [*prose.GUIDES, *prose.PAGES]}
    text = prose.of_lesson(name) if name in LESSONS else prose.plain(files[name].read_text("utf-8"))
    assert linted(text) == []


def test_the_linter_finds_what_it_should():
    [(kind, words)] = linted("This is a very unique idea.")
    assert kind.startswith("uncomparables") and "unique" in words
