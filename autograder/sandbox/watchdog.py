"""Watches what one sandbox uses, from outside it."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
import time
from collections.abc import Iterator

from autograder.sandbox.limits import Limits, in_words
from autograder.sandbox.mounts import INSIDE

MOST_FILES = 50_000  # in /submission: a million empty files are no bytes, but fill a disk's table of files
FIRST_TO_GO = 1000  # a kernel's oom_score_adj: rather this process than the grader when the machine is out of memory
_INODE_BYTES = 1024  # what a file in /tmp costs in memory, even an empty one
_LOOK_SECONDS = 1.0  # between two close looks at mappings and files, unless memory seems to run out
_LONGEST_LOOK_SECONDS = 5.0  # when a look takes longer, the quick count of memory decides
_AT_MOST = (b"RssAnon", b"RssShmem", b"VmSwap", b"VmPTE")
_OWN_SHARE = (b"Pss_Anon", b"Pss_Shmem", b"SwapPss")
_PAGE_TABLES = (b"VmPTE",)
_SHARED_MAPPING = b"/dev/zero (deleted)"  # the name of shared anonymous memory in /proc/PID/maps
_LARGEST = 2**63
_TOO_MANY_FILES = f"created more than {MOST_FILES:,} files"
_NOT_MEASURED = "could no longer be measured"


class _Unmeasured(Exception):
    """The kernel's own numbers about a process read as nothing it can have written."""


