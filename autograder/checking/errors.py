"""What an exception means, in the course's own words or the engine's: they stand above the library's."""

import re
from collections.abc import Sequence
from functools import cache
from importlib import import_module

_MARKS = re.compile(
    "\x1b?\\[[01]m|\\{\\{function_node [^}]*\\}\\} |\\[Op:\\w+\\]( name:)?"
)  # around the errors of deep-learning libraries
# In a traced function the error itself stands last, below the lines that led to it.
_TRACED = re.compile(r"^\s*(?:\w+\.)*\w*(?:Error|Exception): (.+)$", re.M)


def what_it_means(kind: str, message: str, code: str = "", tables: Sequence[str] = ()) -> str:
    """A sentence on an error that the line ``code`` raised, and a space; empty where there is none.

    ``tables`` name modules of the course with SENTENCES of its own: rows of a pattern and what to say, in which {0} and
    {1} are groups of the pattern. They are asked before the engine's.
    """
    text = f"{kind}: {unwrapped(message)}\n{code}"
    for pattern, sentence in _sentences(tuple(tables)):
        if found := pattern.search(text):
            return sentence.format(*((group or "").replace("`", "'")[:80] for group in found.groups())) + " "
    return ""


def first_line(text: str) -> str:
    """The first line of an exception's message that says something."""
    lines = [line.strip() for line in unwrapped(text).splitlines() if line.strip()]
    return (lines[0] if lines else "(no message)")[:300]


def unwrapped(message: str) -> str:
    """An error's message without what a layer, a traced function or a guess of its shape said around it."""
    text = _MARKS.sub("", message).strip()
    if text.startswith("in user code:"):
        text = (_TRACED.findall(text)[-1:] or [text])[0]
    if text.startswith(("Exception encountered when calling", "Graph execution error")):
        text = text.partition("\n")[2].strip() or text
    return text.rpartition("Error encountered:")[2].strip() or text


@cache
def _sentences(tables: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = (row for name in (*tables, "autograder.checking.sentences") for row in import_module(name).SENTENCES)
    return tuple((re.compile(pattern, re.M), sentence) for pattern, sentence in rows)
