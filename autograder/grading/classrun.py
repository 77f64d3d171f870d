"""Grades a class: finds what is to be done, fans it out over Dask, and writes down what comes back.

Workers only grade. The coordinator, this process, alone writes the journal, the gradebook and the pages.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from distributed import Client, LocalCluster, as_completed

from autograder.course import Course
from autograder.grading.gradebook import GradebookWriter
from autograder.grading.journal import Entry, Journal, lesson_digest, submission_key
from autograder.grading.result import Result
from autograder.grading.worker import Done, Settings, Task, grade_task
from autograder.views.feedback import write_feedback


@dataclass
class ClassRun:
    """What a run did: how many were graded, how many needed nothing, and who needs a person, in a line each."""

    graded: int = 0
    unchanged: int = 0
    attention: list[str] = field(default_factory=list)
    protections_off: list[str] = field(default_factory=list)


def journal_of(course: Course) -> Journal:
    """The journal of a course."""
    return Journal(course.root / ".journal")


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
    """Grade everything in submitted/ that is new or changed; see ClassRun for what comes back.

    ``students``: only these. ``jobs``: processes of a local Dask cluster; ``scheduler``: the address of a
    running one instead, whose workers see the course folder at the same path. ``progress`` is called with the
    number done and the number to do.
    """
    _prepare_data(course)
    journal, writer, run = journal_of(course), GradebookWriter(course), ClassRun()
    tasks: list[Task] = []
    for lesson in lessons:
        writer.register(lesson)
        shared = lesson_digest(lesson, course.released_notebook(lesson), settings.limits)
        for student in list_students(course, lesson, students):
            if not _is_text(student):
                run.attention.append(f"{student!a}, {lesson}: not graded, the folder's name is not UTF-8. Rename it.")
                continue
            key = submission_key(course.submitted / student / lesson, shared)
            known = journal.read(lesson, student)
            if known is None or known.key != key:
                tasks.append(Task(lesson, student, key))
            else:
                run.unchanged += 1
                _settle(course, journal, writer, run, Task(lesson, student, key), known)
    progress(0, len(tasks))
    if tasks:
        with _client(jobs, scheduler, len(tasks)) as client:
            for count, done in enumerate(_fan_out(client, tasks, settings), 1):
                _take(course, journal, writer, run, done)
                progress(count, len(tasks))
    run.attention.sort()
    return run


def list_students(course: Course, lesson: str, only: Sequence[str] = ()) -> list[str]:
    """Who handed something in for ``lesson``, sorted; a folder that is a link is nobody's."""
    if not course.submitted.is_dir():
        return []
    names = (folder.name for folder in course.submitted.iterdir() if not folder.name.startswith("."))
    present = sorted(name for name in names if (course.submitted / name / lesson).is_dir())
    return [name for name in present if not only or name in only]


def _is_text(name: str) -> bool:
    """Whether a name from the disk can be written down: bytes that are no UTF-8 come as lone surrogates."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def _fan_out(client: Client, tasks: Sequence[Task], settings: Settings) -> Iterator[Done]:
    futures = client.map(grade_task, tasks, settings=settings, pure=False, retries=1, batch_size=None)
    by_key = {future.key: task for future, task in zip(futures, tasks, strict=True)}
    for future in as_completed(futures):
        error = future.exception()
        if error is not None:  # the worker itself was lost, twice
            yield Done(by_key[future.key], failure=f"the worker was lost ({type(error).__name__})")
        else:
            yield future.result()
        future.release()


@contextmanager
def _client(jobs: int, scheduler: str | None, tasks: int) -> Iterator[Client]:
    if scheduler:
        with Client(scheduler) as client:
            yield client
        return
    workers = max(1, min(jobs, tasks))
    options = {"n_workers": workers, "threads_per_worker": 1, "processes": True, "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(**options, silence_logs=50) as cluster, Client(cluster) as client:
        yield client


def _take(course: Course, journal: Journal, writer: GradebookWriter, run: ClassRun, done: Done) -> None:
    """Journal first, then the gradebook: a run killed in between catches up next time."""
    task = done.task
    if done.failure:
        run.attention.append(f"{task.student}, {task.lesson}: not graded, {done.failure}. Run the command again.")
        return
    run.graded += 1
    entry = Entry(task.key, notebook=done.notebook, unreadable=done.unreadable)
    journal.write(task.lesson, task.student, entry)
    _settle(course, journal, writer, run, task, entry)


def _settle(course: Course, journal: Journal, writer: GradebookWriter, run: ClassRun, task: Task, entry: Entry) -> None:
    """Bring a journaled submission into the gradebook and its feedback page, unless that was done already."""
    where = f"{task.student}, {task.lesson}"
    notebook = entry.graded()
    if notebook is None:
        run.attention.append(f"{where}: {entry.unreadable}")
    else:
        result = Result.read_from(notebook)
        run.protections_off = result.protections_off or run.protections_off
        for exercise, reason in result.stopped.items():
            run.attention.append(f"{where}: exercise {exercise}: {reason}")
        for broken in result.broken_checks:
            run.attention.append(f"{where}: check {broken.check} of {broken.exercise}: {broken.message}")
    if entry.recorded:
        return
    if notebook is None:
        writer.record_unreadable(task.lesson, task.student)
    else:
        writer.record(task.lesson, task.student, notebook)
    write_feedback(course, task.lesson, task.student, notebook, entry.unreadable)
    done = Entry(entry.key, entry.notebook, entry.unreadable, recorded=True)
    journal.write(task.lesson, task.student, done)


def _prepare_data(course: Course) -> None:
    """Let the course write what its lessons read and git does not hold, before the sandbox makes it read-only."""
    script = course.data / "prepare.py"
    if script.is_file():
        subprocess.run([sys.executable, str(script)], check=True, stdout=subprocess.DEVNULL)
