"""What the gradebook holds for one submission: points, those that a person gave included, and a person's comments."""

from dataclasses import dataclass, field

from nbgrader.api import Gradebook


@dataclass(frozen=True)
class Marks:
    """By grade_id of a cell: ``scores`` (None while a written answer waits for a person) and ``comments``.

    ``penalty``: points taken off for handing in late.
    """

    scores: dict[str, float | None] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    penalty: float = 0.0


def read_marks(gradebook: Gradebook, lesson: str, name: str, student: str) -> Marks:
    """The marks of a submitted notebook that the gradebook knows. Raises nbgrader.api.MissingEntry for another."""
    notebook = gradebook.find_submission_notebook(name, lesson, student)
    scores = {
        grade.name: None if grade.auto_score is None and grade.manual_score is None else float(grade.score)
        for grade in notebook.grades
    }
    comments = {c.name: c.manual_comment for c in notebook.comments if (c.manual_comment or "").strip()}
    return Marks(scores, comments, float(notebook.late_submission_penalty or 0))
