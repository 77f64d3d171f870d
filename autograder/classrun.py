"""Grades a class: finds what is to be done, fans it out, and writes down the results.

Workers only grade. The coordinator, this process, alone writes the journal, the gradebook and the pages.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.course import Course, CourseError
from autograder.grading.journal import Entry, Journal
from autograder.grading.lesson import has_own_tests
from autograder.grading.places import survey
from autograder.grading.pool import grade_here
from autograder.grading.result import Result
from autograder.grading.settings import Settings, shared_kernels
from autograder.grading.submissions import Submissions, why_not
from autograder.grading.test_cells import WEAKER
from autograder.grading.unhonored import unhonored
from autograder.grading.worker import Done, Task
from autograder.sandbox import protections, require_sandbox
from autograder.text import clean

if TYPE_CHECKING:
    from autograder.recording import Recorder


@dataclass
class ClassRun:
    """What a run did: how many were graded, how many needed nothing, and who needs a person, in a line each.

    ``notes``: a line for each submission that was graded though it lay in another place than it should, and for each
    lesson that has no check files.
    ``protections_off``: what did not protect this machine, or the one that graded any of it; the reason comes first.
    """

    graded: int = 0
    unchanged: int = 0
    attention: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    protections_off: list[str] = field(default_factory=list)


def grade_class(
    course: Course,
    lessons: Sequence[str],
    settings: Settings,
    *,
    students: Sequence[str] = (),
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ClassRun:
    """Grade everything in submitted/ that is new or changed; returns a ClassRun.

    ``students``: only these. ``jobs``: processes of this machine; ``scheduler``: the address of a running
    Dask scheduler instead, whose workers see the course folder at the same path. ``progress`` is called with the
    number done and the number to do. Raises SandboxUnavailable, before anything is graded, where a sandbox is required
    and this machine has none.
    """
    if settings.require_sandbox and not scheduler:
        require_sandbox()
    _prepare(course)
    refusals = {lesson: _foreign(course, lesson) for lesson in lessons}
    handed_in, run = Submissions(course, settings), _Run(course, [name for name, why in refusals.items() if not why])
    found = survey(course, students)
    run.outcome.attention += found.odd
    run.outcome.notes = [
        clean(f"{student}, {lesson}: {note}") for student, lesson, note in found.notes if lesson in lessons
    ]
    run.outcome.protections_off = [] if scheduler else protections()
    if ignored := unhonored(course.config):
        run.outcome.notes.append(f"nbgrader_config.py: without effect here: {', '.join(ignored)}.")
    tasks: list[Task] = []
    for lesson, refused in refusals.items():
        if refused:
            run.outcome.attention.append(refused)
            continue
        if has_own_tests(course, lesson):
            run.outcome.notes.append(f"{lesson}: {WEAKER}.")
        for student, folder in ((s, place) for (s, name), place in found.places.items() if name == lesson):
            if reason := why_not(student):
                run.outcome.attention.append(f"{student!a}, {lesson}: not graded, {reason}.")
                continue
            with run.guarding(student, lesson):
                task = handed_in.task(lesson, student, folder)
                known = handed_in.known(task)
                if known is None:
                    tasks.append(task)
                else:
                    run.outcome.unchanged += 1
                    run.settle(handed_in.journal, task, known)
    progress(0, len(tasks))
    for count, done in enumerate(_fan_out(tasks, settings, jobs, scheduler, run.open_gradebook), 1):
        with run.guarding(done.task.student, done.task.lesson):
            run.take(handed_in, done)
        progress(count, len(tasks))
    run.open_gradebook()
    run.outcome.attention.sort()
    return run.outcome


def _foreign(course: Course, lesson: str) -> str:
    """Why a lesson can't be graded, where one of its notebooks is in another language; empty where none is."""
    for name in course.notebooks(lesson):
        metadata = course.released(lesson, name).metadata
        language = metadata.get("kernelspec", {}).get("language") or metadata.get("language_info", {}).get("name")
        if language and str(language).casefold() != "python":
            return f"{lesson}: not graded, its notebook {name} is written in {language}, and only Python is graded."
    return ""


class _Run:
    """What the coordinator does with each submission, and what it says of it."""

    def __init__(self, course: Course, lessons: Sequence[str]):
        self.outcome = ClassRun()
        self._course = course
        self._lessons = lessons
        self._recorder: Recorder | None = None

    def open_gradebook(self) -> "Recorder":
        """What writes the gradebook; the lessons are in it then, also those that nobody handed in."""
        if self._recorder is None:
            from autograder.recording import Recorder  # only now: it takes as long to import as a submission to grade

            self._recorder = Recorder(self._course, self._lessons)
        return self._recorder

    @contextmanager
    def guarding(self, student: str, lesson: str) -> Iterator[None]:
        """Whatever goes wrong with one submission becomes a line for a person, and the others are graded."""
        try:
            yield
        except Exception as error:
            self._say(student, lesson, f"not recorded, {type(error).__name__}: {error}. Run the command again.")

    def take(self, handed_in: Submissions, done: Done) -> None:
        """Keep what came back from a worker."""
        task = done.task
        if done.failure:
            self._say(task.student, task.lesson, f"not graded, {done.failure}. Run the command again.")
            return
        self.outcome.graded += 1
        self.settle(handed_in.journal, task, handed_in.keep(done))

    def settle(self, journal: Journal, task: Task, entry: Entry) -> None:
        """Bring a journaled submission into the gradebook and its feedback page, unless that was done already."""
        graded = entry.graded()
        for problem in entry.unreadable.values():
            self._say(task.student, task.lesson, problem)
        for notebook in graded.values():
            self._tell(task, Result.read_from(notebook))
        if problem := self.open_gradebook().settle(journal, task, entry, graded):
            late = f"whether it was late is open, and no points were taken off: {problem}"
            self._say(task.student, task.lesson, late)

    def _tell(self, task: Task, result: Result) -> None:
        self.outcome.protections_off = result.protections_off or self.outcome.protections_off
        for exercise, reason in result.stopped.items():
            self._say(task.student, task.lesson, f"exercise {exercise}: {reason}")
        for sentence in result.suspect:
            self._say(task.student, task.lesson, sentence)
        for broken in result.broken_checks:
            self._say(task.student, task.lesson, f"check {broken.check} of {broken.exercise}: {broken.message}")

    def _say(self, student: str, lesson: str, what: str) -> None:
        self.outcome.attention.append(clean(f"{student}, {lesson}: {what}"))


def _fan_out(
    tasks: Sequence[Task], settings: Settings, jobs: int, scheduler: str | None, meanwhile: Callable[[], object]
) -> Iterator[Done]:
    """Grade ``tasks``, if there are any; ``meanwhile`` is called while they are on their way."""
    if tasks and scheduler:
        from autograder.grading.cluster import grade_there  # Dask takes a second to import

        yield from grade_there(scheduler, tasks, settings, meanwhile)
    elif tasks:
        with shared_kernels(settings) as shared:
            yield from grade_here(jobs, tasks, shared, meanwhile)


def _prepare(course: Course) -> None:
    """Let the course write what its lessons read and git does not hold, before the sandbox makes it read-only."""
    if script := course.settings.prepare:
        done = subprocess.run(
            [sys.executable, str(course.root / script)], cwd=course.root, capture_output=True, text=True
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise CourseError(f"{course.root / script}, which prepares the course's data, failed: {last}")
