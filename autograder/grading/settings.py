"""What every grading of a run shares: its settings, and the warm process that its kernels are forks of.

Imports little, so that this process can be started before the rest is imported.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Course
from autograder.sandbox import KernelFactory, Limits


@dataclass(frozen=True)
class Settings:
    """What every grading of a run shares."""

    course: Path
    limits: Limits
    require_sandbox: bool = False
    rules: tuple[str, ...] = ()  # of nbgrader's, where test cells judge
    warm: bool = True
    lessons: tuple[str, ...] = ()  # kernels import no more than these need; all if none is named
    server: Path | None = None  # of warm kernels, shared by the workers of a machine

    @classmethod
    def of(
        cls,
        course: Course,
        limits: Mapping[str, float | str] | None = None,
        require_sandbox: bool = False,
        lessons: Sequence[str] = (),
    ) -> "Settings":
        """What the course's nbgrader_config.py says, with ``limits`` on top, for all lessons or these.

        So the command and formgrader's button grade alike. Raises ValueError for a limit that is none.
        """
        chosen = course.settings
        merged = Limits.from_mapping({**_nbgraders_own(course), **chosen.limits, **(limits or {})})
        rules = tuple(sorted(chosen.nbgrader_rules))
        return cls(course.root, merged, require_sandbox or chosen.require_sandbox, rules, lessons=tuple(lessons))


def _nbgraders_own(course: Course) -> dict[str, float]:
    """The limits of time of nbgrader's own settings: of a cell, and of its output if it may come later than here."""
    config = course.config
    found = {}
    for section in ("ExecutePreprocessor", "Execute"):
        seconds, late = config[section].get("timeout"), config[section].get("iopub_timeout")
        if isinstance(seconds, int | float) and seconds > 0:
            found["cell_seconds"] = float(seconds)
        if isinstance(late, int | float) and late > Limits.output_seconds:
            found["output_seconds"] = float(late)
    return found


def kernel_factory(settings: Settings) -> KernelFactory:
    """A factory, not entered yet, of kernels as the course of ``settings`` needs them."""
    return KernelFactory(
        settings.limits,
        Course(settings.course).surroundings(settings.lessons),
        warm=settings.warm,
        require_sandbox=settings.require_sandbox,
        server=settings.server,
    )


@contextmanager
def shared_kernels(settings: Settings) -> Iterator[Settings]:
    """``settings`` with which all workers of this machine fork their kernels from one warm process, which starts now.

    Raises SandboxUnavailable where they require a sandbox and there is none.
    """
    if settings.server:
        yield settings
        return
    with kernel_factory(settings) as factory:
        yield replace(settings, server=factory.start())
