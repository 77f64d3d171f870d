"""Watches what one sandbox uses, from outside it."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
import time
from collections.abc import Iterator

from autograder.sandbox.limits import Limits, in_words

MOST_FILES = 50_000  # in /submission: a million empty files are no bytes, but fill a disk's table of files
_INODE_BYTES = 1024  # what a file in /tmp costs in memory, even an empty one
_LOOK_SECONDS = 1.0  # between two close looks at mappings and files, unless memory seems to run out
_LONGEST_LOOK_SECONDS = 5.0  # when a look takes longer, the quick count of memory decides
_OWN_SHARE = ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")
_SHARED_MAPPING = "/dev/zero (deleted)"  # the name of shared anonymous memory in /proc/PID/maps


def _read(folder: int, path: str) -> str:
    """A file of the sandbox's /proc; "" if its process has ended or may not be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY, dir_fd=folder)
        with open(descriptor, errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _total(text: str, names: tuple[str, ...]) -> int:
    """The sum of the named lines ("Pss_Anon:   12 kB") in bytes."""
    return sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith(names))


class Watchdog:
    """Says which limit a sandbox has passed.

    The descriptors it opens lie in the sandbox's own mounts, which the student cannot change: its /proc lists
    exactly the processes of the sandbox. Make it before student code runs. Raises OSError if it cannot.

    Counting is quick. Reading a process's mappings waits while that process forks, which in a flood of processes takes
    seconds; so that, and walking over files, is a thread's work, and the count goes on.
    """

    def __init__(self, init_pid: int, work_dir: str, limits: Limits) -> None:
        self._limits = limits
        self._proc, *self._memory_mounts = (
            os.open(f"/proc/{init_pid}/root/{name}", os.O_RDONLY | os.O_DIRECTORY)
            for name in ("proc", "tmp", "dev/shm")
        )
        self._work_dir = os.open(work_dir, os.O_RDONLY | os.O_DIRECTORY)
        self._device = os.fstat(self._work_dir).st_dev
        bytes_before, files_before = self._written()
        self._most_bytes = bytes_before + limits.disk_bytes
        self._most_files = files_before + MOST_FILES
        self._too_much_memory = f"used more than {in_words(limits.memory_bytes)} of memory"
        self._look_now = threading.Event()
        self._looked = time.monotonic()
        self._found: str | None = None

    def start(self) -> None:
        """Begin to look closely. Starts a thread: fork before."""
        self._looked = time.monotonic()
        threading.Thread(target=self._look_closely, daemon=True).start()

    def breach(self) -> str | None:
        """A sentence without a subject, as in "used more than 2 GB of memory"; None while all is well."""
        processes = self._processes()
        own = 1  # the process that holds the sandbox open
        if len(processes) - own > self._limits.processes:
            return f"started more than {self._limits.processes:,} processes"
        status = {pid: _read(self._proc, f"{pid}/status") for pid in processes}
        if sum(self._threads(text) for text in status.values()) - own > self._limits.threads:
            return f"started more than {self._limits.threads:,} threads"
        if self._files_in_memory() + sum(map(self._at_most, status.values())) > self._limits.memory_bytes:
            self._look_now.set()
            if time.monotonic() - self._looked > _LONGEST_LOOK_SECONDS:
                return self._too_much_memory
        return self._found

    def _processes(self) -> list[str]:
        return [name for name in os.listdir(self._proc) if name.isdigit()]

    @staticmethod
    def _threads(status: str) -> int:
        return sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("Threads:"))

    @staticmethod
    def _at_most(status: str) -> int:
        """Bytes of memory of a process, counting in full what it shares with others, such as the warm server."""
        return _total(status, ("RssAnon:", "RssShmem:", "VmSwap:"))

    def _files_in_memory(self) -> int:
        size = 0
        for mount in self._memory_mounts:
            use = os.fstatvfs(mount)
            size += (use.f_blocks - use.f_bfree) * use.f_frsize + (use.f_files - use.f_ffree) * _INODE_BYTES
        return size

    def _look_closely(self) -> None:
        while self._found is None:
            self._look_now.wait(_LOOK_SECONDS)
            self._look_now.clear()
            with contextlib.suppress(OSError):
                processes = self._processes()
                self._found = self._memory_breach(processes) or self._disk_breach(processes)
            self._looked = time.monotonic()

    def _memory_breach(self, processes: list[str]) -> str | None:
        """Counts each page once, and those that shared mappings hold without showing them."""
        size = self._files_in_memory() + sum(map(self._shared_mappings, processes))
        for pid in processes:
            exact = _read(self._proc, f"{pid}/smaps_rollup")
            # A process that has hidden its mappings from us counts with all it could have.
            size += _total(exact, _OWN_SHARE) if exact else self._at_most(_read(self._proc, f"{pid}/status"))
        return self._too_much_memory if size > self._limits.memory_bytes else None

    def _shared_mappings(self, pid: str) -> int:
        """Bytes of shared anonymous mappings. Their pages can be held while no process has them mapped in."""
        size = 0
        for line in _read(self._proc, f"{pid}/maps").splitlines():
            if line.endswith(_SHARED_MAPPING):
                start, _, end = line.split()[0].partition("-")
                size += int(end, 16) - int(start, 16)
        return size

    def _disk_breach(self, processes: list[str]) -> str | None:
        try:
            size, files = self._written()
        except RecursionError:  # fwalk goes down a folder a call
            return "nested its folders too deeply"
        size += sum(self._deleted_files(processes).values())
        if size > self._most_bytes:
            return f"wrote more than {in_words(self._limits.disk_bytes)} of files"
        if files > self._most_files:
            return f"created more than {MOST_FILES:,} files"
        return None

    def _written(self) -> tuple[int, int]:
        """Bytes and number of the files in the work folder. Follows no link, and gives up at too many."""
        size = files = 0
        for _, folders, names, folder in os.fwalk(".", dir_fd=self._work_dir, follow_symlinks=False):
            files += len(folders) + len(names)
            if files > 2 * MOST_FILES:
                break
            for name in names:
                with contextlib.suppress(OSError):
                    size += os.stat(name, dir_fd=folder, follow_symlinks=False).st_blocks * 512
        return size, files

    def _deleted_files(self, processes: list[str]) -> dict[int, int]:
        """Bytes of files on the work folder's disk that are open but have no name any more, by inode."""
        sizes = {}
        for pid, name in self._open_files(processes):
            with contextlib.suppress(OSError):
                found = os.stat(f"{pid}/fd/{name}", dir_fd=self._proc)
                if stat.S_ISREG(found.st_mode) and found.st_nlink == 0 and found.st_dev == self._device:
                    sizes[found.st_ino] = found.st_blocks * 512
        return sizes

    def _open_files(self, processes: list[str]) -> Iterator[tuple[str, str]]:
        for pid in processes:
            with contextlib.suppress(OSError):
                folder = os.open(f"{pid}/fd", os.O_RDONLY | os.O_DIRECTORY, dir_fd=self._proc)
                try:
                    names = os.listdir(folder)
                finally:
                    os.close(folder)
                yield from ((pid, name) for name in names)
