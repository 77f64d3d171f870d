"""Which protections this machine offers, found out by trying them once."""

from __future__ import annotations

import functools
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import control_groups, mounts, seccomp
from autograder.sandbox.limits import Limits

_INSTALL = "Install it with: sudo apt-get install bubblewrap (Debian, Ubuntu), sudo dnf install bubblewrap (Fedora)."
_PROBE_SECONDS = 20
_NEEDED_OPTIONS = ("--disable-userns", "--size")  # since bubblewrap 0.8


class SandboxUnavailable(RuntimeError):
    """A sandbox was required and this machine cannot make one. The message says why and what to install."""


@dataclass(frozen=True)
class Availability:
    """`sandbox` and `warm` say why there is none of it; None means that it works."""

    sandbox: str | None
    warm: str | None


def bubblewrap() -> str | None:
    """The path of bubblewrap, None if it is not installed."""
    return shutil.which("bwrap")


def server_prefix(*, probing: bool = False) -> list[str]:
    """bubblewrap's arguments for the warm server: the machine as it is, but the interpreter read-only.

    A fork's /proc/self/exe leads to the interpreter on the mount it was started from; on the ordinary one, whoever
    owns the file could change its permissions from inside the sandbox.

    The capabilities hold in the server's own user namespace alone. Its keepers need SYS_PTRACE to read the memory use
    of forks that have made themselves undumpable, and as root SETFCAP to build sandboxes. A probe does without the
    first: bubblewrap, when it is not root, refuses to start with any capability, and inherits those of a probe.
    """
    interpreter = os.path.realpath(sys.executable)
    capabilities = ["CAP_SETFCAP"] if os.getuid() == 0 else []
    capabilities += [] if probing else ["CAP_SYS_PTRACE"]
    return [
        *(bubblewrap() or "bwrap", "--unshare-user", "--cap-drop", "ALL"),
        *(argument for name in capabilities for argument in ("--cap-add", name)),
        *("--dev-bind", "/", "/", "--ro-bind", interpreter, interpreter, "--"),
    ]


def _try(prefix: list[str], program: str) -> str | None:
    """Start a sandbox around `true`; what went wrong, or None."""
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        work_dir, socket_dir = Path(folder, "work"), Path(folder, "sockets")
        work_dir.mkdir()
        socket_dir.mkdir()
        arguments = mounts.sandbox_arguments(work_dir, socket_dir, Limits())
        command = [*prefix, program, *arguments, "--", "/bin/sh", "-c", "true"]
        try:
            result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PROBE_SECONDS)
        except (OSError, subprocess.TimeoutExpired) as problem:
            return str(problem)
    return None if result.returncode == 0 else result.stderr.decode(errors="replace").strip() or "no reason given"


@functools.cache
def availability() -> Availability:
    """What works here. The first call takes about 50 ms, later ones nothing."""
    if sys.platform != "linux":
        why = "it needs Linux, for bubblewrap."
        return Availability(sandbox=why, warm=why)
    program = bubblewrap()
    if program is None:
        why = f"bubblewrap, which builds it, is not installed. {_INSTALL}"
        return Availability(sandbox=why, warm=why)
    offered = subprocess.run([program, "--help"], capture_output=True, text=True).stdout
    if not all(option in offered for option in _NEEDED_OPTIONS):
        why = f"{program} is too old: bubblewrap 0.8 or newer is needed. {_INSTALL}"
        return Availability(sandbox=why, warm=why)
    if os.stat(program).st_mode & stat.S_ISUID and os.getuid() != 0:
        why = f"{program} is set-uid root, so its sandboxes cannot be entered. Mend it with: sudo chmod u-s {program}"
        return Availability(sandbox=why, warm=why)
    if problem := _try([], program):
        why = (
            f"bubblewrap cannot build a sandbox here ({problem}). A container or the system's policy (on Ubuntu: "
            "AppArmor's restriction of user namespaces) forbids it; let this program create user namespaces."
        )
        return Availability(sandbox=why, warm=why)
    if problem := _try(server_prefix(probing=True), program):
        return Availability(sandbox=None, warm=f"A sandbox cannot be built from inside another one ({problem}).")
    return Availability(sandbox=None, warm=None)


def is_warm() -> bool:
    """Whether kernels on this machine can be forks of a process that has made a course's imports."""
    return availability().warm is None


def protections() -> list[str]:
    """Which protections are off on this machine and why, as sentences for a person; empty when every one is on.

    The first one gives the reason.
    """
    why = availability().sandbox
    if why is not None:
        return [
            f"The sandbox can't be used here: {why}",
            "Student code runs as you, and can read and change every file that you can.",
            "Student code can use the network.",
            "The memory, processes and files of student code have no limit; only its time and its output do.",
        ]
    if not seccomp.supported():
        return ["System calls are not filtered, because there is no table of them for this processor."]
    return []


def limits_kept_by() -> str:
    """What keeps the limits on memory and processes of a sandbox here, as a sentence for a person."""
    if version := control_groups.version():
        return f"Memory and processes are limited by control groups (version {version}), and by a watchdog besides."
    return (
        "Memory and processes are limited by a watchdog alone, which doesn't see the Linux kernel's own memory. "
        "Control groups would; root has them, and so has: systemd-run --user --scope -p Delegate=yes autograder grade"
    )


def require_sandbox() -> None:
    """Raises SandboxUnavailable, with the reason and what would be off without it, where there is no sandbox."""
    if availability().sandbox is not None:
        reason, *off = protections()
        raise SandboxUnavailable(f"A sandbox is required. {reason} Without it: {' '.join(off)}")
