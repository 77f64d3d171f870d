"""The way in: a factory of kernels that share limits, surroundings and one warm server."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.sandbox.availability import protections, require_sandbox
from autograder.sandbox.host import Host
from autograder.sandbox.limits import Limits
from autograder.sandbox.manager import SandboxKernelManager, new_manager
from autograder.surroundings import Surroundings


class KernelFactory(Host):
    """Makes kernel managers whose kernels run in a sandbox, one folder each.

    `surroundings` are what the course asks of its kernels. `warm` kernels are forks of a process that has made the
    course's imports; it starts with the first kernel, or with `start`. `server` is the address of another factory's, on
    this machine, to be shared with it. Where there is no sandbox, kernels are ordinary ones, and `protections` says
    what is off.

    Use it with `with`. Raises SandboxUnavailable on entry if `require_sandbox` and there is none. On leaving,
    every kernel that is still running is killed. A factory may be used from several threads.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        surroundings: Surroundings | None = None,
        *,
        warm: bool = True,
        require_sandbox: bool = False,
        server: Path | None = None,
    ) -> None:
        super().__init__(limits or Limits(), surroundings or Surroundings(), warm=warm, server=server)
        self.protections = protections()
        self._require_sandbox = require_sandbox

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
