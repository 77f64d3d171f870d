"""Standard output and error of a sandboxed kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ipykernel.iostream import IOPubThread, OutStream

if TYPE_CHECKING:
    from jupyter_client.session import Session

# The grader's sockets refuse a message of 32 MiB, and the connection with it.
_LARGEST_MESSAGE = 2**20  # characters


class KernelStream(OutStream):
    """A kernel's stream that leaves out what C++ libraries write to the error descriptor.

    They log harmless lines there, and nbgrader gives a cell with any error output no points. What Python
    writes to sys.stderr is shown as ever, and so is what subprocesses write to standard output.

    Whoever writes faster than the output is sent waits, so that the text of a flood is not kept in memory.
    """

    def __init__(
        self,
        session: Session,
        pub_thread: IOPubThread,
        name: str,
        *arguments: Any,
        watchfd: bool = True,
        **options: Any,
    ) -> None:
        watch = watchfd and name == "stdout"
        self._unsent = 0
        super().__init__(  # type: ignore[no-untyped-call]
            session, pub_thread, name, *arguments, watchfd=watch, **options
        )

    def write(self, string: str) -> int:
        if not isinstance(string, str):
            return super().write(string)  # raises
        for start in range(0, len(string), _LARGEST_MESSAGE):
            written = super().write(string[start : start + _LARGEST_MESSAGE])
            assert written is not None
            self._unsent += written
            if self._unsent >= _LARGEST_MESSAGE:
                self._unsent = 0
                self.flush()  # type: ignore[no-untyped-call]
        return len(string)
