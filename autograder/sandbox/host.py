"""The process that kernels come from, and the folders and environment they get: what all kernels of a factory share."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
from pathlib import Path

from autograder.sandbox import mounts
from autograder.sandbox.availability import availability, bubblewrap, is_warm
from autograder.sandbox.channel import Channel
from autograder.sandbox.folders import remove_folder
from autograder.sandbox.launcher import Server, connect
from autograder.sandbox.limits import Limits
from autograder.surroundings import Surroundings

_LONGEST_TEMPORARY = 60  # a socket's whole path must fit in 107 bytes

# One thread each: a grader runs as many kernels side by side as there are cores.
_LIBRARIES = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # glibc raises its own threshold with each large array that is freed, and keeps the memory of the next ones.
    "MALLOC_MMAP_THRESHOLD_": "8388608",
}
_INSIDE = {
    "HOME": "/tmp",
    "IPYTHONDIR": "/tmp/.ipython",
    "LOGNAME": "student",
    "MPLCONFIGDIR": "/tmp/.matplotlib",
    "TMPDIR": "/tmp",
    "USER": "student",
}
# pyarrow's allocator would start a thread when pandas imports it, and the server must have one thread only.
_SERVER = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}
# nbgrader's own: a test cell may ask whether it is being graded.
_GRADING = {"NBGRADER_EXECUTION": "autograde"}
_PASSED_ON = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ")


class Host:
    """Starts the server when the first kernel is asked for, or with `start`, and shares another host's if told its
    address. Where there is no sandbox there is no server. May be used from several threads.
    """

    def __init__(
        self,
        limits: Limits,
        surroundings: Surroundings,
        *,
        warm: bool,
        server: Path | None = None,
    ) -> None:
        self.limits = limits
        self.sandboxed = availability().sandbox is None
        self.warm = self.sandboxed and warm and is_warm()
        self._surroundings = surroundings
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._server: Server | None = None
        self._shared = server

    def start(self) -> Path | None:
        """Start the server, without waiting until it is up, and return its address; None where there is no sandbox.

        Other hosts on this machine can share it, as long as this one is open.
        """
        if not self.sandboxed:
            return None
        with self._lock:
            return self._own_server().address

    def work_dir(self) -> Path:
        """A new private folder that goes with the host: its server removes it even when this process is killed."""
        return self._new_folder("w")

    def close(self) -> None:
        """Kill every kernel, end the server and remove the host's folder. A host can be used again."""
        with self._lock:
            server, self._server = self._server, None
            folder, self._folder = self._folder, None
        if server is not None:
            server.close()
        if folder is not None:
            remove_folder(folder)

    def inside_dir(self, work_dir: Path) -> str:
        """The path of work_dir as the kernel sees it."""
        return mounts.INSIDE if self.sandboxed else str(work_dir)

    def kernel_env(self, work_dir: Path) -> dict[str, str]:
        """The whole environment of a kernel."""
        programs = Path(sys.prefix, "bin")
        env = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        if self.sandboxed:
            env = {"LANG": "C.UTF-8", **env, **_INSIDE, "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin"}
        else:
            env = dict(os.environ)
        env |= {**_LIBRARIES, **_GRADING, **self._surroundings.environment}
        return env | {"PYTHONPATH": self._python_path(), "PWD": self.inside_dir(work_dir)}

    def _python_path(self) -> str:
        """Where the packages of the course are found, if they are not installed."""
        folders = mounts.package_folders(self._surroundings.packages)
        return os.pathsep.join(dict.fromkeys(str(folder.parent) for folder in folders))

    def socket_dir(self) -> Path:
        """A new private folder for one kernel's sockets."""
        return self._new_folder("k")

    def bubblewrap(self, work_dir: Path | None, socket_dir: Path, limits: Limits) -> list[str]:
        """The command that builds a kernel's sandbox, without the program to run in it."""
        arguments = mounts.sandbox_arguments(work_dir, socket_dir, limits, self._surroundings)
        return [bubblewrap() or "bwrap", *arguments]

    def open_channel(self) -> Channel:
        """A channel to a new keeper; starts the server if there is none. May take seconds. Raises RuntimeError."""
        if self._shared is not None:
            with contextlib.suppress(OSError):  # it has ended, so this factory starts its own
                return connect(self._shared)
        with self._lock:
            server = self._own_server()
        server.wait()
        return connect(server.address)

    def _own_server(self) -> Server:
        if self._server is None or not self._server.alive():
            if self._server is not None:
                self._server.close()
                self._server.address.unlink(missing_ok=True)
            preload = self._surroundings.preload if self.warm else None
            self._server = Server(self._own_folder(), self._server_env(), preload, self._surroundings.guessed)
        return self._server

    def _new_folder(self, prefix: str) -> Path:
        with self._lock:
            return Path(tempfile.mkdtemp(prefix=prefix, dir=self._own_folder()))

    def _own_folder(self) -> Path:
        if self._folder is None or not self._folder.is_dir():
            if self._shared is not None and self._shared.parent.is_dir():
                # The server that is shared removes it, should this process be killed.
                self._folder = Path(tempfile.mkdtemp(prefix="f", dir=self._shared.parent))
            else:
                parent = tempfile.gettempdir()
                parent = parent if len(parent) < _LONGEST_TEMPORARY else "/tmp"
                self._folder = Path(tempfile.mkdtemp(prefix="autograder-", dir=parent))
        return self._folder

    def _server_env(self) -> dict[str, str]:
        """Clean of the grader's own secrets: a kernel can read what its parent was started with.

        Its home is its own, so that no setting of the grader's changes what is graded; caches, such as that of fonts,
        are the grader's.
        """
        env = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        caches = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        env |= {"PATH": os.defpath, "HOME": str(self._folder), "XDG_CACHE_HOME": caches}
        return env | _LIBRARIES | _SERVER | dict(self._surroundings.environment) | {"PYTHONPATH": self._python_path()}
