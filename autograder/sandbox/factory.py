"""The way in: a factory of kernels that share limits, readable folders and one warm server."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.sandbox import mounts
from autograder.sandbox.availability import availability, bubblewrap, protections, require_sandbox
from autograder.sandbox.channel import Channel
from autograder.sandbox.folders import remove_folder
from autograder.sandbox.launcher import Server, connect
from autograder.sandbox.limits import Limits
from autograder.sandbox.manager import SandboxKernelManager, new_manager

_LONGEST_TEMPORARY = 60  # a socket's whole path must fit in 107 bytes

# One thread each: a grader runs as many kernels side by side as there are cores.
_LIBRARIES = {
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}
_INSIDE = {
    "HOME": "/tmp",
    "IPYTHONDIR": "/tmp/.ipython",
    "KERAS_HOME": "/tmp/.keras",
    "LOGNAME": "student",
    "MPLCONFIGDIR": "/tmp/.matplotlib",
    "TMPDIR": "/tmp",
    "USER": "student",
}
# pyarrow's allocator would start a thread when pandas imports it, and the server must have one thread only.
_SERVER = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}
_PASSED_ON = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ")


class KernelFactory:
    """Makes kernel managers whose kernels run in a sandbox, one folder each.

    `readable` are further host folders, mounted read-only where they lie; `env` is added to the kernels'
    environment. `warm` kernels are forks of a process that has imported TensorFlow; it starts with the first kernel,
    or with `start`. `server` is the address of another factory's, on this machine, to be shared with it.
    Where there is no sandbox, kernels are ordinary ones, and `protections` says what is off.

    Use it with `with`. Raises SandboxUnavailable on entry if `require_sandbox` and there is none. On leaving,
    every kernel that is still running is killed. A factory may be used from several threads.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        readable: Sequence[Path] = (),
        env: Mapping[str, str] | None = None,
        warm: bool = True,
        require_sandbox: bool = False,
        server: Path | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.sandboxed = availability().sandbox is None
        self.warm = self.sandboxed and warm and availability().warm is None
        self.protections = protections()
        self._require_sandbox = require_sandbox
        self._readable = list(readable)
        self._env = dict(env or {})
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._server: Server | None = None
        self._shared = server

    def __enter__(self) -> Self:
        if self._require_sandbox:
            require_sandbox()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def kernel_manager(
        self, work_dir: Path, *, limits: Limits | None = None, in_memory: bool = False
    ) -> SandboxKernelManager:
        """A manager, not started yet, of a kernel whose working folder is `work_dir` (which must exist).

        Ready for nbclient: NotebookClient(notebook, km=manager). `limits` takes the place of the factory's for this
        kernel. `in_memory`: where there is a sandbox, its folder is not work_dir but a file system of limited size; it
        counts as memory, ends with the kernel, and is the manager's `outside_dir` here. Raises NotADirectoryError.
        """
        work_dir = Path(work_dir).resolve()
        if not work_dir.is_dir():
            raise NotADirectoryError(f"The working folder of a kernel must exist: {work_dir}")
        return new_manager(self, work_dir, limits or self.limits, in_memory=in_memory and self.sandboxed)

    def start(self) -> Path | None:
        """Start the server, without waiting until it is up, and return its address; None where there is no sandbox.

        Other factories on this machine can share it, as long as this one is open.
        """
        if not self.sandboxed:
            return None
        with self._lock:
            return self._own_server().address

    def work_dir(self) -> Path:
        """A new private folder that goes with the factory: its server removes it even when this process is killed."""
        return self._new_folder("w")

    def close(self) -> None:
        """Kill every kernel, end the server and remove the factory's folder. A factory can be used again."""
        with self._lock:
            server, self._server = self._server, None
            folder, self._folder = self._folder, None
        if server is not None:
            server.close()
        if folder is not None:
            remove_folder(folder)

    # What follows is for the provisioner.

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
        env |= {**_LIBRARIES, "PYTHONPATH": self._python_path(), "PWD": self.inside_dir(work_dir)}
        return env | self._env

    @staticmethod
    def _python_path() -> str:
        """Where the packages that a lesson imports are found, if they are not installed."""
        return os.pathsep.join(dict.fromkeys(str(folder.parent) for folder in mounts.package_folders()))

    def socket_dir(self) -> Path:
        """A new private folder for one kernel's sockets."""
        return self._new_folder("k")

    def bubblewrap(self, work_dir: Path | None, socket_dir: Path, limits: Limits) -> list[str]:
        """The command that builds a kernel's sandbox, without the program to run in it."""
        arguments = mounts.sandbox_arguments(work_dir, socket_dir, limits, self._readable)
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
            self._server = Server(self._own_folder(), self._server_env(), preload=self.warm)
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
                self._folder = Path(tempfile.mkdtemp(prefix="vaelab-", dir=parent))
        return self._folder

    def _server_env(self) -> dict[str, str]:
        """Clean of the grader's own secrets: a kernel can read what its parent was started with."""
        env = {name: os.environ[name] for name in (*_PASSED_ON, "HOME") if name in os.environ}
        env |= {"PATH": os.defpath, "KERAS_HOME": str(self._folder), "PYTHONPATH": self._python_path()}
        return env | _LIBRARIES | _SERVER
