"""Messages between the grader and the keeper of one kernel: JSON, one a line, over a socket pair."""

from __future__ import annotations

import json
import socket

READY = b"ready "  # what the server says once, with its pid, when it can be asked for keepers


class Channel:
    """One end. The other end's closing, or its process's death, is an EOFError here."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._received = b""

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, **message: object) -> None:
        """Send one message. Raises OSError if nobody is there."""
        self._socket.sendall(json.dumps(message).encode() + b"\n")

    def receive(self) -> dict | None:
        """The next message; None if there is none yet. Never waits. Raises EOFError."""
        while b"\n" not in self._received:
            try:
                data = self._socket.recv(2**16, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return None
            except OSError as problem:
                raise EOFError(str(problem)) from problem
            if not data:
                raise EOFError("the other end has closed")
            self._received += data
        line, _, self._received = self._received.partition(b"\n")
        return json.loads(line)

    def close(self) -> None:
        self._socket.close()
