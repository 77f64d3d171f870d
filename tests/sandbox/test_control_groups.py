"""Where control groups can be had, the Linux kernel itself keeps the limits, on its own memory too."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from autograder.sandbox import Limits, MiB, control_groups
from autograder.sandbox.control_groups import KERNEL_BYTES, Groups, Place, find

needs_groups = pytest.mark.skipif(
    control_groups.version() == 0, reason="no control group can be made here: run as root, or in a delegated group"
)
# Full buffers of Unix sockets: up to 1 GB, which no process owns.
SOCKETS = """
import socket, time
held = []
for _ in range(200):
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    for end in pair:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**21)
        end.setblocking(False)
        try:
            while True:
                end.send(bytes(100_000))
        except BlockingIOError:
            pass
    held.append(pair)
time.sleep(600)
"""


@pytest.fixture
def delegated(tmp_path, monkeypatch) -> Path:
    """A folder that looks like the mounted groups of version 2, with a scope that systemd has delegated."""
    scope = tmp_path / "user.slice" / "run-1.scope"
    scope.mkdir(parents=True)
    for folder in (tmp_path, scope):
        (folder / "cgroup.controllers").write_text("cpu io memory pids\n")
    try:
        os.setxattr(scope, "user.delegate", b"1")
    except OSError:
        pytest.skip("files here have no extended attributes")
    monkeypatch.setattr(control_groups, "_mounts", lambda kind: [(tmp_path, [])] if kind == "cgroup2" else [])
    return scope


def in_group(monkeypatch: pytest.MonkeyPatch, path: str) -> Place | None:
    """What is found by a process of that group."""
    monkeypatch.setattr(control_groups, "_own_groups", lambda: {"": path})
    return find()


@pytest.mark.without_sandbox
@pytest.mark.parametrize("own", ["/user.slice/run-1.scope", "/user.slice/run-1.scope/autograder-rest"])
def test_groups_go_into_the_one_that_was_delegated(delegated, monkeypatch, own):
    assert in_group(monkeypatch, own) == Place(2, {"memory": delegated, "pids": delegated})


@pytest.mark.without_sandbox
def test_groups_go_to_the_top_where_none_was_delegated(delegated, monkeypatch):
    top = delegated.parent.parent
    assert in_group(monkeypatch, "/user.slice") == Place(2, {"memory": top, "pids": top})
    (top / "cgroup.controllers").write_text("hugetlb\n")
    assert in_group(monkeypatch, "/user.slice") is None


@pytest.mark.without_sandbox
def test_the_processes_of_a_delegated_group_make_room(delegated, monkeypatch):
    in_group(monkeypatch, "/user.slice/run-1.scope")
    (delegated / "cgroup.procs").write_text("11\n12\n")
    groups = Groups.open()
    assert (delegated / "autograder-rest" / "cgroup.procs").read_text() == "12"  # one at a time, as the kernel wants it
    assert (delegated / "cgroup.subtree_control").read_text() == "+memory +pids"
    group = groups.new(Limits(memory_bytes=700 * MiB, threads=100, processes=10))
    (folder,) = (path for path in Path(groups.folders["memory"]).iterdir() if path.is_dir())
    written = {path.name: path.read_text() for path in folder.iterdir()}
    assert written == {"memory.max": str(700 * MiB + KERNEL_BYTES), "memory.swap.max": "0", "pids.max": "110"}
    assert group.breach() is None
    (folder / "memory.events").write_text("low 0\nhigh 0\nmax 3\noom 1\noom_kill 1\n")
    assert group.breach() == "used more than 700 MB of memory"


@needs_groups
@pytest.mark.slow
def test_memory_that_belongs_to_no_process_counts(open_kernel):
    if int(Path("/proc/sys/net/core/wmem_max").read_text()) < 2**21:
        pytest.skip("the buffers of sockets are small here: 500 of them hold too little")
    kernel = open_kernel(limits=Limits(memory_bytes=600 * MiB))
    kernel.start(SOCKETS)
    assert kernel.reason() == "used more than 600 MB of memory"


@needs_groups
@pytest.mark.slow
def test_a_sandbox_runs_in_a_group_with_its_limits(open_kernel):
    kernel = open_kernel(limits=Limits(memory_bytes=700 * MiB, threads=100, processes=10))
    place = find()
    pid = str(kernel.manager.provisioner.pid)
    groups = {
        name: group
        for name, parent in place.parents.items()
        for group in parent.glob("autograder-*/*")
        if group.is_dir() and pid in (group / "cgroup.procs").read_text().split()
    }
    limit = "memory.max" if place.version == 2 else "memory.limit_in_bytes"
    assert int((groups["memory"] / limit).read_text()) == 700 * MiB + KERNEL_BYTES
    assert (groups["pids"] / "pids.max").read_text().strip() == "110"


@needs_groups
@pytest.mark.without_sandbox
def test_groups_that_a_killed_server_left_are_removed():
    place = find()
    gone = max(psutil.pids()) + 100_000
    left = {parent / f"autograder-{gone}-x" for parent in place.parents.values()}
    for folder in left:
        folder.mkdir()
    groups = Groups.open()
    assert not any(folder.exists() for folder in left)
    assert all(Path(folder).is_dir() for folder in groups.folders.values())
    groups.close()
    assert not any(Path(folder).exists() for folder in groups.folders.values())
