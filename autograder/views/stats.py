"""The numbers of the class report: how hard each exercise was and how well it tells students apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

import numpy as np

from autograder.views.grades import Grade


@dataclass(frozen=True)
class ExerciseStats:
    """One exercise over the class. Shares are between 0 and 1; None where too few numbers make no sense of it."""

    lesson: str
    exercise: str
    graded: int
    mean: float | None
    max_score: float
    difficulty: float | None  # share of the points that was not earned: 0 is easy, 1 is hard
    discrimination: float | None  # correlation of its points with those of the lesson's other exercises
    not_attempted: int
    seconds: float | None  # median time that running and checking it took


def exercise_stats(grades: Sequence[Grade], seconds: dict[tuple[str, str], list[float]]) -> list[ExerciseStats]:
    """One row for each lesson and exercise, in the order of ``grades``.

    ``seconds``: {(lesson, exercise): seconds of each submission}.
    """
    rows = []
    for lesson, exercise in dict.fromkeys((g.lesson, g.exercise) for g in grades):
        own = [g for g in grades if (g.lesson, g.exercise) == (lesson, exercise)]
        scored = [g.score for g in own if g.score is not None and g.status != "unreadable"]
        average = mean(scored) if scored else None
        worth = own[0].max_score
        spent = seconds.get((lesson, exercise))
        rows.append(
            ExerciseStats(
                lesson,
                exercise,
                len(scored),
                average,
                worth,
                1 - average / worth if average is not None and worth else None,
                _discrimination(lesson, exercise, grades),
                sum(g.status == "not attempted" for g in own),
                median(spent) if spent else None,
            )
        )
    return rows


def _discrimination(lesson: str, exercise: str, grades: Sequence[Grade]) -> float | None:
    """Pearson's correlation between the exercise and the rest of the lesson (corrected item-total correlation)."""
    own: dict[str, float] = {}
    rest: dict[str, float] = {}
    for grade in grades:
        if grade.lesson == lesson and grade.score is not None and grade.status != "unreadable":
            if grade.exercise == exercise:
                own[grade.student] = grade.score
            else:
                rest[grade.student] = rest.get(grade.student, 0.0) + grade.score
    students = sorted(own.keys() & rest.keys())
    x, y = np.array([own[s] for s in students]), np.array([rest[s] for s in students])
    if len(students) < 3 or np.ptp(x) < 1e-9 or np.ptp(y) < 1e-9:
        return None
    return float(np.corrcoef(x, y)[0, 1])


def histogram(shares: Sequence[float], bins: int = 10) -> list[int]:
    """How many of ``shares`` (0 to 1) fall into each of ``bins`` equal parts; 1.0 counts to the last."""
    counts, _ = np.histogram(np.clip(shares, 0, 1), bins=bins, range=(0, 1))
    return [int(n) for n in counts]
