"""The trusted process that forks kernels: it makes a course's imports once and never runs a student's code.

It takes connections at a socket in the factory's private folder, made by the grader that started it: each is answered
by a fork, which keeps a kernel for whoever is at the other end. When that grader closes its end of the socket pair on
standard input or dies, however it dies, the server kills its forks, removes the factory's folder and ends.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import io
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from autograder.sandbox import keeper, linux
from autograder.sandbox.channel import READY, Channel
from autograder.sandbox.control_groups import Groups
from autograder.sandbox.folders import remove_folder
from autograder.sandbox.kernel import import_without_debugger
from autograder.sandbox.preload import harmless_imports

# The parts of the kernel that are imported when it starts, and what a notebook takes `check` from.
_KERNEL_MODULES = (
    "numpy",
    "numpy.random",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "autograder.checking.notebook",
    "autograder.sandbox.streams",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "sqlite3",
)
# Imported by a kernel's first figure, where figures are drawn at all. Not the backend itself: at its import it asks the
# running IPython to show figures at the end of a cell, and here none runs.
_FIGURE_MODULES = ("matplotlib.pyplot", "matplotlib.backends.backend_agg")
_REAP_SECONDS = 1.0
_END_SECONDS, _END_POLL_SECONDS = 50.0, 0.01


def _preload(modules: Sequence[str], guessed: Sequence[str]) -> None:
    for name in (*harmless_imports(guessed), *modules, *_KERNEL_MODULES):
        importlib.import_module(name)
    import_without_debugger()
    _run_a_cell_once()
    if "matplotlib" in sys.modules:
        for name in _FIGURE_MODULES:
            importlib.import_module(name)
        _draw_once()
    # Objects that live for ever need no collecting: left alone, their pages stay shared with the forks.
    gc.collect()
    gc.freeze()


def _draw_once() -> None:
    """Fonts are searched and the parser of formulas is built at the first figure: here, not in every kernel."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().set(xlabel="$z_1$", ylabel="nats", title="warm")
    FigureCanvasAgg(figure).print_png(io.BytesIO())  # type: ignore[no-untyped-call]


def _run_a_cell_once() -> None:
    """Patterns are compiled and the interpreter's caches filled with the first shell and its first cell."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))  # type: ignore[no-untyped-call]
    shell.run_cell("warm = 1\nwarm;", silent=True)  # type: ignore[no-untyped-call]
    shell.restore_sys_module_state()  # type: ignore[no-untyped-call]


def _require_one_thread() -> None:
    """A fork copies one thread only: locks that another one holds would stay locked in every kernel."""
    threads = os.listdir("/proc/self/task")
    if len(threads) > 1:
        names = [Path(f"/proc/self/task/{thread}/comm").read_text().strip() for thread in threads]
        raise RuntimeError(f"An import has started threads, so forking is not safe: {', '.join(names)}")


def _reap(keepers: set[int]) -> None:
    for pid in list(keepers):
        if os.waitpid(pid, os.WNOHANG)[0]:
            keepers.discard(pid)


def _end(keepers: set[int]) -> None:
    """Have every keeper clear up and go. One that does not is killed, and bubblewrap with it."""
    for pid in keepers:
        os.kill(pid, signal.SIGTERM)
    give_up = time.monotonic() + _END_SECONDS
    while keepers and time.monotonic() < give_up:
        _reap(keepers)
        time.sleep(_END_POLL_SECONDS)
    for pid in keepers:
        os.kill(pid, signal.SIGKILL)


def serve(control: socket.socket, listener: socket.socket, owner: int, groups: Groups | None) -> None:
    """Fork a keeper for each connection, until `owner` closes `control` or its process (a pidfd) ends."""
    keepers: set[int] = set()
    watched: list[socket.socket | int] = [control, listener, owner]
    while True:
        ready, _, _ = select.select(watched, [], [], _REAP_SECONDS)
        _reap(keepers)
        if owner in ready or control in ready:  # nothing is sent over `control`: it was closed
            break
        if not ready:
            continue
        connection, _ = listener.accept()
        _require_one_thread()
        me = os.getpid()
        pid = os.fork()
        if pid == 0:
            # Whatever happens in a keeper, it must never return into the server's loop.
            try:
                control.close()
                listener.close()
                os.close(owner)
                keeper.keep(Channel(connection), me, groups)
            finally:
                linux.exit_now()
        keepers.add(pid)
        connection.close()
    _end(keepers)


def main() -> None:
    """usage: server --folder FOLDER --owner PID [--groups JSON] [--preload JSON]; stdin is the control socket."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True)
    parser.add_argument("--owner", type=int, required=True)
    parser.add_argument("--groups")
    parser.add_argument("--preload", help="a list of modules: kernels are forks that have imported them")
    parser.add_argument("--guessed", default="[]", help="more of them, which may fail to be imported")
    arguments = parser.parse_args()
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.close(null)
    if arguments.preload is not None:
        linux.die_with(os.getppid())  # bubblewrap, which the grader knows this process by
        linux.keep_capabilities_to_oneself()
    groups = Groups(**json.loads(arguments.groups)) if arguments.groups else None
    try:
        owner = os.pidfd_open(arguments.owner)
        _, (listening, *_), _, _ = socket.recv_fds(control, 1, 1)
        if arguments.preload is not None:
            _preload(json.loads(arguments.preload), json.loads(arguments.guessed))
        _require_one_thread()
        control.sendall(READY + str(os.getpid()).encode())
        serve(control, socket.socket(fileno=listening), owner, groups)
    except (ProcessLookupError, ConnectionError):
        pass  # the grader has ended
    finally:
        remove_folder(arguments.folder)


if __name__ == "__main__":
    main()
