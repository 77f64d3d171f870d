"""A rubric as things to tick, each worth some points."""

import re
from dataclasses import dataclass

_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_POINTS = r"(?P<points>\d+(?:[.,]\d+)?[½¼¾⅓⅔]?|[½¼¾⅓⅔])"
_HEAD = re.compile(r"^\W*Rubric[^\n:]*(?::|\n)", re.M | re.I)
_ITEM = re.compile(
    rf"^\s*[-*]\s+{_POINTS}(?:\s+points?)?\s*(?:for|:)?\s*(?P<text>.+?)(?=\n\s*[-*]\s|\n\s*\n|\Z)", re.M | re.S
)
_IN_A_SENTENCE = re.compile(rf"{_POINTS}\s+points?\s+for\s+(?P<text>.+?)(?=,\s+\d|,\s+[½¼¾]|\.\s|\.?\Z|;)", re.S)


@dataclass(frozen=True)
class Item:
    """Something an answer may hold, and what it is worth."""

    text: str
    points: float


def items_of(rubric: str, points: float) -> list[Item]:
    """The items of a rubric, from its list (``- 1 point: …``) or sentence (``1 point for …, 1 point for …``).

    Where neither is there, all of the ``points`` at once and half of them.
    """
    after = _HEAD.split(rubric, maxsplit=1)[-1]
    matches = list(_ITEM.finditer(after)) or list(_IN_A_SENTENCE.finditer(after))
    found = [Item(" ".join(match["text"].split()).rstrip("."), _number(match["points"])) for match in matches]
    if not found:
        return [Item("right", points), Item("half right", points / 2)]
    return found


def model_answer(rubric: str) -> str:
    """What stands above the rubric: the answer as its author would give it."""
    return _HEAD.split(rubric, maxsplit=1)[0].strip()


def _number(text: str) -> float:
    whole, fraction = re.sub(r"[½¼¾⅓⅔]", "", text), re.sub(r"[^½¼¾⅓⅔]", "", text)
    return float(whole.replace(",", ".") or 0) + _FRACTIONS.get(fraction, 0.0)
