"""What runs on a worker: one submission at a time, with a kernel factory that outlives it."""

import atexit
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.grading.grade import grade_notebook
from autograder.intake import Unreadable
from autograder.sandbox import KernelFactory, Limits
from autograder.text import clean, shown


@dataclass(frozen=True)
class Settings:
    """What every grading of a run shares."""

    course: Path
    limits: Limits
    require_sandbox: bool = False
    warm: bool = True
    server: Path | None = None  # of warm kernels, shared by the workers of a machine

    @classmethod
    def of(
        cls, course: Course, limits: Mapping[str, float | str] | None = None, require_sandbox: bool = False
    ) -> "Settings":
        """What the course's nbgrader_config.py says, with ``limits`` on top.

        So the command and formgrader's button grade alike. Raises ValueError for a limit that is none.
        """
        chosen = course.settings
        merged = Limits.from_mapping({**chosen.limits, **(limits or {})})
        return cls(course.root, merged, require_sandbox or chosen.require_sandbox)


@dataclass(frozen=True)
class Task:
    """One submission to grade."""

    lesson: str
    student: str
    key: str
    folder: str  # where it lies, below the course's folder


@dataclass(frozen=True)
class Done:
    """A graded submission on its way back: the notebook as JSON, or why it can't be read, or what broke."""

    task: Task
    notebook: str = ""
    unreadable: str = ""
    failure: str = ""


def grade_task(task: Task, settings: Settings) -> Done:
    """Grade one submission; whatever it does, an answer comes back."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # a kernel that is killed leaves tasks behind
    course = Course(settings.course)
    folder = course.root / task.folder
    try:
        factory = _factory(settings)
        checks = course.check_files(task.lesson, hidden=True)
        beside = course.files_beside(task.lesson)
        released = course.released(task.lesson)
        graded = grade_notebook(folder, task.lesson, released, checks, factory, settings.limits, beside)
        return Done(task, notebook=nbformat.writes(graded))
    except Unreadable as problem:
        file = problem.path.relative_to(course.root) if problem.path.is_relative_to(course.root) else problem.path
        return Done(task, unreadable=clean(f"{shown(str(file), longest=4096)}: {problem.reason}"))
    except Exception as error:
        return Done(task, failure=clean(f"{type(error).__name__}: {error}"))


def kernel_factory(settings: Settings) -> KernelFactory:
    """A factory, not entered yet, of kernels as the course of ``settings`` needs them."""
    return KernelFactory(
        settings.limits,
        Course(settings.course).surroundings(),
        warm=settings.warm,
        require_sandbox=settings.require_sandbox,
        server=settings.server,
    )


@lru_cache(maxsize=1)
def _factory(settings: Settings) -> KernelFactory:
    """This process's kernel factory, opened for the first submission and closed when the process ends."""
    factory = kernel_factory(settings)
    factory.__enter__()
    atexit.register(factory.__exit__, None, None, None)
    return factory
