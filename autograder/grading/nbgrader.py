"""Our grading step inside nbgrader: ``nbgrader autograde`` and formgrader's button call the same function."""

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.course import Course
from autograder.grading.gradebook import GradebookWriter
from autograder.grading.places import place_of
from autograder.grading.rubric import with_rubrics
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submissions


class GradeSubmission(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute: the notebook that comes out is graded, in the sandbox.

    What nbgrader read is put aside; intake reads the submitted folder itself. Raises RuntimeError, which
    nbgrader reports for that submission alone, when the submission can't be read.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Grade the submission that ``resources`` names; a graded one that has not changed is taken as it is."""
        root = self.config.CourseDirectory.get("root") or "."
        course, names = Course.at(Path(root)), resources["nbgrader"]
        lesson, student = names["assignment"], names["student"]
        settings = Settings.of(course)
        writer = GradebookWriter(course)
        handed_in = writer.handed_in(place_of(course, student, lesson))
        if handed_in.problem:
            self.log.warning("%s, %s: whether it was late is open: %s", student, lesson, handed_in.problem)
        writer.keep_time(lesson, student, handed_in)
        entry = Submissions(course, settings).graded(lesson, student)
        name = names["notebook"]
        graded = entry.graded().get(name)
        if graded is None:
            raise RuntimeError(f"{student}, {lesson}: {entry.unreadable.get(name, f'it has no notebook {name}')}")
        return with_rubrics(course, lesson, student, graded), resources
