"""Keeps one sandboxed kernel: builds its sandbox, starts it, watches it, and clears all of it away.

A keeper is a fork of the server, outside the sandbox. It ends with the first of these: the kernel ends, a limit
is passed, the grader says so, or the grader's end of the channel closes because its process is gone. bubblewrap
(--die-with-parent) kills the whole sandbox if the keeper itself is killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import kernel, linux, mounts, seccomp
from autograder.sandbox.channel import Channel
from autograder.sandbox.control_groups import Group, Groups
from autograder.sandbox.limits import Limits
from autograder.sandbox.watchdog import FIRST_TO_GO, Watchdog

_CHECK_SECONDS = 0.05
_SOCKETS_WAIT_SECONDS = 60
_SOCKETS_POLL_SECONDS = 0.003
_NICENESS = 5  # so that a flood of processes leaves the keeper and the grader time to end it
_COLD_IMPORTS_BYTES = 512 * 2**20  # private memory that importing large libraries asks for
# The first process of a sandbox says that every mount is in place, and sleeps. Ignoring SIGCHLD takes zombies away;
# dash can't ignore it, and not every env can.
_IGNORING = "env --ignore-signal=CHLD"
_HOLDS = f"""trap '' CHLD; echo ready; exec >/dev/null 2>&1
{_IGNORING} true && exec {_IGNORING} {mounts.HOLDER} 2147483647; exec {mounts.HOLDER} 2147483647"""
_HOLDER_BYTES = 16 * 2**20  # private memory of the process that holds a sandbox open
_CRASHES = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP}


@dataclass(frozen=True)
class Request:
    """What the grader asks a keeper for. Paths are the host's."""

    bubblewrap: list[str]  # the program and its arguments, without what to run
    socket_dir: str
    sockets: list[str]  # the files that the kernel makes there
    connection_file: str
    work_dir: str | None  # None: its folder is in memory
    env: dict[str, str]
    limits: dict[str, float]
    warm: bool
    cores: list[int]  # where the sandbox may run: those of the worker that asks


