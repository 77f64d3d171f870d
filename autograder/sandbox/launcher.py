"""The grader's hold on its server process: starts it, and ends it. Other processes of the grader's may share it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from autograder.sandbox.availability import server_prefix
from autograder.sandbox.channel import READY, Channel
from autograder.sandbox.control_groups import Groups

_START_SECONDS = 180  # large libraries from a cold disk on a busy machine
_END_SECONDS = 60
_LONGEST_ANSWER = 64
_LOG = "server.log"
_SOCKET = "server"
_MOST_WAITING = 128  # requests that come in while the server starts


def connect(address: Path) -> Channel:
    """A channel to a new keeper of the server at ``address``, which may still be starting. Raises OSError."""
    ours = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        ours.connect(str(address))
    except OSError:
        ours.close()
        raise
    return Channel(ours)


class Server:
    """A server that is starting or running. Its folder, which it removes when it ends, is the factory's.

    ``preload`` are the modules that it imports, besides the kernel's own, for warm kernels; None for cold ones.
    ``address`` is the socket at which it takes requests, in that private folder. Requests wait until it is up.
    """

    def __init__(
        self, folder: Path, env: Mapping[str, str], preload: Sequence[str] | None, guessed: Sequence[str] = ()
    ) -> None:
        self.address = folder / _SOCKET
        self._log = folder / _LOG
        self._problem: str | None = None
        self._control, theirs = socket.socketpair()
        self._groups = Groups.open()
        command = [sys.executable, "-P", "-m", "autograder.sandbox.server", "--folder", str(folder)]
        command += ["--owner", str(os.getpid())]
        if self._groups is not None:
            command += ["--groups", json.dumps(asdict(self._groups))]
        if preload is not None:
            command = [*server_prefix(), *command, "--preload", json.dumps(list(preload))]
            command += ["--guessed", json.dumps(list(guessed))]
        with theirs, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener, open(self._log, "wb") as log:
            listener.bind(str(self.address))
            listener.listen(_MOST_WAITING)
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd="/",
                env=dict(env),
                start_new_session=True,  # the Ctrl-C that interrupts the grader is not for it
            )
            socket.send_fds(self._control, [b"l"], [listener.fileno()])
        self._coming_up = threading.Thread(target=self._come_up, daemon=True)
        self._coming_up.start()

    def wait(self) -> None:
        """Wait until it is up. Raises RuntimeError, with the end of its log, if it doesn't come up."""
        self._coming_up.join()
        if self._problem is not None:
            self.close()
            raise RuntimeError(f"The process that starts kernels did not come up: {self._problem}")

    def _come_up(self) -> None:
        self._control.settimeout(_START_SECONDS)
        try:
            answer = self._control.recv(_LONGEST_ANSWER)
        except OSError:
            answer = b""
        if answer.startswith(READY):
            self._put_first(int(answer.removeprefix(READY)))
        else:
            self._problem = self._last_words()

    @staticmethod
    def _put_first(pid: int) -> None:
        """Schedule the server and its keepers before all else, if this process may (as root, it may).

        The kernel does not limit the number of root's processes, so a keeper must not wait its turn among hundreds.
        """
        with contextlib.suppress(OSError):
            os.sched_setscheduler(pid, os.SCHED_RR, os.sched_param(1))

    def _last_words(self) -> str:
        try:
            return self._log.read_text(errors="replace").strip().rpartition("\n")[2] or "it said nothing"
        except OSError:
            return "its log is gone"

    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """End the server, its keepers and their kernels, and wait for it."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits, too
        self._control.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._groups is not None:
            self._groups.close()
