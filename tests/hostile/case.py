"""What one hostile submission is made of, and what it must get.

The lesson is lesson 02 cut down to its set-up cell and two exercises, with the written answer of lesson 03 below. In
most cases the first exercise, `std`, carries the attack, and the second, `published-bug`, an honest answer that
must keep its points whatever the first one does.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.grading.lesson import grade_id, is_answer, is_check
from autograder.sandbox import GiB, Limits, MiB
from tests.course import COURSE, answered

LESSON = "02_reparameterization"
STD, BUG, WRITTEN = "std", "published-bug", "written-leak"
FILE = f"{LESSON}.ipynb"

# A fifth of the usual limits, so that a case costs little. What starts many processes is bounded by its own code too.
LIMITS = Limits(
    cell_seconds=20,
    submission_seconds=120,
    memory_bytes=GiB,
    processes=32,
    threads=200,
    file_bytes=256 * MiB,
    disk_bytes=300 * MiB,
    tmp_bytes=100 * MiB,
    output_bytes=MiB,
)
HASTE = 3  # seconds for a cell that never ends

# What stock nbgrader 0.9.6 does. What is not seen by running it, or plain from its having no sandbox, is not claimed.
FULL_MARKS = "full marks for the wrong answer"
NO_SANDBOX = "no sandbox: the code runs as the instructor, on the instructor's machine"
NO_LIMIT = "no limit of this kind"
NOT_TRIED = "not tried"
SAME_KERNEL = "no such step: its tests run in the student's own kernel"

RIGHT_STD = "def std_from_log_var(z_log_var):\n    return ops.exp(0.5 * z_log_var)\n"
WRONG_STD = "def std_from_log_var(z_log_var):\n    return 0 * z_log_var - 7\n"
RIGHT_BUG = "def implied_log_var(z_log_var):\n    return 2.0 * z_log_var\n"
WRONG_SAYS = "exp(0) is 1"


@dataclass(frozen=True)
class Got:
    """What an exercise must get; `says` are words of its message.

    `or_says`: as good, each of them, where the machine's speed decides which of several limits is met first. With one
    of them the exercise may also have been stopped.
    """

    points: float
    status: str
    says: str = ""
    or_says: tuple[str, ...] = field(default=(), compare=False)


PASSED = Got(3, "passed")
WRONG = Got(0, "failed", WRONG_SAYS)


def failed(says: str = "") -> Got:
    """No point, and a message with these words."""
    return Got(0, "failed", says)


def held(says: str = "") -> Got:
    """What an attack made by `probe` gets when it won nothing."""
    return Got(0, "failed", f"held, {says}")


def stopped(says: str) -> Got:
    """No point, because a limit ended it."""
    return Got(0, "stopped", f"Stopped: {says}")


@dataclass(frozen=True)
class Case:
    """One hostile submission.

    `answers` go into the released notebook; `build` then may change the submission's folder. `mended` are words of
    sentences that intake must say; `unreadable` words of the reason why it can't be read at all. `ours`: what the
    table says of us where points and message don't say it.
    """

    name: str
    does: str
    nbgrader: str
    std: Got = WRONG
    bug: Got = PASSED
    answers: Mapping[str, str] = field(default_factory=dict)
    build: Callable[[Path], None] | None = None
    mended: tuple[str, ...] = ()
    unreadable: str = ""
    limits: Limits = LIMITS
    ours: str = ""


def attack(code: str, answer: str = WRONG_STD) -> dict[str, str]:
    """Answers whose first cell runs `code` and then defines `answer`."""
    return {STD: f"{code.strip()}\n\n{answer}", BUG: RIGHT_BUG}


def probe(code: str, *, when_called: bool = False) -> dict[str, str]:
    """Answers that are right only if `attempt()`, defined by `code`, brings something back.

    It is called when the cell runs, or `when_called` by a check.
    """
    call = (
        "try:\n    loot = attempt()\n    outcome = f'won {loot!r}' if loot else 'held, nothing found'\n"
        "except BaseException as problem:\n    loot, outcome = None, f'held, {type(problem).__name__}: {problem}'\n"
    )
    inside = "".join(f"    {line}\n" for line in call.splitlines()) if when_called else ""
    function = (
        f"def std_from_log_var(z_log_var):\n{inside}    if loot:\n        return ops.exp(0.5 * z_log_var)\n"
        "    raise RuntimeError(outcome[:250])\n"
    )
    return {STD: f"{code.strip()}\n\n{'' if when_called else call}\n{function}", BUG: RIGHT_BUG}


def honest() -> dict[str, str]:
    """Right answers to both exercises."""
    return {STD: RIGHT_STD, BUG: RIGHT_BUG}


@lru_cache(maxsize=1)
def _released() -> NotebookNode:
    notebook = deepcopy(COURSE.released(LESSON))
    setup = next(cell for cell in notebook.cells if cell.cell_type == "code")
    wanted = {STD, BUG, f"check-{STD}", f"check-{BUG}"}
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell is setup or (is_answer(cell) or is_check(cell)) and grade_id(cell) in wanted
    ]
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("# A short lesson", id="title"))
    written = COURSE.released("03_mnist_pipeline").cells
    notebook.cells += [deepcopy(cell) for cell in written if grade_id(cell) == WRITTEN]
    notebook.cells.append(nbformat.v4.new_markdown_cell("The end.", id="end"))
    return notebook


def released() -> NotebookNode:
    """The short lesson, as a student opens it."""
    return deepcopy(_released())


def submit(case: Case, folder: Path) -> None:
    """Write the submission of a case into an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(answered(released(), dict(case.answers)), folder / FILE)
    if case.build is not None:
        case.build(folder)


def edit(change: Callable[[NotebookNode], None]) -> Callable[[Path], None]:
    """A `build` that changes the notebook."""

    def build(folder: Path) -> None:
        notebook = nbformat.read(folder / FILE, as_version=4)
        change(notebook)
        # As a student's editor would: no validation, whatever is in it.
        (folder / FILE).write_text(nbformat.v4.writes(notebook), encoding="utf-8")

    return build


def cell_of(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell with this grade_id."""
    return next(cell for cell in notebook.cells if grade_id(cell) == name)
