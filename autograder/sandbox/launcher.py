"""The grader's hold on its server process: starts it, asks it for keepers, ends it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from autograder.sandbox.availability import server_prefix
from autograder.sandbox.channel import READY, Channel

_START_SECONDS = 180  # TensorFlow from a cold disk on a busy machine
_END_SECONDS = 60
_LONGEST_ANSWER = 64
_LOG = "server.log"


class Server:
    """A running server. Its folder, which it removes when it ends, is the factory's.

    Raises RuntimeError, with the end of the server's log, if it does not come up.
    """

    def __init__(self, folder: Path, env: Mapping[str, str], *, preload: bool) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", "autograder.sandbox.server", "--folder", str(folder)]
        command += ["--owner", str(os.getpid())]
        if preload:
            command = [*server_prefix(), *command, "--preload"]
        with theirs, open(folder / _LOG, "wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd="/",
                env=dict(env),
                start_new_session=True,  # the Ctrl-C that interrupts the grader is not for it
            )
        self._control.settimeout(_START_SECONDS)
        try:
            answer = self._control.recv(_LONGEST_ANSWER)
        except TimeoutError:
            answer = b""
        if not answer.startswith(READY):
            problem = self._last_words(folder / _LOG)
            self.close()
            raise RuntimeError(f"The process that starts kernels did not come up: {problem}")
        self._control.settimeout(None)
        self._put_first(int(answer.removeprefix(READY)))

    @staticmethod
    def _put_first(pid: int) -> None:
        """Schedule the server and its keepers before all else, if this process may (as root, it may).

        The kernel does not limit the number of root's processes, so a keeper must not wait its turn among hundreds.
        """
        with contextlib.suppress(OSError):
            os.sched_setscheduler(pid, os.SCHED_RR, os.sched_param(1))

    @staticmethod
    def _last_words(log: Path) -> str:
        try:
            return log.read_text(errors="replace").strip().rpartition("\n")[2] or "it said nothing"
        except OSError:
            return "its log is gone"

    def alive(self) -> bool:
        return self._process.poll() is None

    def open_channel(self) -> Channel:
        """A channel to a new keeper. Raises OSError if the server has ended."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            socket.send_fds(self._control, [b"k"], [theirs.fileno()])
        return Channel(ours)

    def close(self) -> None:
        """End the server, its keepers and their kernels, and wait for it."""
        self._control.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
