"""A step of nbgrader's generate_assignment: answers to earlier lessons go into the cells that take them up."""

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.course import Course
from autograder.sources import take_up


class FromEarlierLessons(NbGraderPreprocessor):
    """Comes first, so that what it writes is locked and has a checksum like the rest. In a notebook that
    `autograder build` has prepared there is nothing left to do."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Raises CourseError for a cell that names what no earlier lesson has."""
        root = self.config.CourseDirectory.get("root") or "."
        take_up(Course(Path(root)), resources["nbgrader"]["assignment"], nb)
        return nb, resources
