"""Text of a student's reads as it was written, and becomes neither HTML nor a script in a page."""

from html.parser import HTMLParser

import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune  # what formgrader shows Markdown by

from autograder.intake.harmless import harmless

ATTACKS = (
    "<script>hostile()</script>",
    "<SCRIPT/src=//evil.org/x>",
    "a\n<div\nonclick=hostile()>b</div>",
    "<img src=x onerror=hostile()>",
    "<!-- --><style>* {display: none}</style>",
    "<javascript:hostile()>",
    "[x](javascript:hostile())",
    "[x](JaVaScRiPt:hostile())",
    "[x](java&#115;cript:hostile())",
    "[x](javascript&colon;hostile())",
    "[x](\tjavascript:hostile())",
    "[x]( \n javascript:hostile())",
    "[x](<javascript:hostile()>)",
    "[x](\\javascript:hostile())",
    "[x](vbscript:hostile())",
    "[x](data:text/html,<b>hi</b>)",
    "[x](file:///etc/passwd)",
    "[x][y]\n\n[y]: javascript:hostile()",
    "[x][y]\n\n[y]:\n  javascript:hostile()",
    "[x][y]\n\n[y]: <javascript:hostile()>",
    "![x](javascript:hostile())",
    "![x](https://evil.org/who-reads-this.png)",
    "![x][y]\n\n[y]: https://evil.org/who-reads-this.png",
    "| a |\n|---|\n| <b>x</b> [x](javascript:hostile()) |",
    "> <b>x</b>\n\n- <i>y</i>",
)
TAGS = {"p", "a", "blockquote", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "br", "em", "code"}


class Page(HTMLParser):
    """The tags of a page, the targets of its links, and its text."""

    def __init__(self, source: str):
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, str | None] = {}
        self.text = ""
        self.feed(markdown2html_mistune(source))

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= dict(attrs)

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_but_text_and_links_to_the_web_comes_of_it(attack):
    as_it_came, page = Page(attack), Page(harmless(attack))
    assert page.tags <= TAGS
    assert page.attributes.keys() <= {"href"}
    assert page.attributes.get("href", "https://").startswith("https://")
    assert as_it_came.tags - page.tags or as_it_came.attributes != page.attributes, "the attack is one"


@pytest.mark.parametrize(
    "text",
    [
        "E[x](z) and $p[x](t) < q$",
        "> a quotation, *stressed*, `a < b` and 2 < 3",
        "[the paper](https://arxiv.org/abs/1312.6114v11), [a file](figures/fig-1.png), [below](#what-is-next)",
        "[the paper][kingma]\n\n[kingma]: https://arxiv.org/abs/1312.6114",
        "[write me](mailto:ada.l+vae@example.org)",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "$\\frac{1}{2} \\hat{\\mu}_{class}$ and $\\mathcal{N}(0, 1)!$",
    ],
)
def test_what_an_honest_student_writes_is_left_alone(text):
    assert harmless(text) == text


def test_it_reads_as_before():
    page = Page(harmless("Is <b>x</b> < y & z? [see](javascript:1)"))
    assert page.text.replace("\u200b", "").strip() == "Is <b>x</b> < y & z? [see](javascript:1)"
