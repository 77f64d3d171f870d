"""What runs on a worker: one submission at a time, with a kernel factory that outlives it."""

import atexit
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
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
        merged = Limits.from_mapping({**_nbgraders_own(course), **chosen.limits, **(limits or {})})
        return cls(course.root, merged, require_sandbox or chosen.require_sandbox)


def _nbgraders_own(course: Course) -> dict[str, float]:
    """The limit of a cell's time as nbgrader's own settings have it; nothing where they set none, or no limit."""
    config = course.config
    for section in ("Execute", "ExecutePreprocessor"):
        seconds = config[section].get("timeout")
        if isinstance(seconds, int | float) and seconds > 0:
            return {"cell_seconds": float(seconds)}
    return {}


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
    """Grade one submission; whatever it does, an answer comes back."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # a kernel that is killed leaves tasks behind
    course = Course(settings.course)
    folder = course.root / task.folder
    done = Done(task)
    try:
        factory = _factory(settings)
        checks, beside = course.check_files(task.lesson, hidden=True), course.files_beside(task.lesson)
        names = course.notebooks(task.lesson)
        for name in names:
            siblings = [other for other in names if other != name]
            released, source = course.released(task.lesson, name), course.source_notebook(task.lesson, name)
            try:
                graded = grade_notebook(
                    folder, name, released, checks, factory, settings.limits, beside, siblings, source
                )
                done.notebooks[name] = nbformat.writes(graded)
            except Unreadable as problem:
                done.unreadable[name] = _in_words(problem, course)
    except Exception as error:
        return Done(task, failure=clean(f"{type(error).__name__}: {error}"))
    return done


def _in_words(problem: Unreadable, course: Course) -> str:
    file = problem.path.relative_to(course.root) if problem.path.is_relative_to(course.root) else problem.path
    return clean(f"{shown(str(file), longest=4096)}: {problem.reason}")


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
