"""What runs on a worker: one submission at a time, with a kernel factory that outlives it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing.util import Finalize
from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.grading.beside import Beside, files_handed_in, files_of_course
from autograder.grading.grade import grade_notebook
from autograder.grading.lesson import has_own_tests
from autograder.grading.result import Result
from autograder.grading.settings import Settings, kernel_factory
from autograder.intake import Unreadable
from autograder.sandbox import KernelFactory
from autograder.text import clean, shown


@dataclass(frozen=True)
class Task:
    """One submission to grade."""

    lesson: str
    student: str
    key: str
    folder: str  # where it lies, below the course's folder


@dataclass(frozen=True)
class Done:
    """A graded submission on its way back: each notebook as JSON, or why it can't be read; or what broke."""

    task: Task
    notebooks: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    failure: str = ""


def grade_task(task: Task, settings: Settings) -> Done:
    """Grade one submission; whatever it does, a result is returned."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # a kernel that is killed leaves tasks behind
    course = Course(settings.course)
    folder = course.root / task.folder
    done = Done(task)
    try:
        factory = _factory(settings)
        checks = course.check_files(task.lesson, hidden=True)
        names = course.notebooks(task.lesson)
        beside, left_out = _beside(course, task.lesson, folder, names, settings.rules)
        for name in names:
            siblings = [other for other in names if other != name]
            released, source = course.released(task.lesson, name), course.source_notebook(task.lesson, name)
            try:
                graded = grade_notebook(
                    folder, name, released, checks, factory, settings.limits, beside, siblings, source, settings.rules
                )
                if left_out:
                    result = Result.read_from(graded)
                    result.mended += left_out
                    result.write_to(graded)
                done.notebooks[name] = nbformat.v4.writes(graded)  # our own: checked against no schema
            except Unreadable as problem:
                done.unreadable[name] = _in_words(problem, course)
    except Exception as error:
        return Done(task, failure=clean(f"{type(error).__name__}: {error}"))
    return done


def _beside(
    course: Course, lesson: str, folder: Path, names: Sequence[str], rules: Sequence[str]
) -> tuple[Beside, list[str]]:
    """The files beside a submission's notebooks, and a sentence for each of the student's that is not there.

    Where checks judge from outside, the lesson is the course's alone; where test cells do, nbgrader's ways hold, and
    what the student handed in with the notebook is there too.
    """
    own_tests = has_own_tests(course, lesson)
    of_course = files_of_course(course, lesson, own_tests)
    if not own_tests:
        return of_course, []
    kept = (course.config.Autograde.get("exclude_overwriting") or {}).get(lesson, ())
    handed_in, left_out = files_handed_in(folder, names, of_course, kept, modules="modules" in rules)
    return {**of_course, **handed_in}, left_out


def _in_words(problem: Unreadable, course: Course) -> str:
    file = problem.path.relative_to(course.root) if problem.path.is_relative_to(course.root) else problem.path
    return clean(f"{shown(str(file), longest=4096)}: {problem.reason}")


@lru_cache(maxsize=1)
def _factory(settings: Settings) -> KernelFactory:
    """This process's kernel factory, opened for the first submission and closed when the process ends."""
    factory = kernel_factory(settings)
    factory.__enter__()
    Finalize(None, factory.close, exitpriority=0)  # a process of multiprocessing's ends without atexit
    return factory
