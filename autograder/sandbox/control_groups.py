"""Control groups: the Linux kernel's own count of what a sandbox uses, memory of the kernel itself included.

The watchdog sees what processes have; buffers of sockets and pipes belong to none. A control group counts them too, and
keeps its limits by itself, however fast they are reached. It may be had by root, and by a user to whom systemd has
delegated the group that the grader runs in: systemd-run --user --scope -p Delegate=yes autograder grade ...

Source: the kernel's Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst; systemd's CGROUP_DELEGATION.md.
"""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from autograder.sandbox.limits import Limits, MiB, in_words

CONTROLLERS = ("memory", "pids")
# Beyond what a submission may use: its small files' inodes, its sockets and its page tables are counted here as well.
KERNEL_BYTES = 128 * MiB
_PREFIX = "autograder-"
_REST = f"{_PREFIX}rest"  # where a delegated group's own processes go: a group with children may have none
_DELEGATED = "user.delegate"  # systemd's mark on a group that belongs to whoever runs in it
_REMOVE_SECONDS, _REMOVE_POLL_SECONDS = 2.0, 0.01
_MEMORY_FILES = {1: ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes"), 2: ("memory.max", "memory.swap.max")}
_OOM_FILE = {1: "memory.oom_control", 2: "memory.events"}


@dataclass(frozen=True)
class Place:
    """Where groups can be made: their version, and for each controller the group that they go into."""

    version: int
    parents: dict[str, Path]


def find() -> Place | None:
    """Where this process can make control groups for memory and number of processes; None where it can't."""
    found = _find_v2() or _find_v1()
    return found if found and all(os.access(path, os.W_OK) for path in found.parents.values()) else None


def _mounts(kind: str) -> Iterator[tuple[Path, list[str]]]:
    for mount in psutil.disk_partitions(all=True):
        if mount.fstype == kind:
            yield Path(mount.mountpoint), mount.opts.split(",")


def _own_groups() -> dict[str, str]:
    """{controller: the path of this process's group}; "" is the one of version 2."""
    lines = Path("/proc/self/cgroup").read_text().splitlines()
    return {name: path for _, names, path in (line.split(":", 2) for line in lines) for name in names.split(",")}


def _find_v2() -> Place | None:
    for mount, _ in _mounts("cgroup2"):
        own = mount / _own_groups().get("", "/").lstrip("/")
        if own.name == _REST:
            own = own.parent
        parent = own if _is_delegated(own) else mount
        with contextlib.suppress(OSError):
            if set(CONTROLLERS) <= set((parent / "cgroup.controllers").read_text().split()):
                return Place(2, dict.fromkeys(CONTROLLERS, parent))
    return None


def _is_delegated(group: Path) -> bool:
    try:
        return os.getxattr(group, _DELEGATED) == b"1"
    except OSError:
        return False


def _find_v1() -> Place | None:
    parents = {}
    for mount, options in _mounts("cgroup"):
        for name in set(CONTROLLERS) & set(options):
            own = mount / _own_groups().get(name, "/").lstrip("/")
            parents[name] = own if own.is_dir() else mount
    return Place(1, parents) if set(parents) == set(CONTROLLERS) else None


@functools.cache
def version() -> int:
    """1 or 2 where control groups are in force on this machine, else 0. Found out once, by making one."""
    groups = Groups.open()
    if groups is None:
        return 0
    groups.close()
    return groups.version


@dataclass(frozen=True)
class Groups:
    """A group for one server, in which each of its sandboxes gets one of its own: {controller: folder}.

    The grader makes it: where groups lie at the top, that takes privileges which the server has given up.
    """

    version: int
    folders: dict[str, str]

    @classmethod
    def open(cls) -> Groups | None:
        """None where none can be made."""
        place = find()
        if place is None:
            return None
        made: dict[Path, str] = {}
        try:
            for parent in place.parents.values():
                if parent not in made:
                    made[parent] = _make(parent, place.version)
        except OSError:
            for folder in made.values():
                _remove(Path(folder))
            return None
        return cls(place.version, {name: made[parent] for name, parent in place.parents.items()})

    def new(self, limits: Limits) -> Group:
        """A group for one sandbox, which the calling process keeps. Raises OSError."""
        folders = {name: Path(folder, str(os.getpid())) for name, folder in self.folders.items()}
        return Group(self.version, folders, limits)

    def close(self) -> None:
        """Remove the group and those of sandboxes that have ended without clearing up."""
        for folder in set(self.folders.values()):
            _remove(Path(folder))


def _make(parent: Path, version_: int) -> str:
    for left in parent.glob(f"{_PREFIX}[0-9]*"):
        if not psutil.pid_exists(int(left.name.split("-")[1])):  # whoever made it was killed
            _remove(left)
    if version_ == 2:
        _make_room(parent)
    folder = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent)
    if version_ == 2:
        _pass_on_controllers(Path(folder))
    return folder


def _make_room(parent: Path) -> None:
    """Let groups in `parent` have limits. A delegated one must have no process of its own for that."""
    if _is_delegated(parent):
        rest = parent / _REST
        rest.mkdir(exist_ok=True)
        for pid in (parent / "cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                (rest / "cgroup.procs").write_text(pid)
    _pass_on_controllers(parent)


def _pass_on_controllers(parent: Path) -> None:
    (parent / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in CONTROLLERS))


def _remove(folder: Path) -> None:
    """Remove a group and those in it. What was killed a moment ago may still be on its way out."""
    give_up = time.monotonic() + _REMOVE_SECONDS
    for group in (*(path for path in folder.glob("*") if path.is_dir()), folder):
        while group.is_dir():
            with contextlib.suppress(OSError):
                group.rmdir()
                continue
            if time.monotonic() > give_up:
                return
            time.sleep(_REMOVE_POLL_SECONDS)


class Group:
    """The group of one sandbox, with its limits. Processes that have joined it pass it on to those they start."""

    def __init__(self, version: int, folders: dict[str, Path], limits: Limits) -> None:
        self._version, self._folders = version, folders
        self._too_much = f"used more than {in_words(limits.memory_bytes)} of memory"
        for folder in set(folders.values()):
            folder.mkdir()
        hard, swap = (folders["memory"] / name for name in _MEMORY_FILES[version])
        most = int(limits.memory_bytes) + KERNEL_BYTES
        hard.write_text(str(most))
        with contextlib.suppress(OSError):  # a kernel that counts no swap has no such file
            swap.write_text(str(most if version == 1 else 0))
        (folders["pids"] / "pids.max").write_text(str(limits.threads + limits.processes))

    def join(self) -> None:
        """Put the calling process into the group. Raises OSError."""
        for folder in set(self._folders.values()):
            (folder / "cgroup.procs").write_text("0")

    def breach(self) -> str | None:
        """A sentence without a subject where the kernel has ended a process of the group for its memory."""
        try:
            lines = (self._folders["memory"] / _OOM_FILE[self._version]).read_text().splitlines()
        except OSError:
            return None
        kills = dict(line.split(maxsplit=1) for line in lines).get("oom_kill", "0")
        return self._too_much if kills != "0" else None

    def remove(self) -> None:
        """Remove the group; its processes have ended."""
        for folder in set(self._folders.values()):
            _remove(folder)
