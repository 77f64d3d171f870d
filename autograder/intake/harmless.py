"""Markdown of a student's that no page turns into more than text, links and formulas.

nbgrader's formgrader shows it on Jupyter's own origin, where a script would be the instructor. Cleaning HTML is no way:
what comes out of a cleaner is HTML, in which a quotation or a formula is no Markdown any more. So nothing is taken
away; what would begin a tag gets an invisible character, and reads as before.
"""

import re

_BREAK = "\u200b"  # a zero-width space
# A tag, a comment or an automatic link begins so (HTML Living Standard, 13.2.5.6; CommonMark 0.31, 6.5 and 6.6).
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
# Where a link leads, in a line or as a reference: to the web, to a place on the page, or to a file by its plain name.
_LINK = re.compile(
    r"\](?=\(|:)(?!(?:\(|:)\s*+(?:https?://[^\s<>\\&]*|mailto:[\w.+@-]*|\#[\w.-]*|(?![\w./-]*:)[\w./-]*)(?=[\s)]|$))"
)
_PICTURE = re.compile(r"!(?=\[)")  # fetched from anywhere, when the page is opened: it becomes a link
_FORMULA = re.compile(r"\\(?=(?:href|class|style|cssId|require|unicode|bbox)\b)")  # what MathJax makes HTML of


def harmless(source: str) -> str:
    """The same text for a reader; no HTML, no image, and no link but to the web or to a file."""
    source = _TAG.sub(f"<{_BREAK}", source)
    source = _LINK.sub(f"]{_BREAK}", source)
    source = _PICTURE.sub(f"!{_BREAK}", source)
    return _FORMULA.sub(rf"\\{_BREAK}", source)
