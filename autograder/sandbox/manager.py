"""A kernel manager that knows why its kernel ended."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from autograder.sandbox.host import Host
from autograder.sandbox.limits import Limits
from autograder.sandbox.provisioner import SandboxProvisioner


class SandboxKernelManager(AsyncKernelManager):
    """A Jupyter kernel manager for one submission; made by KernelFactory.kernel_manager."""

    provisioner: SandboxProvisioner | None

    @property
    def inside_dir(self) -> str:
        """The working folder's path inside the kernel: /submission, or the host path if there is no sandbox."""
        assert self.provisioner is not None
        return self.provisioner.inside_dir

    @property
    def outside_dir(self) -> Path:
        """The same folder as the grader reaches it, once the kernel has started and until it is cleaned up."""
        assert self.provisioner is not None
        return self.provisioner.outside_dir

    def stopped_because(self) -> str | None:
        """Why the kernel ended without being asked to, as in "used more than 2 GB of memory"; else None."""
        assert self.provisioner is not None
        return self.provisioner.stopped_because()


def new_manager(host: Host, work_dir: Path, limits: Limits, *, in_memory: bool) -> SandboxKernelManager:
    """A manager whose provisioner uses `host`; needs no kernel specification on disk."""
    manager = SandboxKernelManager()
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-m", "autograder.sandbox", "{connection_file}"],
        display_name="sandbox",
        language="python",
    )
    manager.kernel_id = str(uuid.uuid4())
    manager.provisioner = SandboxProvisioner(
        kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager
    )
    manager.provisioner.use(host, work_dir, limits, in_memory=in_memory)
    return manager
