"""nbclient's client, for a kernel that may send anything: what is kept is bounded, and so is the memory it takes."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from queue import Empty
from typing import Any

import psutil
import zmq
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.sandbox import Limits

NUDGE_SECONDS = 1  # between two questions to a kernel that has not answered yet
KEPT_TEXT = 20_000  # characters of a cell's output
KEPT_OUTPUTS = 200  # of a cell
# What a kernel may send is bounded by its own limits in no way: the same bytes can be sent again and again.
MESSAGE_BYTES = 32 * 2**20  # of one part of a message; parsed JSON takes up to twenty times as much
GROWTH_BYTES = 512 * 2**20  # by which the grader itself may grow while it talks to one kernel
GUARD_SECONDS, GRACE_SECONDS = 0.05, 3
_KEPT_KINDS = ("text/plain", "image/png")


class Overwhelmed(Exception):
    """The kernel sent so much that the limits had to be kept by force; the message says what it did."""


class Client(NotebookClient):
    """nbclient, keeping of each message only what can be shown, and not more than the limit."""

    reply: dict[str, Any]
    km: Any  # a SandboxKernelManager, and an asynchronous client of its kernel
    kc: Any

    def __init__(self, limits: Limits, **options: Any):
        super().__init__(**options)
        self.log.setLevel(logging.CRITICAL)
        self._limits = limits
        self._most_bytes = psutil.Process().memory_info().rss + GROWTH_BYTES
        self.on_cell_executed = self._hear_reply
        self.new_cell()

    def _hear_reply(self, execute_reply: dict[str, Any], **_: Any) -> None:
        content = execute_reply.get("content")
        self.reply = content if isinstance(content, dict) else {}

    def new_cell(self) -> None:
        """Begin counting the output of a new cell."""
        self.reply = {}  # what the kernel itself says of the cell, whatever it has shown
        self.flooded = False
        self.finished = False  # the kernel's last word on the cell has come, so all of its output has
        self._bytes = self._characters = self._shown = 0

    async def async_start_new_kernel_client(self) -> Any:
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
                    raise Overwhelmed(f"sent more than {GROWTH_BYTES // 2**20} MiB")
                if time.monotonic() > end:
                    raise Overwhelmed(f"ran for more than {seconds:.0f} s")
            running.result()
        finally:  # nbclient leaves its own tasks behind when a kernel dies or breaks the protocol
            left = asyncio.all_tasks() - others
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    guarded = run_sync(_guarded)

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
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
                    asyncio.ensure_future(interrupt(self.km))
                return None
            if self._is_more_than_is_kept(kind, msg["content"]):
                return None
            reduce_display(msg["content"])
        return super().process_message(msg, cell, cell_index)

    def _is_more_than_is_kept(self, kind: str, content: dict[str, Any]) -> bool:
        """nbformat validates each output for milliseconds: of a thousand, those that _keep drops are not made."""
        if kind == "stream":
            before, self._characters = self._characters, self._characters + len(str(content.get("text")))
            return before > KEPT_TEXT
        self._shown += kind != "error"
        return kind != "error" and self._shown > KEPT_OUTPUTS


def reduce_display(content: dict[str, Any]) -> None:
    """Leave of a display what can be kept of it. nbclient would look for others of its name in cells long gone, and
    nbformat refuse the whole cell for one image that is a number."""
    if "data" in content:
        data = content["data"] if isinstance(content["data"], dict) else {}
        content["data"] = {kind: data[kind] for kind in _KEPT_KINDS if isinstance(data.get(kind), str)}
        content["metadata"] = {}
    content.pop("transient", None)


def _taking_turns(get_msg: Callable[..., Awaitable[dict[str, Any]]]) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Messages that have come already are handed over without a turn of the event loop: in a flood of them no
    timeout would ever be noticed."""

    async def get(timeout: float | None = None) -> dict[str, Any]:
        await asyncio.sleep(0)
        return await get_msg(timeout=timeout)

    return get


async def interrupt(manager: Any) -> None:
    try:
        await manager.interrupt_kernel()
    except Exception:
        logging.getLogger(__name__).debug("the kernel was gone before it could be interrupted", exc_info=True)
