"""One kernel that runs a student's cells and answers the checks' questions, within limits.

nbclient does the talking; this module decides what a stop is and says it in words. A kernel's messages are
as untrusted as its code: what is kept of its output is plain text, pictures and the names of errors.
"""

import asyncio
import base64
import binascii
import logging
import math
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty

import psutil
import zmq
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.checking.student import KernelStudent, NoAnswer
from autograder.sandbox import KernelFactory, Limits
from autograder.text import clean, encodable

QUESTION_SECONDS = 30
INTERRUPT_SECONDS = 3
OUTPUT_SECONDS = 10  # that the output may come after the end of its cell
STARTUP_SECONDS = 60
NUDGE_SECONDS = 1  # between two questions to a kernel that has not answered yet
KEPT_TEXT = 20_000  # characters of a cell's output
KEPT_OUTPUTS = 200  # of a cell
# What a kernel may send is bounded by its own limits in no way: the same bytes can be sent again and again.
MESSAGE_BYTES = 32 * 2**20  # of one part of a message; parsed JSON takes up to twenty times as much
GROWTH_BYTES = 512 * 2**20  # by which the grader itself may grow while it talks to one kernel
GUARD_SECONDS, GRACE_SECONDS = 0.05, 3
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CELL_LINE = re.compile(r"\bline (\d{1,6})\b")
_KEPT_KINDS = ("text/plain", "image/png")
_PNG = b"\x89PNG\r\n\x1a\n"


class Stopped(NoAnswer):
    """The kernel was stopped, or stopped by itself; the message is the reason, for a person."""


@dataclass
class Outcome:
    """What running one cell left behind: outputs fit to show, and the error that ended it, if one did."""

    outputs: list[NotebookNode] = field(default_factory=list)
    error: tuple[str, str] | None = None  # class name and message
    line: int = 0
    seconds: float = 0.0


class _Overwhelmed(Exception):
    """The kernel sent so much that the limits had to be kept by force; the message says what it did."""


