"""The feedback page of one submission: verdicts, marks, and the answers they speak of. No check's code is in it."""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from nbformat import NotebookNode

from autograder.checking.catalogue import hints
from autograder.checking.show import STYLE, as_html
from autograder.course import Course
from autograder.grading.journal import write_atomically
from autograder.grading.lesson import ABOVE, Exercise, exercise_of, grade_id, is_answer, is_check, list_exercises
from autograder.grading.marks import Marks
from autograder.grading.result import NEEDS_GRADING, Result
from autograder.views.grades import mark_in_words, untouched_written
from autograder.views.pages import render


@dataclass(frozen=True)
class Submission:
    """Which notebook of whom a page is about."""

    lesson: str
    notebook: str
    student: str

    @property
    def title(self) -> str:
        """The lesson, and the notebook where that has a name of its own."""
        return self.lesson if self.notebook == self.lesson else f"{self.lesson}, {self.notebook}"


def write_feedback(
    course: Course,
    submission: Submission,
    notebook: NotebookNode | None,
    unreadable: str = "",
    marks: Marks | None = None,
) -> None:
    """Write feedback/STUDENT/LESSON/NOTEBOOK.html, for a graded notebook or for one that nobody could read.

    ``marks``, from the gradebook: marks and comments that a person gave before are on the page too.
    """
    hinted = hints(course.check_files(submission.lesson))
    page = feedback_page(submission, notebook, unreadable, marks, hinted, course.settings.lessons_url)
    file = course.feedback / submission.student / submission.lesson / f"{submission.notebook}.html"
    write_atomically(file, page.encode("utf-8", "replace"))


def sections(notebook: NotebookNode) -> dict[str, str]:
    """{exercise: the heading of the section that it belongs to}."""
    found: dict[str, str] = {}
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            above = [line.removeprefix("## ").strip() for line in cell.source.splitlines() if line.startswith("## ")]
            heading = above[-1] if above else heading
        if grade_id(cell) and (is_answer(cell) or is_check(cell)):
            found.setdefault(exercise_of(cell), heading)
    return found


def section_link(lessons_url: str, submission: Submission, heading: str) -> str:
    """The address of a section of the published lesson; empty where there is no ``lessons_url``."""
    if not lessons_url.startswith(("https://", "http://")) or not heading:
        return ""
    page = lessons_url
    for name, value in (("{lesson}", submission.lesson), ("{notebook}", submission.notebook)):
        page = page.replace(name, quote(value))
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    # As docutils makes the ids of sections, which Sphinx and Jupyter Book publish.
    anchor = re.sub(r"^[-0-9]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", plain))
    return f"{page}#{anchor}"


def feedback_page(
    submission: Submission,
    notebook: NotebookNode | None,
    unreadable: str = "",
    marks: Marks | None = None,
    hinted: Container[str] = (),
    lessons_url: str = "",
) -> str:
    """The page as HTML; without ``marks`` it has the points of the checks alone.

    ``hinted``: exercises with hints. ``lessons_url``: the setting, for links to sections.
    """
    lesson, student = submission.title, submission.student
    if notebook is None:
        return render("feedback.html", lesson=lesson, student=student, unreadable=unreadable, check_style="")
    result, marks = Result.read_from(notebook), marks or Marks()
    answers = {grade_id(cell): cell.source.removeprefix(ABOVE).strip() for cell in notebook.cells if is_answer(cell)}
    listed = list_exercises(notebook)
    untouched = untouched_written(notebook, listed)
    places = sections(notebook)
    exercises = [
        _section(exercise, result, marks, exercise.name in untouched)
        | {
            "answer": answers.get(exercise.name, ""),
            "read_again": (heading := places.get(exercise.name, "")),
            "section_link": section_link(lessons_url, submission, heading),
            "hinted": exercise.name in hinted,
        }
        for exercise in listed
    ]
    marked = [e for e in exercises if e["score"] is not None]
    return render(
        "feedback.html",
        lesson=lesson,
        student=student,
        unreadable="",
        check_style=Markup(STYLE),
        exercises=exercises,
        mended=result.mended,
        penalty=marks.penalty,
        score=max(0.0, sum(e["score"] for e in marked) - marks.penalty),
        max_score=sum(e["max_score"] for e in marked),
        open_points=sum(e["max_score"] for e in exercises if e["score"] is None),
    )


def _section(exercise: Exercise, result: Result, marks: Marks, untouched: bool) -> dict[str, Any]:
    """What the page says of one exercise, its answer left out."""
    verdicts = result.of(exercise.name)
    if exercise.written:
        score = marks.scores.get(exercise.name)
        if untouched and not score:
            status = "not attempted"
        else:
            status = NEEDS_GRADING if score is None else mark_in_words(score, exercise.points)
    else:
        score = marks.scores.get(exercise.cell)
        score = result.points(exercise.name) if score is None else score
        status = result.status(exercise.name)
    return {
        "name": exercise.name,
        "written": exercise.written,
        "status": status,
        "score": score,
        "max_score": exercise.points,
        "by_hand": not exercise.written and abs((score or 0.0) - result.points(exercise.name)) > 1e-6,
        "comment": marks.comments.get(exercise.name, ""),
        "stopped": result.stopped.get(exercise.name, ""),
        "checks": Markup(as_html(exercise.name, verdicts)) if verdicts else "",
    }
