"""One kernel that runs a student's cells and answers the checks' questions, within limits.

nbclient does the talking; this module decides what a stop is and says it in words. A kernel's messages are
as untrusted as its code: what is kept of its output is plain text, images and the names of errors.
"""

import base64
import binascii
import logging
import math
import re
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.checking.student import KernelStudent, NoAnswer
from autograder.grading.beside import Beside
from autograder.grading.client import KEPT_OUTPUTS, KEPT_TEXT, Client, Overwhelmed, interrupt
from autograder.grading.nodes import code_cell, output_of
from autograder.sandbox import KernelFactory, Limits
from autograder.text import clean, encodable

QUESTION_SECONDS = 30
INTERRUPT_SECONDS = 3
STARTUP_SECONDS = 60
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CELL_LINE = re.compile(r"\bline (\d{1,6})\b")
_PNG = b"\x89PNG\r\n\x1a\n"


class Stopped(NoAnswer):
    """The kernel was stopped, or stopped by itself; the message is the reason, for a person."""


@dataclass
class Outcome:
    """What running one cell left behind: outputs fit to show, and the error that ended it, if one did."""

    outputs: list[NotebookNode] = field(default_factory=list)
    error: tuple[str, str] | None = None  # class name and message
    unshown: tuple[str, str] | None = None  # an error that the kernel tells of and has not shown
    value: str = ""  # the text of what its last expression gave
    line: int = 0
    seconds: float = 0.0
    wrote_error: bool = False  # to standard error


class Session:
    """A running kernel, in ``work_dir`` without a sandbox. Use it with `with`; ``student`` answers questions.

    ``helpers`` are {module: source} of what the checks' questions use, None where no check asks any; ``beside`` are the
    files that a notebook of the course finds beside it, {path below its folder: file}.
    """

    def __init__(
        self,
        factory: KernelFactory,
        work_dir: Path,
        limits: Limits,
        deadline: float,
        helpers: Mapping[str, str] | None,
        beside: Beside | None = None,
    ):
        self._limits = limits
        self._helpers = helpers
        self._beside = dict(beside or {})
        self._deadline = deadline
        self._manager = factory.kernel_manager(work_dir, limits=limits, in_memory=True)
        notebook = new_notebook()
        notebook.cells = [code_cell()]
        self._client = Client(
            limits,
            nb=notebook,
            km=self._manager,
            allow_errors=True,
            startup_timeout=STARTUP_SECONDS,
            iopub_timeout=math.ceil(limits.output_seconds),
        )
        self._question_seconds: float = QUESTION_SECONDS
        self.stopped: str | None = None

    def __enter__(self) -> "Session":
        try:
            self._client.start_new_kernel()
            self._client.start_new_kernel_client()
            self._lay_beside()
            if self._helpers is not None:
                self.student = KernelStudent(
                    self._ask, self._manager.outside_dir, str(self._manager.inside_dir), self._helpers
                )
                self.student.prepare()
            self._question_seconds = min(QUESTION_SECONDS, self._limits.cell_seconds)
        except BaseException:
            self.close()
            raise
        return self

    def _lay_beside(self) -> None:
        """Give the kernel copies of the files that lie beside the notebook; it may change them, for itself alone."""
        for name, file in self._beside.items():
            target = self._manager.outside_dir / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(file, bytes):
                target.write_bytes(file)
            else:
                shutil.copyfile(file, target)

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the kernel and all that it started."""
        self._client.shutdown_kernel = "immediate"
        try:
            if self._client.km is not None:
                self._client._cleanup_kernel()
        except Exception:
            logging.getLogger(__name__).debug("while ending a kernel", exc_info=True)

    def run(self, source: str) -> Outcome:
        """Run one cell. Raises Stopped when a limit ended it; the session may live on (``alive``)."""
        return self._run(source, self._limits.cell_seconds)

    @property
    def alive(self) -> bool:
        """False when the kernel is gone and a new session is needed."""
        return self.stopped is None

    def give_up(self, reason: str) -> None:
        """Nothing more runs in this session; ``reason`` as in "it answers no question"."""
        self.stopped = self.stopped or reason

    def _ask(self, source: str) -> None:
        self._run(source, self._question_seconds)

    def _run(self, source: str, seconds: float) -> Outcome:
        if self.stopped:
            raise Stopped(f"Stopped: {self.stopped}.")
        left = self._deadline - time.monotonic()
        if left <= 0:
            self.stopped = f"the notebook used more than {self._limits.submission_seconds:g} s in all"
            raise Stopped(f"Stopped: {self.stopped}.")
        cell = code_cell(source)
        self._client.new_cell()
        seconds = max(min(seconds, left), 0.1)
        started = time.monotonic()
        try:
            self._client.guarded(cell, seconds)
        except CellTimeoutError:
            self._end_after_timeout()
            raise Stopped(f"Stopped: it ran for more than {seconds:.0f} s.") from None
        except Overwhelmed as why:
            self.stopped = f"it {why}"
            self.close()  # at once: what it has sent lies in this process's memory until then
            raise Stopped(f"Stopped: {self.stopped}.") from None
        except DeadKernelError:
            self.stopped = self._manager.stopped_because() or "the code ended its own kernel"
            raise Stopped(f"Stopped: {self.stopped}.") from None
        except Exception as error:  # a kernel that sends nonsense makes nbclient raise what it likes
            self.stopped = f"the code broke the connection to its kernel ({type(error).__name__})"
            raise Stopped(f"Stopped: {self.stopped}.") from None
        if self._client.flooded:
            reason = f"printed more than {self._limits.output_bytes // 2**20} MiB"
            raise Stopped(f"Stopped: it {reason}.")
        if not self._client.finished:  # a message was refused, and the connection with it
            self.stopped = "its output was too large, or damaged, and got lost"
            raise Stopped(f"Stopped: {self.stopped}.")
        outcome = keep(cell.outputs)
        outcome.seconds = time.monotonic() - started
        if outcome.error is None and self._client.reply.get("status") == "error":
            said = (clean(str(self._client.reply.get(key, ""))[:2000]) for key in ("ename", "evalue"))
            outcome.unshown = (next(said), next(said))
        return outcome

    def _end_after_timeout(self) -> None:
        """Interrupt the cell; where the kernel doesn't react to that, it is given up."""
        run_sync(interrupt)(self._manager)
        try:
            self._client.guarded(code_cell("None"), INTERRUPT_SECONDS)
        except Exception:
            self.stopped = "it did not react to an interrupt"


