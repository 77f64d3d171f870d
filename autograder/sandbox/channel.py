"""Messages between the grader and the keeper of one kernel: JSON, one a line, over a socket pair."""

from __future__ import annotations

import json
import os
import socket
import struct
from typing import Any

_INT = struct.Struct("i")
READY = b"ready "  # what the server says once, with its pid, when it can be asked for keepers


class Channel:
    """One end. The other end's closing, or its process's death, is an EOFError here."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._received = b""
        self._descriptor: int | None = None

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, descriptor: int | None = None, /, **message: object) -> None:
        """Send one message, and an open file or folder with it. Raises OSError if nobody is there."""
        data = json.dumps(message).encode() + b"\n"
        if descriptor is not None:
            socket.send_fds(self._socket, [data[:1]], [descriptor])
            data = data[1:]
        self._socket.sendall(data)

    def take_descriptor(self) -> int | None:
        """What came open with a message that has been received; it is the caller's now."""
        taken, self._descriptor = self._descriptor, None
        return taken

    def receive(self) -> dict[str, Any] | None:
        """The next message; None if there is none yet. Never waits. Raises EOFError."""
        while b"\n" not in self._received:
            try:
                flags = socket.MSG_DONTWAIT | socket.MSG_CMSG_CLOEXEC  # socket.recv_fds passes no flags on
                data, extra, _, _ = self._socket.recvmsg(2**16, socket.CMSG_SPACE(_INT.size), flags)
            except BlockingIOError:
                return None
            except OSError as problem:
                raise EOFError(str(problem)) from problem
            if not data:
                raise EOFError("the other end has closed")
            self._received += data
            for _, _, sent in extra:
                (self._descriptor,) = _INT.unpack(sent)
        line, _, self._received = self._received.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message

    def close(self) -> None:
        if (left := self.take_descriptor()) is not None:
            os.close(left)
        self._socket.close()
