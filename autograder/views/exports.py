"""Totals for learning platforms: Canvas' and Moodle's CSV formats."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.views.grades import Grade, write_table

Totals = Mapping[str, Mapping[str, float]]  # {student: {lesson: points}}


def totals(grades: Sequence[Grade], penalties: Totals | None = None) -> dict[str, dict[str, float]]:
    """{student: {lesson: points so far}}; an answer that still waits for a person counts nothing yet.

    penalties: {lesson: {student: points taken off for handing in late}}; a total never falls below 0.
    """
    found: dict[str, dict[str, float]] = {}
    for grade in grades:
        row = found.setdefault(grade.student, {})
        row[grade.lesson] = row.get(grade.lesson, 0.0) + (grade.score or 0.0)
    for lesson, by_student in (penalties or {}).items():
        for student, penalty in by_student.items():
            if lesson in found.get(student, {}):
                found[student][lesson] = max(0.0, found[student][lesson] - penalty)
    return found


def write_canvas(path: Path, grades: Sequence[Grade], points: Totals) -> None:
    """Canvas' gradebook import: a row of points possible under the header, students by SIS login.

    Source: Canvas' guide "How do I import grades in the Gradebook?".
    """
    lessons, worth = _lessons(grades)
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *lessons]
    # The spaces before "Points Possible" are part of Canvas' format.
    rows = [["    Points Possible", "", "", "", "", *(worth[lesson] for lesson in lessons)]]
    for student, row in points.items():
        rows.append([student, "", "", student, "", *(row.get(lesson) for lesson in lessons)])
    write_table(path, header, rows)


def write_moodle(path: Path, grades: Sequence[Grade], points: Totals) -> None:
    """Moodle's grade import: students by username, a column for each grade item.

    Source: Moodle's documentation, "Grade import", CSV file.
    """
    lessons, _ = _lessons(grades)
    rows = [[student, *(row.get(lesson) for lesson in lessons)] for student, row in points.items()]
    write_table(path, ["Username", *lessons], rows)


def _lessons(grades: Sequence[Grade]) -> tuple[list[str], dict[str, float]]:
    worth: dict[str, dict[str, float]] = {}
    for grade in grades:
        worth.setdefault(grade.lesson, {})[grade.exercise] = grade.max_score
    return sorted(worth), {lesson: sum(points.values()) for lesson, points in worth.items()}
