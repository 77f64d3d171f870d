"""Verdicts as a person sees them: HTML that follows JupyterLab's theme, and plain text elsewhere."""

from collections.abc import Sequence
from html import escape

from autograder.checking import verdict
from autograder.checking.verdict import Verdict

MARKS = {
    verdict.PASSED: "✓",
    verdict.FAILED: "✗",
    verdict.ERROR: "!",
    verdict.NOT_ATTEMPTED: "○",
    verdict.SKIPPED: "–",
}

# Text keeps the theme's own color, so that it is readable in light, dark and high contrast; only the
# mark and the bar at the side carry a color, and neither says anything that the words do not.
STYLE = """
.autograder-check { font-family: var(--jp-ui-font-family, system-ui, sans-serif); line-height: 1.45; max-width: 60rem;
  font-size: var(--jp-content-font-size1, 14px); color: var(--jp-content-font-color1, inherit);
  overflow-wrap: anywhere; }
.autograder-check ul { list-style: none !important; margin: 0.3em 0 0 !important; padding: 0 !important; }
.autograder-check li { margin: 0 0 0.3em; padding: 0.25em 0.75em; border-left: 4px solid #8a8a8a; }
.autograder-check li.passed { border-left-color: #2e9e4f; }
.autograder-check li.failed, .autograder-check li.error { border-left-color: #d9534f; }
.autograder-check .mark { display: inline-block; width: 1.1em; padding: 0; background: none; font-weight: 700; }
.autograder-check .status { font-weight: 600; }
.autograder-check .message { margin: 0.15em 0 0 1.3em; }
.autograder-check dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0 0.8em;
  margin: 0.15em 0 0 1.3em; }
.autograder-check dt { font-weight: 600; float: none; width: auto; }
.autograder-check dd { margin: 0; font-family: var(--jp-code-font-family, monospace); }
"""


class CheckResult:
    """What ``check`` returns: a list of verdicts that knows how to show itself."""

    def __init__(self, exercise: str, verdicts: Sequence[Verdict], note: str = ""):
        self.exercise = exercise
        self.verdicts = list(verdicts)
        self.note = note

    @property
    def holds(self) -> bool:
        """True when every check passed."""
        return not self.note and all(v.status == verdict.PASSED for v in self.verdicts)

    def __repr__(self) -> str:
        return as_text(self.exercise, self.verdicts, self.note)

    def _repr_html_(self) -> str:
        return f"<style>{STYLE}</style>{as_html(self.exercise, self.verdicts, self.note)}"


class ChecksFailed(Exception):
    """Raised for nbgrader's Validate, which takes a cell for right unless it raises: the checks that don't hold."""

    def __init__(self, result: CheckResult):
        super().__init__(headline(result.exercise, result.verdicts) if not result.note else result.note)
        self._text = repr(result)

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in place of a traceback."""
        return self._text.splitlines()


def headline(exercise: str, verdicts: Sequence[Verdict]) -> str:
    """One line on top: how many checks hold."""
    held = sum(v.status == verdict.PASSED for v in verdicts)
    if verdicts and all(v.status == verdict.NOT_ATTEMPTED for v in verdicts):
        return f"{exercise}: not attempted"
    word = "check holds" if len(verdicts) == 1 else "checks hold"
    return f"{exercise}: {held} of {len(verdicts)} {word}"


def as_text(exercise: str, verdicts: Sequence[Verdict], note: str = "") -> str:
    """The verdicts as lines of plain text."""
    if note:
        return f"{exercise}: {note}"
    lines = [headline(exercise, verdicts)]
    for v in verdicts:
        lines.append(f"  {MARKS[v.status]} {v.title}{_status(v)}")
        lines += [f"      {line}" for line in (v.message, *_labeled(v)) if line]
    return "\n".join(lines)


def as_html(exercise: str, verdicts: Sequence[Verdict], note: str = "") -> str:
    """The verdicts as HTML (STYLE not included); everything that came from the student is escaped."""
    if note:
        return f'<div class="autograder-check"><strong>{escape(exercise)}</strong>: {escape(note)}</div>'
    items = "".join(_item(v) for v in verdicts)
    return (
        f'<div class="autograder-check" role="group" aria-label="Checks of {escape(exercise, quote=True)}">'
        f"<strong>{escape(headline(exercise, verdicts))}</strong><ul>{items}</ul></div>"
    )


def _item(v: Verdict) -> str:
    css = v.status.replace(" ", "-")
    parts = [f'<span class="mark" aria-hidden="true">{MARKS[v.status]}</span> {with_code(v.title)}']
    parts.append(f'<span class="status">{escape(_status(v) or " – passed")}</span>')
    if v.message:
        parts.append(f'<div class="message">{with_code(v.message)}</div>')
    rows = [("expected", v.expected), ("actual", v.actual)]
    rows_html = "".join(f"<dt>{name}</dt><dd>{with_code(text)}</dd>" for name, text in rows if text)
    if rows_html:
        parts.append(f"<dl>{rows_html}</dl>")
    return f'<li class="{css}">{"".join(parts)}</li>'


def _status(v: Verdict) -> str:
    return "" if v.status == verdict.PASSED else f" – {v.status}"


def _labeled(v: Verdict) -> list[str]:
    return [f"{name}: {text}" for name, text in (("expected", v.expected), ("actual", v.actual)) if text]


def with_code(text: str) -> str:
    """Escaped HTML of a sentence in which `such words` stand as code."""
    pieces = escape(text).split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    return "".join(f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces))
