"""The few calls to the Linux kernel that Python has no function for.

Each raises OSError when the kernel refuses. Nothing here is called in the process that grades: only in the
forks that become a student's kernel, and in the keeper that watches over one.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import platform
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVarTuple

from autograder.sandbox import seccomp

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_CAPBSET_DROP = 24
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_SECCOMP_MODE_FILTER = 2
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY_FILE = "/proc/sys/kernel/cap_last_cap"
_NS_GET_PARENT = 0xB702
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT, _MS_BIND = 1, 2, 4, 8, 32, 4096
_KEYCTL = {"x86_64": 250, "aarch64": 219}
_KEYCTL_JOIN_SESSION_KEYRING = 1
_NAMESPACES = {  # the file in /proc/PID/ns, and its CLONE_NEW… flag
    "user": 0x10000000,
    "mnt": 0x00020000,
    "pid": 0x20000000,
    "net": 0x40000000,
    "ipc": 0x08000000,
    "uts": 0x04000000,
    "cgroup": 0x02000000,
}

_Arguments = TypeVarTuple("_Arguments")


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapabilityData(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


class _FilterProgram(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def _prctl(option: int, value: int = 0, pointer: ctypes.Structure | None = None) -> None:
    third = ctypes.c_ulong(0) if pointer is None else ctypes.byref(pointer)
    zero = ctypes.c_ulong(0)
    _checked(_libc().prctl(option, ctypes.c_ulong(value), third, zero, zero), f"prctl {option}")


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent ends; `parent` is the parent's pid."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _setns(descriptor: int, flags: int) -> None:
    _checked(_libc().setns(descriptor, flags), "setns")


def enter(pid: int) -> None:
    """Step into every namespace of process `pid` at once. The pid namespace holds for children only."""
    flags = 0
    for name, flag in _NAMESPACES.items():
        with contextlib.suppress(FileNotFoundError):
            if os.readlink(f"/proc/{pid}/ns/{name}") != os.readlink(f"/proc/self/ns/{name}"):
                flags |= flag
    process = os.pidfd_open(pid)
    try:
        _setns(process, flags)
    finally:
        os.close(process)


def make_read_only(pid: int, folder: str) -> None:
    """Remount `folder` read-only in the mount namespace of process `pid`.

    Leaves the calling process in that namespace: call it in a fork. bubblewrap's mounts belong to the parent of
    the user namespace that the sandboxed processes live in (--disable-userns), so that one is entered.
    """
    descriptors = [os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY) for name in ("user", "mnt")]
    descriptors.append(fcntl.ioctl(descriptors[0], _NS_GET_PARENT))
    _setns(descriptors[2], _NAMESPACES["user"])
    _setns(descriptors[1], _NAMESPACES["mnt"])
    # The flags that bubblewrap gave the mount are locked: a remount has to repeat them.
    flags = _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NODEV
    kept = os.statvfs(folder).f_flag
    flags |= _MS_NOEXEC if kept & os.ST_NOEXEC else 0
    _checked(_libc().mount(None, os.fsencode(folder), None, ctypes.c_ulong(flags), None), f"remount {folder}")


def run_in_fork(action: Callable[[*_Arguments], object], *arguments: *_Arguments) -> None:
    """Call `action` in a short-lived fork. Raises OSError with its message if it failed."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            action(*arguments)
        except BaseException as problem:
            os.write(write_end, str(problem).encode()[:1000])
        finally:
            os._exit(0)
    os.close(write_end)
    with open(read_end, "rb") as report:
        said = report.read()
    os.waitpid(pid, 0)
    if said:
        raise OSError(said.decode(errors="replace"))


def keep_capabilities_to_oneself() -> None:
    """Programs that this process starts, unless it is root, get none of its capabilities."""
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)


def give_up_privileges() -> None:
    """Drop every capability for good, gain none by exec, leave the key rings, and filter system calls."""
    last = int(Path(_LAST_CAPABILITY_FILE).read_text())
    for capability in range(last + 1):
        _prctl(_PR_CAPBSET_DROP, capability)
    keep_capabilities_to_oneself()
    header, nothing = _CapabilityHeader(_CAPABILITY_VERSION_3, 0), (_CapabilityData * 2)()
    _checked(_libc().capset(ctypes.byref(header), nothing), "capset")
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    # Entering namespaces has made the process's own files in /proc root's.
    _prctl(_PR_SET_DUMPABLE, 1)
    if platform.machine() in _KEYCTL:
        # A kernel may be built without key rings: then there is nothing to leave.
        with contextlib.suppress(OSError):
            number = ctypes.c_long(_KEYCTL[platform.machine()])
            _checked(_libc().syscall(number, ctypes.c_long(_KEYCTL_JOIN_SESSION_KEYRING), None), "keyctl")
    if seccomp.supported():
        instructions = seccomp.program()
        _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _FilterProgram(len(instructions) // 8, instructions))


def limit_resources(*, pid: int = 0, data_bytes: int, file_bytes: int, tasks: int) -> None:
    """Set the kernel's own limits on this process, or on process `pid`, and on its children to come.

    data_bytes: private memory one process may ask for; a larger request is a MemoryError.
    file_bytes: largest file that can be written. tasks: threads and processes (not kept by the kernel for root).
    """
    for what, limit in (
        (resource.RLIMIT_DATA, data_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NPROC, tasks),
        (resource.RLIMIT_NOFILE, 512),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 2**20),
    ):
        _, most = resource.prlimit(pid, what)
        limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
        resource.prlimit(pid, what, (limit, limit))


def close_inherited() -> None:
    """Point standard input, output and error at /dev/null and close every other descriptor."""
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    os.closerange(3, max(int(name) for name in os.listdir("/proc/self/fd")) + 1)


def exit_now(status: int = 0) -> NoReturn:
    """End a fork without running what its parent registered with atexit."""
    os._exit(status)