def _in_memory(name: str, data: bytes) -> int:
    """A descriptor to read `data` from."""
    descriptor = os.memfd_create(name)
    os.write(descriptor, data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


class _Sandbox:
    """bubblewrap around an idle process. Raises OSError, with bubblewrap's own words, if it will not start.

    Student code has the same user id as that process, so it must not be able to write to its memory: a copy of
    `sleep` that may be run and not be read makes a process that nobody may look into. The filter of system calls and
    the limits hold for it all the same.
    """

    def __init__(self, bubblewrap: list[str], limits: Limits) -> None:
        info_read, info_write = os.pipe()
        program, *mounted = bubblewrap
        passed = [info_write, os.open(shutil.which("sleep") or "/bin/sleep", os.O_RDONLY)]
        arguments = ["--as-pid-1", "--perms", "0111", "--ro-bind-data", str(passed[-1]), mounts.HOLDER, *mounted]
        if seccomp.supported():
            passed.append(_in_memory("filter", seccomp.program()))
            arguments += ["--seccomp", str(passed[-1])]
        # Not on the command line: it can be read inside the sandbox, and names folders of this machine.
        passed.append(_in_memory("bubblewrap", b"".join(os.fsencode(word) + b"\0" for word in arguments)))
        command = [program, "--info-fd", str(info_write), "--args", str(passed[-1]), "--", "/bin/sh", "-c", _HOLDS]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=passed,
            env={"PATH": os.defpath},
        )
        for descriptor in passed:
            os.close(descriptor)
        with open(info_read) as info:
            described = info.read()
        assert self._process.stdout is not None and self._process.stderr is not None
        ready = self._process.stdout.readline()
        self._process.stdout.close()
        if not ready:
            problem = self._process.stderr.read().decode(errors="replace").strip()
            self._process.wait()
            raise OSError(f"bubblewrap could not build the sandbox: {problem}")
        self._process.stderr.close()
        self.init_pid: int = json.loads(described)["child-pid"]
        linux.limit_resources(
            pid=self.init_pid, data_bytes=_HOLDER_BYTES, file_bytes=int(limits.file_bytes), tasks=_tasks(limits)
        )
        self._init = os.pidfd_open(self.init_pid)
        self.ended = os.pidfd_open(self._process.pid)

    def is_closed(self) -> bool:
        """Has the shell that built it made room for the program that nobody may look into?"""
        return Path(f"/proc/{self.init_pid}/comm").read_text().strip() == Path(mounts.HOLDER).name

    def end(self) -> None:
        """Kill everything in it. When this returns, no process of the sandbox is left."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._init, signal.SIGKILL)
        # The first process of a pid namespace ends last: once the kernel, a child of ours, has been reaped too.
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)


def _become_kernel(request: Request, limits: Limits) -> None:
    """Runs inside the namespaces: give up every privilege, then become the kernel. Never returns."""
    os.setsid()
    os.umask(0o022)
    os.chdir(request.env["PWD"])
    linux.give_up_privileges()
    Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_GO))
    os.nice(_NICENESS)
    imported = _private_bytes() if request.warm else _COLD_IMPORTS_BYTES
    linux.limit_resources(
        data_bytes=imported + int(limits.memory_bytes), file_bytes=int(limits.file_bytes), tasks=_tasks(limits)
    )
    linux.close_inherited()
    if request.warm:
        kernel.run(request.connection_file, request.env)
        linux.exit_now()
    command = [sys.executable, "-P", "-m", "autograder.sandbox", request.connection_file]
    os.execve(command[0], command, request.env)


def _tasks(limits: Limits) -> int:
    return limits.threads + limits.processes


def _private_bytes() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


def _start_kernel(request: Request, limits: Limits, init_pid: int, group: Group | None) -> int:
    """Start the kernel inside the sandbox and return its pid, as seen from here. Raises OSError.

    Only a child enters a pid namespace, so a fork steps in, forks again, and goes; the kernel is then this
    process's own child, because it adopts orphans.
    """
    linux.adopt_orphans()
    read_end, write_end = os.pipe()
    porter = os.fork()
    if porter == 0:
        try:
            if group is not None:
                group.join()
            linux.enter(init_pid)
            child = os.fork()
            if child == 0:
                _become_kernel(request, limits)
            os.write(write_end, f"{child}\n".encode())
        except BaseException as problem:
            os.write(write_end, f"! {problem}\n".encode())
        finally:
            linux.exit_now()
    os.close(write_end)
    with open(read_end) as report:  # ends when the kernel has closed what it inherited
        lines = report.read().splitlines()
    os.waitpid(porter, 0)
    problems = [line[2:] for line in lines if line.startswith("! ")]
    if problems or not lines:
        raise OSError(f"The sandboxed kernel did not start: {'; '.join(problems) or 'no reason given'}")
    return int(lines[0])


def _how_it_ended(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return "the kernel exited"
    if -code in _CRASHES:
        return f"the kernel crashed ({signal.Signals(-code).name})"
    return f"the kernel was ended by {signal.Signals(-code).name}"


class _Keeper:
    def __init__(self, channel: Channel, request: Request, groups: Groups | None) -> None:
        self._channel = channel
        self._request = request
        self._limits = Limits.from_mapping(request.limits)
        os.sched_setaffinity(0, request.cores)
        self._sandbox = _Sandbox(request.bubblewrap, self._limits)
        self._group: Group | None = None
        try:
            self._watchdog = Watchdog(self._sandbox.init_pid, request.work_dir, self._limits)
            self._group = groups.new(self._limits) if groups is not None else None
            self._pid = _start_kernel(request, self._limits, self._sandbox.init_pid, self._group)
            self._kernel = os.pidfd_open(self._pid)
        except BaseException:
            self._end()
            raise

    def _end(self) -> None:
        self._sandbox.end()
        if self._group is not None:
            self._group.remove()

    def serve(self) -> str | None:
        """Watch until the end, clear up, and return why it ended; None if the grader wanted it."""
        try:
            return self._wait_for_sockets() or self._watch()
        finally:
            self._end()

    def _wait_for_sockets(self) -> str | None:
        folder = Path(self._request.socket_dir)
        give_up = time.monotonic() + _SOCKETS_WAIT_SECONDS
        names = self._request.sockets
        while not (all((folder / name).is_socket() for name in names) and self._sandbox.is_closed()):
            if time.monotonic() > give_up:
                raise OSError(f"The kernel did not open its sockets within {_SOCKETS_WAIT_SECONDS} s.")
            if self._ended(self._kernel):
                return "the kernel ended before it was ready"
            time.sleep(_SOCKETS_POLL_SECONDS)
        # From here on the student cannot put anything else where the grader connects to.
        linux.run_in_fork(linux.make_read_only, self._sandbox.init_pid, self._request.socket_dir)
        self._channel.send(self._watchdog.folder, event="ready", pid=self._pid)
        return None

    @staticmethod
    def _ended(process: int) -> bool:
        return bool(select.select([process], [], [], 0)[0])

    def _watch(self) -> str | None:
        self._watchdog.start()
        watched: list[Channel | int] = [self._channel, self._kernel, self._sandbox.ended]
        while True:
            ready, _, _ = select.select(watched, [], [], _CHECK_SECONDS)
            if self._channel in ready and not self._obey():
                return None
            if self._kernel in ready:
                _, status = os.waitpid(self._pid, 0)
                return self._out_of_memory() or _how_it_ended(status)
            if self._sandbox.ended in ready:
                return "the kernel ended its own sandbox"
            if breach := self._watchdog.breach() or self._out_of_memory():
                return breach

    def _out_of_memory(self) -> str | None:
        return self._group.breach() if self._group is not None else None

    def _obey(self) -> bool:
        """Do what the grader asks; False if that is to end."""
        try:
            while (message := self._channel.receive()) is not None:
                if message["do"] == "end":
                    return False
                self._signal(message["number"])
        except EOFError:
            return False
        return True

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has just ended, which the next turn sees
            signal.pidfd_send_signal(self._kernel, number)


def keep(channel: Channel, parent: int, groups: Groups | None) -> None:
    """Serve one request from the channel, from its first message to its end. `parent` is the server's pid; the
    sandbox gets a control group of `groups`, if there are any."""
    linux.die_with(parent)
    if os.sched_getscheduler(0) == os.SCHED_RR:  # see Server._put_first; what this process starts is to wait its turn
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # by way of every `finally` and `except` below
    message = None
    try:
        while message is None:  # a long one comes in parts
            select.select([channel], [], [])
            message = channel.receive()
    except EOFError:
        return  # the grader changed its mind
    try:
        why = _Keeper(channel, Request(**message), groups).serve()
        event = {"event": "ended", "why": why}
    except Exception as problem:  # nobody else would hear of it
        event = {"event": "failed", "why": str(problem)}
    with contextlib.suppress(OSError):  # the grader is gone, which is why it ended
        channel.send(**event)
