"""The class report: one self-contained page, drawn from the verdicts and the gradebook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import mean

from markupsafe import Markup

from autograder.by_hand.agreement import agreements
from autograder.course import Course
from autograder.grading.gradebook import GradebookWriter
from autograder.grading.journal import Journal, write_atomically
from autograder.grading.lesson import grade_id, has_own_tests, is_answer, list_exercises
from autograder.grading.result import STOPPED, UNREADABLE, Result
from autograder.grading.test_cells import WEAKER
from autograder.views.alike import COMPARED, Pair, alike_pairs, too_long
from autograder.views.exports import Totals, totals, write_canvas, write_moodle, write_worksheet
from autograder.views.grades import Grade, exercise_labels, list_grades, write_grades
from autograder.views.pages import render, script_hash, script_of
from autograder.views.people import Profile, profiles, roster_of
from autograder.views.stats import exercise_stats, histogram


@dataclass
class Cluster:
    """One mistake: everybody whose answer got the same message, and one of the answers."""

    lesson: str
    exercise: str
    message: str
    students: list[str] = field(default_factory=list)
    example: str = ""


@dataclass
class _Gathered:
    """What is read from the journal, beside the grades."""

    seconds: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    answers: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)  # lesson, exercise, student
    stubs: dict[str, list[str]] = field(default_factory=dict)
    mended: list[tuple[str, str, str]] = field(default_factory=list)


def write_report(course: Course, journal: Journal, lessons: Sequence[str]) -> list[Grade]:
    """Write report.html, grades.csv, canvas.csv and moodle.csv into the course folder; returns the grades.

    Where roster.csv is Moodle's grading worksheet, that too, with the grades filled in: moodle-LESSON.csv.
    """
    grades = list_grades(course, journal, lessons)
    write_grades(course.root / "grades.csv", grades)
    writer = GradebookWriter(course)
    points = totals(grades, {lesson: writer.penalties(lesson) for lesson in lessons})
    roster = roster_of(course)
    write_canvas(course.root / "canvas.csv", grades, points, roster)
    for lesson in lessons:
        write_worksheet(course.root / f"moodle-{lesson}.csv", lesson, points, roster)
    write_moodle(course.root / "moodle.csv", grades, points)
    write_atomically(
        course.root / "report.html", report_page(course, journal, lessons, grades, points).encode("utf-8", "replace")
    )
    return grades


def report_page(
    course: Course, journal: Journal, lessons: Sequence[str], grades: Sequence[Grade], points: Totals
) -> str:
    """The report as HTML."""
    gathered = _gather(course, journal, lessons)
    present = [lesson for lesson in lessons if any(g.lesson == lesson for g in grades)]
    pairs = [pair for lesson in present for pair in _alike(lesson, gathered)]
    students = sorted({g.student for g in grades})
    known = profiles(course, lessons)
    people = {student: known.get(student, Profile()) for student in students}
    script = script_of("report.js")
    return render(
        "report.html",
        script=script,
        script_hash=script_hash(script),
        people=people,
        named=any(one.name for one in people.values()),
        timed=any(time for one in people.values() for time in one.handed_in.values()),
        sections=_sections(people, points, present),
        agreements=agreements(course, present),
        lessons=present,
        students=students,
        totals=points,
        worth={lesson: _worth(lesson, grades) for lesson in present},
        charts=[(lesson, _chart(lesson, grades, points)) for lesson in present],
        stats=exercise_stats(grades, gathered.seconds),
        clusters=find_clusters(grades, gathered.answers),
        attention=[g for g in _first_of_each(grades) if g.status in (UNREADABLE, STOPPED)],
        to_grade=[g for g in grades if g.status == "needs grading"],
        mended=gathered.mended,
        pairs=pairs,
        weaker=[f"{lesson}: {WEAKER}" for lesson in present if has_own_tests(course, lesson)],
        not_compared=[(lesson, *one) for lesson in present for one in too_long(gathered.answers.get(lesson, {}))],
        compared=COMPARED,
        written=datetime.now().strftime("%Y-%m-%d %H:%M"),
    )


def _sections(
    people: Mapping[str, Profile], points: Totals, lessons: Sequence[str]
) -> list[tuple[str, int, dict[str, float | None]]]:
    """(section, its students, {lesson: mean points}), where the roster has sections."""
    members: dict[str, list[str]] = {}
    for student, profile in people.items():
        members.setdefault(profile.section, []).append(student)
    if set(members) == {""}:
        return []
    rows = []
    for section, students in sorted(members.items()):
        means = {}
        for lesson in lessons:
            found = [points[s][lesson] for s in students if lesson in points.get(s, {})]
            means[lesson] = mean(found) if found else None
        rows.append((section, len(students), means))
    return rows


def find_clusters(grades: Sequence[Grade], answers: dict[str, dict[str, dict[str, str]]]) -> list[Cluster]:
    """Answers that lost points, grouped by lesson, exercise and message; the largest group first."""
    found: dict[tuple[str, str, str], Cluster] = {}
    for grade in grades:
        if grade.status not in ("failed", "partial") or not grade.message:
            continue
        key = (grade.lesson, grade.exercise, grade.message)
        cluster = found.setdefault(key, Cluster(*key))
        cluster.students.append(grade.student)
        cluster.example = cluster.example or answers.get(grade.lesson, {}).get(grade.exercise, {}).get(
            grade.student, ""
        )
    return sorted(found.values(), key=lambda c: (-len(c.students), c.lesson, c.exercise))


def _gather(course: Course, journal: Journal, lessons: Sequence[str]) -> _Gathered:
    gathered = _Gathered()
    for lesson in lessons:
        released = {name: course.released(lesson, name) for name in course.notebooks(lesson)}
        exercises = {name: list_exercises(notebook) for name, notebook in released.items()}
        labels = exercise_labels(exercises)
        written = {(name, e.name) for name, listed in exercises.items() for e in listed if e.written}
        gathered.stubs[lesson] = [c.source for notebook in released.values() for c in notebook.cells if is_answer(c)]
        for student in journal.students(lesson):
            entry = journal.read(lesson, student)
            for name, notebook in (entry.graded() if entry else {}).items():
                result = Result.read_from(notebook)
                gathered.mended += [(student, lesson, sentence) for sentence in result.mended]
                for exercise, spent in result.seconds.items():
                    label = labels.get((name, exercise), exercise)
                    gathered.seconds.setdefault((lesson, label), []).append(spent)
                for cell in notebook.cells:
                    if is_answer(cell) and (name, grade_id(cell)) not in written:
                        label = labels.get((name, grade_id(cell)), grade_id(cell))
                        gathered.answers.setdefault(lesson, {}).setdefault(label, {})[student] = cell.source
    return gathered


def _alike(lesson: str, gathered: _Gathered) -> list[Pair]:
    return alike_pairs(lesson, gathered.answers.get(lesson, {}), gathered.stubs[lesson])


def _first_of_each(grades: Sequence[Grade]) -> list[Grade]:
    """An unreadable submission once, not once for each exercise."""
    seen, kept = set(), []
    for grade in grades:
        key = (grade.student, grade.lesson, grade.message)
        if grade.status != UNREADABLE or key not in seen:
            kept.append(grade)
        seen.add(key)
    return kept


def _worth(lesson: str, grades: Sequence[Grade]) -> float:
    return sum({g.exercise: g.max_score for g in grades if g.lesson == lesson}.values())


def _chart(lesson: str, grades: Sequence[Grade], totals: Totals) -> dict[str, object]:
    """The score distribution of one lesson: bars for the template, and the same in words."""
    points = {student: row[lesson] for student, row in totals.items() if lesson in row}
    worth = _worth(lesson, grades)
    counts = histogram([value / worth for value in points.values()])
    bins = [f"{worth * i / 10:g}–{worth * (i + 1) / 10:g}" for i in range(10)]
    words = "; ".join(f"{label} points: {n}" for label, n in zip(bins, counts, strict=True) if n)
    bars = [{"label": label, "count": n, "share": n / max(counts)} for label, n in zip(bins, counts, strict=True)]
    return {"bars": bars, "alt": Markup.escape(f"Score distribution of {lesson}. {words}."), "worth": worth}