def keep(outputs: list[NotebookNode]) -> Outcome:
    """Outputs without anything that a browser would run, and the last error among them."""
    outcome = Outcome()
    room = KEPT_TEXT
    for output in outputs:
        kept = None
        kind = output.get("output_type")
        if kind == "stream":
            kept = output_of("stream", name="stdout", text=encodable(str(output.get("text", ""))[:room]))
            room -= len(kept.text)
            outcome.wrote_error |= output.get("name") == "stderr" and bool(kept.text)
        elif kind == "error":
            name = clean(str(output.get("ename", ""))[:200])
            value = clean(_ANSI.sub("", str(output.get("evalue", ""))[:2000]))
            outcome.error = (name, value)
            outcome.line = _line_of(output.get("traceback"))
            kept = output_of("error", ename=name, evalue=value, traceback=[f"{name}: {value}"])
        elif kind in ("execute_result", "display_data"):
            data = _keep_data(output.get("data"), room)
            if kind == "execute_result":
                outcome.value = data.get("text/plain", "")
            room -= len(data.get("text/plain", ""))
            kept = output_of("display_data", data=data) if data else None
        if kept and len(outcome.outputs) < KEPT_OUTPUTS:
            outcome.outputs.append(kept)
    return outcome


def _keep_data(data: object, room: int) -> dict[str, str]:
    """The text, up to ``room`` characters, and the image of an output; it must be an image, and not HTML."""
    kept = {}
    found = data if isinstance(data, dict) else {}
    if isinstance(text := found.get("text/plain"), str):
        kept["text/plain"] = encodable(text[:room])
    if isinstance(image := found.get("image/png"), str):
        try:
            if base64.b64decode(image.replace("\n", ""), validate=True).startswith(_PNG):
                kept["image/png"] = image
        except (binascii.Error, ValueError):
            logging.getLogger(__name__).debug("something else than an image was left out")
    return kept


def _line_of(traceback: object) -> int:
    """The line in the student's own cell that an IPython traceback names first, 0 when it names none.

    A kernel may send anything as its traceback, so no more than its beginning is looked at.
    """
    lines = traceback if isinstance(traceback, list) else []
    text = _ANSI.sub("", "\n".join(str(line)[:KEPT_TEXT] for line in lines[:100])[:KEPT_TEXT])
    found = _CELL_LINE.search(text)
    return int(found[1]) if found else 0
