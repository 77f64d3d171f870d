"""How far two people agree who marked the same answers."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from glob import escape as glob_escape

from autograder.by_hand.answers import Written
from autograder.by_hand.store import FIRST, Mark, read_ticks, ticks_file
from autograder.course import Course
from autograder.grading.lesson import list_exercises

SHARE = 0.1  # of the answers, for a second person


@dataclass(frozen=True)
class Agreement:
    """``answers`` that both marked, the share of ticks in which they agree, and Cohen's kappa of them."""

    answers: int
    share: float
    kappa: float


def sample(students: Sequence[str], exercise: str, share: float = SHARE) -> list[str]:
    """The same tenth of a class whenever it is asked for, at least one: by a hash, so by nobody's choice."""
    count = max(1, round(share * len(students))) if students else 0
    return sorted(students, key=lambda one: hashlib.sha256(f"{exercise}\0{one}".encode()).digest())[:count]


def agreement(first: Mapping[str, Mark], second: Mapping[str, Mark], items: int) -> Agreement | None:
    """Over every item of every answer that both marked; None where there is none.

    Cohen 1960, A coefficient of agreement for nominal scales, doi:10.1177/001316446002000104.
    """
    both = sorted(first.keys() & second.keys())
    pairs = [(n in first[who].ticked, n in second[who].ticked) for who in both for n in range(items)]
    if not pairs:
        return None
    observed = sum(one == other for one, other in pairs) / len(pairs)
    shares = [sum(pair[i] for pair in pairs) / len(pairs) for i in (0, 1)]
    by_chance = shares[0] * shares[1] + (1 - shares[0]) * (1 - shares[1])
    kappa = 1.0 if by_chance == 1 else (observed - by_chance) / (1 - by_chance)
    return Agreement(len(both), observed, kappa)


def agreements(course: Course, lessons: Sequence[str]) -> list[tuple[str, str, str, Agreement]]:
    """(lesson, exercise, second marker, agreement) of every exercise that a second person has marked."""
    found = []
    for lesson in lessons:
        for name in course.notebooks(lesson):
            for exercise in list_exercises(course.released(lesson, name)):
                if not exercise.written:
                    continue
                written = Written(lesson, name, exercise.name, exercise.points)
                first = read_ticks(course, written, FIRST)
                folder, pattern = ticks_file(course, written, FIRST).parent, f"{glob_escape(exercise.name)}.*.json"
                for file in sorted(folder.glob(pattern)):
                    marker = file.name.removeprefix(f"{exercise.name}.").removesuffix(".json")
                    second = read_ticks(course, written, marker)
                    items = max((n + 1 for one in (*first.values(), *second.values()) for n in one.ticked), default=1)
                    if marker != FIRST and (measured := agreement(first, second, items)):
                        found.append((lesson, exercise.name, marker, measured))
    return found
