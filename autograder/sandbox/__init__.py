"""Kernels for code that nobody has read: bubblewrap, limits, and a warm start.

    with KernelFactory(Limits(memory_bytes=GiB), Surroundings(readable=(data,))) as factory:
        manager = factory.kernel_manager(work_dir)
        NotebookClient(notebook, km=manager).execute()

A kernel sees its own folder as /submission, /tmp, the interpreter and what its course names; no network, no
other process, no file of anyone else's.
"""

from autograder.sandbox.availability import SandboxUnavailable, is_warm, limits_kept_by, protections, require_sandbox
from autograder.sandbox.factory import KernelFactory
from autograder.sandbox.folders import remove_folder
from autograder.sandbox.limits import GiB, Limits, MiB
from autograder.sandbox.manager import SandboxKernelManager

__all__ = [
    "GiB",
    "KernelFactory",
    "Limits",
    "MiB",
    "SandboxKernelManager",
    "SandboxUnavailable",
    "is_warm",
    "limits_kept_by",
    "protections",
    "remove_folder",
    "require_sandbox",
]
