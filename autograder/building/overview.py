"""lessons/README.md, the map of the course, from what each source says of itself."""

import re

from nbformat import NotebookNode

from autograder.building.pair import source_notebook
from autograder.course import Course, CourseError
from autograder.grading.lesson import list_exercises
from autograder.views.pages import format_points, render

_TITLE = re.compile(r"^# (\d\d) · (.+)$", re.M)
_ABILITIES = re.compile(r"\*\*You will be able to\*\*\n((?:[-*] .+\n?(?:  .+\n?)*)+)")
_TIME = re.compile(r"\*\*Time\*\* (.+?) ·")
_BUILDS_ON = re.compile(r"\*\*Builds on\*\* (.+?)(?: ·|$)", re.M)


def course_page(course: Course, lessons: list[str]) -> str:
    """The page, in Markdown. Raises CourseError for a lesson whose first cell lacks what the map needs."""
    entries = [_entry(course, lesson) for lesson in lessons]
    return render("course.md", lessons=entries, points=sum(entry["points"] for entry in entries))


def _entry(course: Course, lesson: str) -> dict[str, object]:
    notebook = source_notebook(course, lesson)
    first = notebook.cells[0].source
    found = {"title": _TITLE, "abilities": _ABILITIES, "time": _TIME, "builds_on": _BUILDS_ON}
    matches = {name: pattern.search(first) for name, pattern in found.items()}
    if missing := [name for name, match in matches.items() if match is None]:
        raise CourseError(f"{course.source_text(lesson)}: its first cell has no {', '.join(missing)}")
    return {
        "file": f"{lesson}/{lesson}.ipynb",
        "title": f"{matches['title'][1]} · {matches['title'][2]}",
        "abilities": _lines(matches["abilities"][1]),
        "time": matches["time"][1],
        "builds_on": matches["builds_on"][1].strip(),
        "exercises": _exercises(notebook),
        "points": sum(exercise.points for exercise in list_exercises(notebook)),
    }


def _lines(text: str) -> list[str]:
    """The points of a Markdown list, each on one line."""
    return [" ".join(item.split()).rstrip(";.") for item in re.split(r"^[-*] ", text, flags=re.M) if item.strip()]


def _exercises(notebook: NotebookNode) -> str:
    return ", ".join(f"`{e.name}` ({format_points(e.points)})" for e in list_exercises(notebook))
