"""The feedback page of one submission: its verdicts and the answers they speak of. No check's code is in it."""

from markupsafe import Markup
from nbformat import NotebookNode

from autograder.checking.show import STYLE, as_html
from autograder.course import Course
from autograder.grading.journal import write_atomically
from autograder.grading.lesson import grade_id, is_answer, list_exercises
from autograder.grading.result import NEEDS_GRADING, Result
from autograder.views.pages import render


def write_feedback(
    course: Course, lesson: str, student: str, notebook: NotebookNode | None, unreadable: str = ""
) -> None:
    """Write feedback/STUDENT/LESSON/LESSON.html, for a graded notebook or for one that nobody could read."""
    page = feedback_page(lesson, student, notebook, unreadable)
    write_atomically(course.feedback / student / lesson / f"{lesson}.html", page.encode("utf-8", "replace"))


def feedback_page(lesson: str, student: str, notebook: NotebookNode | None, unreadable: str = "") -> str:
    """The page as HTML."""
    if notebook is None:
        return render("feedback.html", lesson=lesson, student=student, unreadable=unreadable, check_style="")
    result = Result.read_from(notebook)
    answers = {grade_id(cell): cell.source for cell in notebook.cells if is_answer(cell)}
    exercises = []
    for exercise in list_exercises(notebook):
        verdicts = result.of(exercise.name)
        exercises.append(
            {
                "name": exercise.name,
                "written": exercise.written,
                "status": NEEDS_GRADING if exercise.written else result.status(exercise.name),
                "score": result.points(exercise.name),
                "max_score": exercise.points,
                "stopped": result.stopped.get(exercise.name, ""),
                "checks": Markup(as_html(exercise.name, verdicts)) if verdicts else "",
                "answer": answers.get(exercise.name, ""),
            }
        )
    return render(
        "feedback.html",
        lesson=lesson,
        student=student,
        unreadable="",
        check_style=Markup(STYLE),
        exercises=exercises,
        mended=result.mended,
        score=sum(e["score"] for e in exercises),
        max_score=sum(e["max_score"] for e in exercises if not e["written"]),
        written_points=sum(e["max_score"] for e in exercises if e["written"]),
    )
