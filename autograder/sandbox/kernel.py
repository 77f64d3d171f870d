"""The last step of a start: this process becomes the IPython kernel that runs a submission.

A fork of the warm server calls `run`; a cold start runs it in a new interpreter.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Mapping, Sequence


def _fresh_random_streams() -> None:
    """Seed anew what was seeded when the parent imported it, so that no two forks draw the same numbers.

    Libraries that seed their own streams at the first draw need nothing here: no parent has drawn.
    """
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def import_without_debugger() -> None:
    """Import ipykernel's part for debuggers as where none is installed: that takes a third of a kernel's start, and
    nobody debugs a submission that is being graded."""
    hidden = sys.modules.get("debugpy")
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # an import of it fails
    try:
        import ipykernel.debugger  # noqa: F401
    finally:
        del sys.modules["debugpy"]
        if hidden is not None:
            sys.modules["debugpy"] = hidden


def _no_command_line(argv: Sequence[str] | None = None) -> None:
    """In place of an application's own: the parser of its hundred options takes longer to make than all they say."""


def run(connection_file: str, env: Mapping[str, str]) -> None:
    """Serve as the kernel of `connection_file` until it is shut down. `env` becomes the whole environment."""
    os.environ.clear()
    os.environ.update(env)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _fresh_random_streams()

    import_without_debugger()
    import zmq
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    class Application(IPKernelApp):
        def init_iopub(self, context: zmq.Context[zmq.Socket[bytes]]) -> None:
            """A grader that is slower than the kernel is waited for: by default the thousandth message that is under
            way, and all after it, would be dropped, the one that says that the cell has ended as well."""
            context.setsockopt(zmq.XPUB_NODROP, 1)
            super().init_iopub(context)  # type: ignore[no-untyped-call]

    if "" not in sys.path:  # the server, of which this may be a fork, looks for modules in no working folder
        sys.path.insert(0, "")

    sys.argv = ["ipykernel_launcher.py"]  # this program's own arguments are none of a lesson's business
    app = Application.instance(
        connection_file=connection_file,
        outstream_class="autograder.sandbox.streams.KernelStream",
        config=Config(HistoryManager={"hist_file": ":memory:"}),
    )
    app.parse_command_line = _no_command_line  # type: ignore[method-assign]
    app.initialize()  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]