def _read(folder: int, path: str) -> bytes:
    """A file of the sandbox's /proc; nothing if its process has ended or may not be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY, dir_fd=folder)
        with open(descriptor, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _number(digits: bytes, base: int = 10) -> int:
    """A size or a count as /proc writes it. Raises _Unmeasured."""
    try:
        number = int(digits, base)
    except ValueError:
        raise _Unmeasured from None
    if digits[:1] in b"+-" or not 0 <= number < _LARGEST:
        raise _Unmeasured
    return number


def _fields(text: bytes) -> dict[bytes, list[bytes]]:
    """What is told as "Threads: 3", by name. A process or a file may be called anything, even like such a line, but a
    line of its own it does not get: the kernel writes a newline in a name as \\n, and other ends of lines are none."""
    lines = (line.partition(b":\t") if b":\t" in line else line.partition(b":") for line in text.split(b"\n"))
    return {name: value.split() for name, _, value in lines}


def _total(text: bytes, names: tuple[bytes, ...]) -> int:
    """The sum of the named lines ("Pss_Anon:   12 kB") in bytes."""
    fields = _fields(text)
    return sum(_number(fields[name][0]) * 1024 for name in names if fields.get(name))


class Watchdog:
    """Says which limit a sandbox has passed.

    The descriptors it opens lie in the sandbox's own mounts, which the student cannot change: its /proc lists
    exactly the processes of the sandbox. Make it before student code runs. Raises OSError if it cannot.

    Counting is quick. Reading a process's mappings waits while that process forks, which in a flood of processes takes
    seconds; so that, and walking over files, is a thread's work, and the count goes on.
    """

    def __init__(self, init_pid: int, work_dir: str | None, limits: Limits) -> None:
        self._limits = limits
        self._proc, *self._memory_mounts = (
            os.open(f"/proc/{init_pid}/root/{name}", os.O_RDONLY | os.O_DIRECTORY)
            for name in ("proc", "tmp", "dev/shm")
        )
        self.folder: int | None = None  # the folder in memory, open
        if work_dir is None:
            self.folder = os.open(f"/proc/{init_pid}/root{INSIDE}", os.O_RDONLY | os.O_DIRECTORY)
            self._memory_mounts.append(self.folder)
        else:
            self._work_dir = os.open(work_dir, os.O_RDONLY | os.O_DIRECTORY)
            self._device = os.fstat(self._work_dir).st_dev
            bytes_before, files_before = self._written()
            self._most_bytes = bytes_before + limits.disk_bytes
            self._most_files = files_before + MOST_FILES
        self._too_much_memory = f"used more than {in_words(limits.memory_bytes)} of memory"
        self._too_much_written = f"wrote more than {in_words(limits.disk_bytes)} of files"
        self._look_now = threading.Event()
        self._looked = time.monotonic()
        self._found: str | None = None

    def start(self) -> None:
        """Begin to look closely. Starts a thread: fork before."""
        self._looked = time.monotonic()
        threading.Thread(target=self._look_closely, daemon=True).start()

    def breach(self) -> str | None:
        """A sentence without a subject, as in "used more than 2 GB of memory"; None while all is well."""
        try:
            return self._quick_breach() or self._found
        except _Unmeasured:
            return _NOT_MEASURED

    def _quick_breach(self) -> str | None:
        processes = self._processes()
        own = 1  # the process that holds the sandbox open
        if len(processes) - own > self._limits.processes:
            return f"started more than {self._limits.processes:,} processes"
        status = [_read(self._proc, f"{pid}/status") for pid in processes]
        if sum(map(self._threads, status)) - own > self._limits.threads:
            return f"started more than {self._limits.threads:,} threads"
        size = self._files_in_memory()
        for pid, text in zip(processes, status, strict=True):
            size += _total(self._living(pid, text)[1], _AT_MOST)  # in full what it shares, such as with the warm server
        if size > self._limits.memory_bytes:
            self._look_now.set()
            if time.monotonic() - self._looked > _LONGEST_LOOK_SECONDS:
                return self._too_much_memory
        return self._folder_breach() if self.folder is not None else None

    def _processes(self) -> list[str]:
        return [name for name in os.listdir(self._proc) if name.isdigit()]

    @staticmethod
    def _threads(status: bytes) -> int:
        told = _fields(status).get(b"Threads")
        return _number(told[0]) if told else 0

    def _living(self, pid: str, status: bytes) -> tuple[str, bytes]:
        """Where in /proc a process's memory is told of, and its status there.

        A process whose first thread has ended tells nothing, while the others go on; any of them tells all.
        """
        if b"\nVmRSS:" not in status and self._threads(status) > 1:
            with contextlib.suppress(OSError):
                for thread in self._threads_of(pid):
                    text = _read(self._proc, f"{pid}/task/{thread}/status")
                    if b"\nVmRSS:" in text:
                        return f"{pid}/task/{thread}", text
        return pid, status

    def _threads_of(self, pid: str) -> list[str]:
        folder = os.open(f"{pid}/task", os.O_RDONLY | os.O_DIRECTORY, dir_fd=self._proc)
        try:
            return os.listdir(folder)
        finally:
            os.close(folder)

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
                try:
                    found = self._memory_breach(processes) or self._order_breach(processes)
                except _Unmeasured:
                    found = _NOT_MEASURED
                self._found = found or self._disk_breach(processes)
            self._looked = time.monotonic()

    def _memory_breach(self, processes: list[str]) -> str | None:
        """Counts each page once, and those that shared mappings hold without showing them."""
        size = self._files_in_memory()
        for pid in processes:
            place, status = self._living(pid, _read(self._proc, f"{pid}/status"))
            size += self._shared_mappings(place)
            exact = _read(self._proc, f"{place}/smaps_rollup")
            # A process that has hidden its mappings from us counts with all it could have.
            size += _total(exact, _OWN_SHARE) + _total(status, _PAGE_TABLES) if exact else _total(status, _AT_MOST)
        return self._too_much_memory if size > self._limits.memory_bytes else None

    def _shared_mappings(self, place: str) -> int:
        """Bytes of shared anonymous mappings. Their pages can be held while no process has them mapped in."""
        size = 0
        for line in _read(self._proc, f"{place}/maps").split(b"\n"):
            fields = line.split(maxsplit=5)  # the last one is a name, of which anything may be a part
            if len(fields) == 6 and fields[5] == _SHARED_MAPPING:
                start, _, end = fields[0].partition(b"-")
                size += _number(end, 16) - _number(start, 16)
        return size

    def _order_breach(self, processes: list[str]) -> str | None:
        """When the machine itself runs out of memory, it ends these processes first, unless they say otherwise."""
        for pid in processes:
            told = _read(self._proc, f"{pid}/oom_score_adj")
            if pid != "1" and told and told.strip() != b"%d" % FIRST_TO_GO:
                return "tried to be spared when memory runs out"
        return None

    def _disk_breach(self, processes: list[str]) -> str | None:
        """A folder in memory tells what is in it, named or not. One on the machine's disk is looked through."""
        if self.folder is not None:
            return self._folder_breach()
        try:
            size, files = self._written()
        except RecursionError:  # fwalk goes down a folder a call
            return "nested its folders too deeply"
        size += sum(self._deleted_files(processes).values())
        if size > self._most_bytes:
            return self._too_much_written
        if files > self._most_files:
            return _TOO_MANY_FILES
        return None

    def _folder_breach(self) -> str | None:
        assert self.folder is not None
        use = os.fstatvfs(self.folder)
        if (use.f_blocks - use.f_bfree) * use.f_frsize > self._limits.disk_bytes:
            return self._too_much_written
        return _TOO_MANY_FILES if use.f_files - use.f_ffree > MOST_FILES else None

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
