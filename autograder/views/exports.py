"""Totals for learning platforms: Canvas' and Moodle's CSV formats."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.collecting.roster import Roster
from autograder.grading.journal import write_atomically
from autograder.views.grades import Grade, cell_text, write_table

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


def write_canvas(path: Path, grades: Sequence[Grade], points: Totals, roster: Roster | None = None) -> None:
    """Canvas' gradebook import: a row of points possible under the header, students by SIS login.

    Where the ``roster`` is Canvas' own export, each row has the numbers and names from there. Source: Canvas' guide
    "How do I import grades in the Gradebook?".
    """
    known = {person.id: person.row for person in roster.people if "sis login id" in person.row} if roster else {}
    lessons, worth = _lessons(grades)
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *lessons]
    # The spaces before "Points Possible" are part of Canvas' format.
    rows = [["    Points Possible", "", "", "", "", *(worth[lesson] for lesson in lessons)]]
    for student, row in points.items():
        own = known.get(student, {"student": student, "sis login id": student})
        rows.append([*(own.get(name.casefold(), "") for name in header[:5]), *(row.get(lesson) for lesson in lessons)])
    write_table(path, header, rows)


def write_moodle(path: Path, grades: Sequence[Grade], points: Totals) -> None:
    """Moodle's grade import: students by username, a column for each grade item.

    Source: Moodle's documentation, "Grade import", CSV file.
    """
    lessons, _ = _lessons(grades)
    rows = [[student, *(row.get(lesson) for lesson in lessons)] for student, row in points.items()]
    write_table(path, ["Username", *lessons], rows)


def write_worksheet(path: Path, lesson: str, points: Totals, roster: Roster) -> bool:
    """Moodle's grading worksheet of a lesson, as downloaded, with the grades filled in; False for another roster.

    A maximum grade with a decimal comma in the worksheet has the grades written with commas too. Source: Moodle's
    documentation, "Assignment activity", Offline marking.
    """
    columns = {name.casefold(): name for name in roster.columns}
    if "grade" not in columns or "identifier" not in columns:
        return False
    comma = any("," in person.row.get("maximum grade", "") for person in roster.people)
    text = io.StringIO()
    table = csv.DictWriter(text, roster.columns, delimiter=roster.delimiter, lineterminator="\n")
    table.writeheader()
    for person in roster.people:
        row = {name: person.row.get(name.casefold(), "") for name in roster.columns}
        if (value := points.get(person.id, {}).get(lesson)) is not None:
            row[columns["grade"]] = f"{value:.2f}".replace(".", "," if comma else ".")
        table.writerow({name: field if name == columns["grade"] else cell_text(field) for name, field in row.items()})
    write_atomically(path, text.getvalue().encode("utf-8", "replace"))
    return True


def _lessons(grades: Sequence[Grade]) -> tuple[list[str], dict[str, float]]:
    worth: dict[str, dict[str, float]] = {}
    for grade in grades:
        worth.setdefault(grade.lesson, {})[grade.exercise] = grade.max_score
    return sorted(worth), {lesson: sum(points.values()) for lesson, points in worth.items()}
