"""Standard output and error of a sandboxed kernel."""

from __future__ import annotations

from ipykernel.iostream import OutStream


class KernelStream(OutStream):
    """A kernel's stream that leaves out what C++ libraries write to the error descriptor.

    TensorFlow logs harmless lines there, and nbgrader gives a cell with any error output no points. What Python
    writes to sys.stderr is shown as ever, and so is what subprocesses write to standard output.
    """

    def __init__(self, session, pub_thread, name, *arguments, watchfd=True, **options) -> None:
        watch = watchfd and name == "stdout"
        super().__init__(session, pub_thread, name, *arguments, watchfd=watch, **options)
