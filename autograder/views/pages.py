"""HTML pages from Jinja2 templates; everything is escaped unless it was made here."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.checking.show import with_code

_TEMPLATES = Path(__file__).with_name("templates")
_HIGHLIGHTED = 8_000  # characters: Pygments takes half a minute for 64,000 of blank lines that are indented
_LEXER, _FORMATTER = PythonLexer(), HtmlFormatter(nowrap=True)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(),
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters["python"] = highlight_python
    environment.filters["points"] = format_points
    environment.filters["sentence"] = lambda text: Markup(with_code(text))
    return environment


def render(template: str, **values: object) -> str:
    """The page that ``template`` (a file in templates/) makes of ``values``."""
    return _environment().get_template(template).render(**values)


def script_of(name: str) -> Markup:
    """A script in templates/, for a page."""
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))


def script_hash(script: str) -> str:
    """What a content security policy calls this script and no other by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def highlight_python(code: str) -> Markup:
    """Python code as HTML with classes; the colors stand in the page's style. Very long code has none."""
    if len(code) > _HIGHLIGHTED:
        return escape(code)
    return Markup(highlight(code, _LEXER, _FORMATTER))


def format_points(points: float) -> str:
    """2.0 as 2, 1.5 as 1.5."""
    return f"{points:g}"