class _Client(NotebookClient):
    """nbclient, keeping of each message only what can be shown, and not more than the limit."""

    def __init__(self, limits: Limits, **options: object):
        super().__init__(**options)
        self.log.setLevel(logging.CRITICAL)
        self._limits = limits
        self._most_bytes = psutil.Process().memory_info().rss + GROWTH_BYTES
        self.new_cell()

    def new_cell(self) -> None:
        """Begin counting the output of a new cell."""
        self.flooded = False
        self.finished = False  # the kernel's last word on the cell has come, so all of its output has
        self._bytes = self._characters = self._shown = 0

    async def async_start_new_kernel_client(self) -> object:
        """As nbclient does it, but the sockets refuse what no honest kernel sends, and floods let others have turns."""
        self.kc = self.km.client()
        self.kc.context.setsockopt(zmq.MAXMSGSIZE, MESSAGE_BYTES)
        self.kc.context.setsockopt(zmq.RCVHWM, 0)  # nothing is lost here; _guarded watches the memory
        # What nobody reads from is not opened: it would fill this process's memory all the same.
        self.kc.start_channels(stdin=False, hb=False, control=False)
        for channel in (self.kc.shell_channel, self.kc.iopub_channel):
            channel.get_msg = _taking_turns(channel.get_msg)
        await self._wait_until_it_speaks(time.monotonic() + self.startup_timeout)
        return self.kc

    async def _wait_until_it_speaks(self, end: float) -> None:
        """Ask for the kernel's name until the answer comes on both channels.

        The client's own wait_for_ready listens 0.2 s longer for what may still come; nothing here minds an old message.
        """
        while time.monotonic() < end:
            self.kc.kernel_info()
            try:
                await self.kc.get_shell_msg(timeout=NUDGE_SECONDS)
                await self.kc.get_iopub_msg(timeout=NUDGE_SECONDS)
                return
            except Empty:
                if not await self.km.is_alive():
                    break
        raise RuntimeError("the kernel did not answer")

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _guarded(self, cell: NotebookNode, seconds: float) -> None:
        """execute_cell, whose own timeout never comes while a kernel floods it with replies to other requests.

        A message of endless many parts is held by no limit of the sockets, so the grader's own memory is watched.
        """
        self.timeout = math.ceil(seconds)  # nbclient takes whole seconds only
        end = time.monotonic() + seconds + GRACE_SECONDS
        others = asyncio.all_tasks()
        running = asyncio.ensure_future(self.async_execute_cell(cell, 0, store_history=False))
        try:
            while not (await asyncio.wait({running}, timeout=GUARD_SECONDS))[0]:
                if psutil.Process().memory_info().rss > self._most_bytes:
                    raise _Overwhelmed(f"sent more than {GROWTH_BYTES // 2**20} MiB")
                if time.monotonic() > end:
                    raise _Overwhelmed(f"ran for more than {seconds:.0f} s")
            running.result()
        finally:  # nbclient leaves its own tasks behind when a kernel dies or breaks the protocol
            left = asyncio.all_tasks() - others
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    guarded = run_sync(_guarded)

    def process_message(self, msg: dict, cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        kind = msg.get("msg_type")
        if kind not in ("status", "stream", "execute_result", "display_data", "error"):
            return None
        if kind == "status":
            self.finished = self.finished or msg["content"]["execution_state"] == "idle"
        else:
            self._bytes += len(str(msg.get("content")))
            if self._bytes > self._limits.output_bytes:
                if not self.flooded:
                    self.flooded = True
                    asyncio.ensure_future(_interrupt(self.km))
                return None
            if self._is_more_than_is_kept(kind, msg["content"]):
                return None
            _reduce(msg["content"])
        return super().process_message(msg, cell, cell_index)

    def _is_more_than_is_kept(self, kind: str, content: dict) -> bool:
        """nbformat validates each output for milliseconds: of a thousand, those that _keep drops are not made."""
        if kind == "stream":
            before, self._characters = self._characters, self._characters + len(str(content.get("text")))
            return before > KEPT_TEXT
        self._shown += kind != "error"
        return kind != "error" and self._shown > KEPT_OUTPUTS


def _reduce(content: dict) -> None:
    """Leave of a display what can be kept of it. nbclient would look for others of its name in cells long gone, and
    nbformat refuse the whole cell for one picture that is a number."""
    if "data" in content:
        data = content["data"] if isinstance(content["data"], dict) else {}
        content["data"] = {kind: data[kind] for kind in _KEPT_KINDS if isinstance(data.get(kind), str)}
        content["metadata"] = {}
    content.pop("transient", None)


def _taking_turns(get_msg: Callable[..., Awaitable[dict]]) -> Callable[..., Awaitable[dict]]:
    """Messages that have come already are handed over without a turn of the event loop: in a flood of them no
    timeout would ever be noticed."""

    async def get(timeout: float | None = None) -> dict:
        await asyncio.sleep(0)
        return await get_msg(timeout=timeout)

    return get


async def _interrupt(manager: object) -> None:
    try:
        await manager.interrupt_kernel()
    except Exception:
        logging.getLogger(__name__).debug("the kernel was gone before it could be interrupted", exc_info=True)


class Session:
    """A running kernel, in ``work_dir`` without a sandbox. Use it with `with`; ``student`` answers questions."""

    def __init__(self, factory: KernelFactory, work_dir: Path, limits: Limits, deadline: float):
        self._limits = limits
        self._deadline = deadline
        self._manager = factory.kernel_manager(work_dir, limits=limits, in_memory=True)
        notebook = new_notebook(cells=[new_code_cell()])
        self._client = _Client(
            limits,
            nb=notebook,
            km=self._manager,
            allow_errors=True,
            startup_timeout=STARTUP_SECONDS,
            iopub_timeout=OUTPUT_SECONDS,
        )
        self._question_seconds = QUESTION_SECONDS
        self.stopped: str | None = None

    def __enter__(self) -> "Session":
        try:
            self._client.start_new_kernel()
            self._client.start_new_kernel_client()
            self.student = KernelStudent(self._ask, self._manager.outside_dir, str(self._manager.inside_dir))
            self.student.prepare()
            self._question_seconds = min(QUESTION_SECONDS, self._limits.cell_seconds)
        except BaseException:
            self.close()
            raise
        return self

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
        cell = new_code_cell(source)
        self._client.new_cell()
        seconds = max(min(seconds, left), 0.1)
        started = time.monotonic()
        try:
            self._client.guarded(cell, seconds)
        except CellTimeoutError:
            self._end_after_timeout()
            raise Stopped(f"Stopped: it ran for more than {seconds:.0f} s.") from None
        except _Overwhelmed as why:
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
        outcome = _keep(cell.outputs)
        outcome.seconds = time.monotonic() - started
        return outcome

    def _end_after_timeout(self) -> None:
        """Interrupt the cell; where the kernel doesn't come back from that, it is given up."""
        run_sync(_interrupt)(self._manager)
        try:
            self._client.guarded(new_code_cell("None"), INTERRUPT_SECONDS)
        except Exception:
            self.stopped = "it did not come back from an interrupt"


def _keep(outputs: list[NotebookNode]) -> Outcome:
    """Outputs without anything that a browser would run, and the last error among them."""
    outcome = Outcome()
    room = KEPT_TEXT
    for output in outputs:
        kept = None
        kind = output.get("output_type")
        if kind == "stream":
            kept = new_output("stream", name="stdout", text=encodable(str(output.get("text", ""))[:room]))
            room -= len(kept.text)
        elif kind == "error":
            name = clean(str(output.get("ename", ""))[:200])
            value = clean(_ANSI.sub("", str(output.get("evalue", ""))[:2000]))
            outcome.error = (name, value)
            outcome.line = _line_of(output.get("traceback"))
            kept = new_output("error", ename=name, evalue=value, traceback=[f"{name}: {value}"])
        elif kind in ("execute_result", "display_data"):
            data = _keep_data(output.get("data"), room)
            room -= len(data.get("text/plain", ""))
            kept = new_output("display_data", data=data) if data else None
        if kept and len(outcome.outputs) < KEPT_OUTPUTS:
            outcome.outputs.append(kept)
    return outcome


def _keep_data(data: object, room: int) -> dict[str, str]:
    """The text, up to ``room`` characters, and the picture of an output; a picture must be one, and not HTML."""
    kept = {}
    found = data if isinstance(data, dict) else {}
    if isinstance(text := found.get("text/plain"), str):
        kept["text/plain"] = encodable(text[:room])
    if isinstance(picture := found.get("image/png"), str):
        try:
            if base64.b64decode(picture.replace("\n", ""), validate=True).startswith(_PNG):
                kept["image/png"] = picture
        except (binascii.Error, ValueError):
            logging.getLogger(__name__).debug("a picture that is none was left out")
    return kept


def _line_of(traceback: object) -> int:
    """The line in the student's own cell that an IPython traceback names first, 0 when it names none.

    A kernel may send anything as its traceback, so no more than its beginning is looked at.
    """
    lines = traceback if isinstance(traceback, list) else []
    text = _ANSI.sub("", "\n".join(str(line)[:KEPT_TEXT] for line in lines[:100])[:KEPT_TEXT])
    found = _CELL_LINE.search(text)
    return int(found[1]) if found else 0
