"""Our feedback page for nbgrader: ``nbgrader generate_feedback`` and formgrader's button write the same one."""

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from traitlets import default

from autograder.grading.marks import read_marks
from autograder.views.feedback import Submission, feedback_page


class FeedbackExporter(Exporter):
    """Makes the feedback page of a graded notebook, with the marks and comments that the gradebook holds."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _html(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        """The page and nbgrader's resources. Raises KeyError for a notebook that our grading has not marked."""
        nb, ready = super().from_notebook_node(nb, resources, **kwargs)
        names = ready["nbgrader"]
        submission = Submission(names["assignment"], names["notebook"], names["student"])
        with Gradebook(names["db_url"], self.config.CourseDirectory.get("course_id") or "") as gradebook:
            marks = read_marks(gradebook, submission.lesson, submission.notebook, submission.student)
        lessons_url = self.config.Autograder.get("lessons_url") or ""
        return feedback_page(submission, nb, marks=marks, lessons_url=lessons_url), ready
