"""What grading says of one submission, and how it travels: as metadata of the graded notebook."""

from dataclasses import asdict, dataclass, field
from typing import Any

from nbformat import NotebookNode

from autograder.checking import verdict
from autograder.checking.verdict import Verdict, exercise_status, first_message

KEY = "autograder"
STOPPED = "stopped"
UNREADABLE = "unreadable"
NEEDS_GRADING = "needs grading"


@dataclass
class Result:
    """Verdicts in order, what intake mended, why which exercise was stopped, and seconds by exercise.

    ``suspect``: where the tests run beside the answers, what in a cell could reach them, for a person to look at.
    """

    verdicts: list[Verdict] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    protections_off: list[str] = field(default_factory=list)
    suspect: list[str] = field(default_factory=list)

    def of(self, exercise: str) -> list[Verdict]:
        """The verdicts of one exercise."""
        return [v for v in self.verdicts if v.exercise == exercise]

    def status(self, exercise: str) -> str:
        """``passed``, ``partial``, ``failed``, ``not attempted`` or ``stopped``."""
        return STOPPED if exercise in self.stopped else exercise_status(self.of(exercise))

    def message(self, exercise: str) -> str:
        """The one sentence to show for an exercise, empty when it passed."""
        return self.stopped.get(exercise) or first_message(self.of(exercise))

    def points(self, exercise: str) -> float:
        """What the checks gave for an exercise."""
        return sum(v.points for v in self.of(exercise))

    @property
    def broken_checks(self) -> list[Verdict]:
        """Verdicts of checks that could not be run: a matter for the instructor, not the student."""
        return [v for v in self.verdicts if v.status == verdict.ERROR]

    def write_to(self, notebook: NotebookNode) -> None:
        """Keep this in the notebook's metadata."""
        notebook.metadata[KEY] = asdict(self)

    @classmethod
    def read_from(cls, notebook: NotebookNode) -> "Result":
        """What ``write_to`` kept. Raises KeyError for a notebook that was not graded."""
        kept: dict[str, Any] = dict(notebook.metadata[KEY])
        return cls(
            [Verdict(**v) for v in kept["verdicts"]],
            list(kept["mended"]),
            dict(kept["stopped"]),
            dict(kept["seconds"]),
            list(kept["protections_off"]),
            list(kept["suspect"]),
        )
