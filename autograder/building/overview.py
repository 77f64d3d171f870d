"""lessons/README.md, the overview of the course, from the first cell of each source."""

import re
from typing import Any
from urllib.parse import quote

from nbformat import NotebookNode

from autograder.building.pair import source_notebook
from autograder.course import Course, CourseError
from autograder.grading.lesson import list_exercises
from autograder.views.pages import format_points, render

_TITLE = re.compile(r"^# (.+)$", re.M)
_ABILITIES = re.compile(r"\*\*You will be able to\*\*\n((?:[-*] .+\n?(?:  .+\n?)*)+)")
_TIME = re.compile(r"\*\*Time\*\* (.+?) ·")
_BUILDS_ON = re.compile(r"\*\*Builds on\*\* (.+?)(?: ·|$)", re.M)


def course_page(course: Course, lessons: list[str]) -> str:
    """The page, in Markdown. Raises CourseError for a lesson whose first cell has no title."""
    entries = [_entry(course, lesson) for lesson in lessons]
    columns = [name for name in ("time", "builds_on") if any(entry[name] for entry in entries)]
    points = sum(entry["points"] for entry in entries)
    return render("course.md", lessons=entries, points=points, columns=columns)


def _entry(course: Course, lesson: str) -> dict[str, Any]:
    notebook = source_notebook(course, lesson)
    first = notebook.cells[0].source if notebook.cells else ""
    title, abilities = _TITLE.search(first), _ABILITIES.search(first)
    if title is None:
        raise CourseError(f"{course.source_text(lesson)}: its first cell has no title, such as `# Averages`")
    return {
        "file": quote(f"{lesson}/{lesson}.ipynb"),
        "title": title[1],
        "abilities": _lines(abilities[1]) if abilities else [],
        "time": _found(_TIME, first),
        "builds_on": _found(_BUILDS_ON, first),
        "exercises": _exercises(notebook),
        "points": sum(exercise.points for exercise in list_exercises(notebook)),
    }


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1].strip() if found else ""


def _lines(text: str) -> list[str]:
    """The points of a Markdown list, each on one line."""
    return [" ".join(item.split()).rstrip(";.") for item in re.split(r"^[-*] ", text, flags=re.M) if item.strip()]


def _exercises(notebook: NotebookNode) -> str:
    return ", ".join(f"`{e.name}` ({format_points(e.points)})" for e in list_exercises(notebook))
