"""Who the students of a report are: names and times from the gradebook, sections from the roster."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from nbgrader.api import MissingEntry

from autograder.collecting.roster import Roster, RosterError, read_roster
from autograder.course import Course
from autograder.grading.database import OpenGradebook


@dataclass
class Profile:
    """``handed_in``: {lesson: when, in UTC, or empty}."""

    name: str = ""
    section: str = ""
    handed_in: dict[str, str] = field(default_factory=dict)


def profiles(course: Course, lessons: Sequence[str]) -> dict[str, Profile]:
    """{student: what is known}, of everybody in the gradebook or in the course's roster.csv."""
    found: dict[str, Profile] = {}
    for person in roster_of(course).people:
        found[person.id] = Profile(person.name, person.section)
    book = OpenGradebook(course.database, course.course_id)
    with book.transaction() as gradebook:
        for student in gradebook.students:
            profile = found.setdefault(student.id, Profile())
            profile.name = " ".join(filter(None, (student.first_name, student.last_name))) or profile.name
        for lesson in lessons:
            try:
                submissions = gradebook.assignment_submissions(lesson)
            except MissingEntry:
                continue
            for submission in submissions:
                when = submission.timestamp
                late = ", late" if submission.total_seconds_late > 0 else ""
                text = f"{when:%Y-%m-%d %H:%M}{late}" if when else ""
                found.setdefault(submission.student_id, Profile()).handed_in[lesson] = text
    return found


def roster_of(course: Course) -> Roster:
    """The course's roster.csv; nobody where there is none."""
    try:
        return read_roster(course.root / "roster.csv")
    except RosterError:  # none is needed
        return Roster([])
