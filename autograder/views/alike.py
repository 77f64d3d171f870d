"""Answers that are more alike than chance explains: something to look at, never an accusation.

Short right answers are often the same to the letter, so an answer counts only when it is long enough, when few
in the class wrote it that way, and when it is not simply the lesson's own solution.
"""

import io
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz, process

ALIKE = 95.0  # rapidfuzz's ratio, of 100
LONG_ENOUGH = 120  # characters beyond the stub
COMPARED = 8_000  # characters of an answer; a longer one is not compared
FEW = 3  # an answer that more than so many share is the obvious one


@dataclass(frozen=True)
class Pair:
    """Two students, the exercises whose answers are alike, with the ratio of each, and one answer of both."""

    lesson: str
    students: tuple[str, str]
    exercises: tuple[tuple[str, float], ...]
    example: tuple[str, str]


def alike_pairs(lesson: str, answers: Mapping[str, Mapping[str, str]], known: Sequence[str] = ()) -> list[Pair]:
    """Pairs of students with answers alike, most exercises first.

    answers: {exercise: {student: source}}. known: texts that everybody may have written, such as stubs and solutions.
    """
    common = [normalize(text) for text in known]
    evidence: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for exercise, sources in answers.items():
        students = sorted(sources)
        texts = [normalize(sources[student]) for student in students]
        if len(students) < 2:
            continue
        ratios = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=ALIKE)
        telling = [
            len(text) >= LONG_ENOUGH
            and int((ratios[i] >= ALIKE).sum()) <= FEW
            and not any(fuzz.ratio(text, other) >= ALIKE for other in common)
            for i, text in enumerate(texts)
        ]
        for i, j in combinations(range(len(students)), 2):
            if telling[i] and telling[j] and ratios[i, j] >= ALIKE:
                evidence.setdefault((students[i], students[j]), []).append((exercise, float(ratios[i, j])))
    pairs = []
    for (one, other), found in evidence.items():
        exercise = max(found, key=lambda item: item[1])[0]
        example = (answers[exercise][one], answers[exercise][other])
        pairs.append(Pair(lesson, (one, other), tuple(found), example))
    return sorted(pairs, key=lambda pair: (-len(pair.exercises), pair.students))


def too_long(answers: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str, int]]:
    """(student, exercise, characters) of each answer that is not compared: nobody writes so much by hand, and likeness
    takes time with the product of the lengths."""
    return [
        (student, exercise, len(source))
        for exercise, sources in answers.items()
        for student, source in sources.items()
        if len(source) > COMPARED
    ]


def normalize(source: str) -> str:
    """Code as its tokens with single spaces: layout and comments don't count, names and numbers do.

    Nothing of an answer that is too long to be compared.
    """
    if len(source) > COMPARED:
        return ""
    try:
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        kept = [t.string for t in tokens if t.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE)]
    except (tokenize.TokenError, SyntaxError):
        return " ".join(source.split())
    return " ".join(" ".join(kept).split())
