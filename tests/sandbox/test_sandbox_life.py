"""Starting, interrupting, restarting and ending kernels; and that nothing outlives them, however they end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from nbclient import NotebookClient

from autograder.sandbox import KernelFactory, Limits, MiB, SandboxUnavailable, protections
from autograder.sandbox.availability import availability

pytestmark = pytest.mark.slow

GONE_SECONDS = 20
LEAVE_SOMETHING = """
import os, subprocess
open('/tmp/left', 'w').write('x')
for _ in range(2):
    subprocess.Popen(['setsid', 'sleep', '600'])
if os.fork() == 0:
    os.setsid()
    while True:
        pass
print(os.readlink('/proc/self/ns/pid'))
"""


def processes_of(namespace: str) -> list[int]:
    """Host processes that live in a pid namespace, named as in /proc/PID/ns/pid."""
    found = []
    for pid in psutil.pids():
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{pid}/ns/pid") == namespace:
                found.append(pid)
    return found


@pytest.fixture
def hold() -> Iterator[Callable[[str], str]]:
    """Keeps the number of a pid namespace to itself until the test ends: a sandbox that is made just after this one has
    gone, for a test in the other process, would be given the same."""
    with contextlib.ExitStack() as stack:

        def keep(namespace: str) -> str:
            file = open(f"/proc/{processes_of(namespace)[0]}/ns/pid", "rb")  # noqa: SIM115
            stack.enter_context(file)
            return namespace

        yield keep


def processes_naming(text: str) -> list[int]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(text in argument for argument in process.cmdline()):
                found.append(process.pid)
    return found


def nothing_is_left(namespace: str, folder: Path) -> bool:
    mounted = Path("/proc/self/mountinfo").read_text()
    return not (processes_of(namespace) or processes_naming(str(folder)) or folder.exists() or str(folder) in mounted)


def wait_until(condition) -> bool:
    give_up = time.monotonic() + GONE_SECONDS
    while not condition():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    return True


def test_an_interrupt_reaches_the_running_cell_and_the_kernel_lives(kernel):
    kernel.run("import time; seen = 1")
    # Without stop_on_error, what is asked right after an interrupt is not thrown away with it.
    message = kernel.client.execute("time.sleep(600)", stop_on_error=False)
    time.sleep(0.5)
    kernel.do(kernel.manager.interrupt_kernel())
    reply = kernel.do(kernel.client.get_shell_msg(timeout=30))
    while reply["parent_header"]["msg_id"] != message:
        reply = kernel.do(kernel.client.get_shell_msg(timeout=30))
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.run("print(seen)") == "1"
    assert kernel.manager.stopped_because() is None


def test_a_slow_reader_gets_every_message(kernel):
    kernel.client.stop_channels()
    kernel.connect(taken_in_advance=1)
    code = """
from IPython import get_ipython
kernel = get_ipython().kernel
for number in range(5000):
    kernel.session.send(kernel.iopub_socket, "news", {"number": number, "filling": "x" * 1000})
"""
    kernel.client.execute(code)
    time.sleep(2)  # the kernel has sent as much as anybody takes
    heard = []
    while not heard or heard[-1] < 4999:
        message = kernel.do(kernel.client.get_iopub_msg(timeout=30))
        if message["msg_type"] == "news":
            heard.append(message["content"]["number"])
    assert heard == list(range(5000))


@pytest.mark.parametrize("now", [True, False])
def test_a_restart_forgets_variables_and_keeps_files(kernel, now):
    kernel.run("variable = 1; open('file', 'w').write('kept')")
    kernel.client.stop_channels()
    kernel.do(kernel.manager.restart_kernel(now=now))
    kernel.connect()
    assert "NameError" in kernel.run("print(variable)")
    assert kernel.run("print(open('file').read())") == "kept"


def test_a_stopped_kernel_can_be_started_again(open_kernel):
    kernel = open_kernel()
    kernel.start("import os; os._exit(1)")
    assert kernel.reason() == "the kernel exited"
    kernel.client.stop_channels()
    kernel.do(kernel.manager.restart_kernel(now=True))
    kernel.connect()
    assert kernel.run("print(1 + 1)") == "2"
    assert kernel.manager.stopped_because() is None


@pytest.mark.parametrize("end", ["kill", "shut down", "exit", "limit"])
def test_nothing_is_left_of_a_kernel_that_ended(factory, open_with, hold, tmp_path, end):
    with open_with(factory, tmp_path, limits=Limits(memory_bytes=600 * MiB)) as kernel:
        namespace = hold(kernel.run(LEAVE_SOMETHING))
        sockets = Path(kernel.manager.connection_file).parent
        assert len(processes_of(namespace)) == 5
        if end in ("kill", "shut down"):
            kernel.do(kernel.manager.shutdown_kernel(now=end == "kill"))
            assert kernel.manager.stopped_because() is None
        else:
            code = (
                "os._exit(0)" if end == "exit" else "held = []\nwhile True: held.append(bytearray(b'x') * 10_000_000)"
            )
            kernel.start(code)
            assert kernel.reason()
        assert processes_of(namespace) == []
    assert nothing_is_left(namespace, sockets)


def test_closing_the_factory_ends_its_kernels(tmp_path, open_with, hold):
    with KernelFactory(warm=False) as factory, open_with(factory, tmp_path) as kernel:
        namespace = hold(kernel.run(LEAVE_SOMETHING))
        folder = Path(kernel.manager.connection_file).parent.parent
        assert len(processes_of(namespace)) == 5
        factory.close()
        assert nothing_is_left(namespace, folder)


OWNER = """
import asyncio, sys, time
from pathlib import Path
from autograder.sandbox import KernelFactory

def say(message):
    print(message["content"].get("text", ""), end="", flush=True)

async def main(factory):
    manager = factory.kernel_manager(Path(sys.argv[1]))
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    print(Path(manager.connection_file).parent.parent, flush=True)
    await client.execute_interactive(sys.argv[2], output_hook=say)
    time.sleep(600)

with KernelFactory(warm=sys.argv[3] == "warm") as factory:
    asyncio.run(main(factory))
"""


@pytest.mark.parametrize(("victim", "start"), [("owner", "warm"), ("owner", "cold"), ("server", "warm")])
def test_nothing_is_left_when_the_grader_or_the_server_is_killed(tmp_path, hold, victim, start):
    command = [sys.executable, "-c", OWNER, str(tmp_path), LEAVE_SOMETHING, start]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as owner:
        try:
            folder = Path(owner.stdout.readline().strip())
            namespace = hold(owner.stdout.readline().strip())
            assert len(processes_of(namespace)) == 5
            server = [p.pid for p in psutil.Process(owner.pid).children() if str(folder) in p.cmdline()]
            os.kill(owner.pid if victim == "owner" else server[0], signal.SIGKILL)
            if victim == "owner":
                owner.wait()
            assert wait_until(lambda: processes_of(namespace) == [])
            if victim == "owner":
                assert wait_until(lambda: nothing_is_left(namespace, folder))
        finally:
            owner.kill()
            shutil.rmtree(folder, ignore_errors=True)  # with server and grader both killed, nobody else is left to


def test_killed_keepers_take_their_kernel_with_them(open_kernel, hold):
    kernel = open_kernel()
    namespace = hold(kernel.run("import os; print(os.readlink('/proc/self/ns/pid'))"))
    inside = next(
        pid for pid in processes_of(namespace) if "autograder.sandbox.server" in psutil.Process(pid).cmdline()
    )
    os.kill(psutil.Process(inside).ppid(), signal.SIGKILL)
    assert kernel.reason() == "the process that kept the kernel was killed"
    assert wait_until(lambda: processes_of(namespace) == [])


def executed(manager, *sources: str) -> list:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    try:
        NotebookClient(notebook, km=manager, allow_errors=True, timeout=120).execute()
    finally:
        asyncio.run(manager.shutdown_kernel(now=True))
    return [cell.outputs for cell in notebook.cells]


def test_a_figure_comes_out_as_an_image(factory, tmp_path):
    outputs, *_ = executed(factory.kernel_manager(tmp_path), "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert [output.output_type for output in outputs] == ["display_data"]
    assert outputs[0].data["image/png"]


def test_tensorflow_writes_no_red_noise(factory, tmp_path):
    """nbgrader gives a cell with any output on stderr no points."""
    outputs, own, sub = executed(
        factory.kernel_manager(tmp_path),
        "import tensorflow as tf, keras, os\ntf.random.normal((2, 2)) @ tf.ones((2, 2))\nos.write(2, b'noise');",
        "import sys; print('mine', file=sys.stderr)",
        # What a program writes comes by way of a pipe, which may take a moment longer than the cell.
        "import subprocess, time; subprocess.run(['echo', 'from a program']); time.sleep(2)",
    )
    assert outputs == []
    assert [(output.name, output.text) for output in own] == [("stderr", "mine\n")]
    assert [(output.name, output.text) for output in sub] == [("stdout", "from a program\n")]


@pytest.fixture
def cold() -> KernelFactory:
    with KernelFactory(warm=False) as factory:
        yield factory


def test_a_cold_kernel_has_the_same_walls_and_limits(cold, open_with, tmp_path):
    with open_with(cold, tmp_path, limits=Limits(memory_bytes=700 * MiB)) as kernel:
        assert kernel.run("import tensorflow as tf; print(float(tf.ones((2, 2)).numpy().sum()))") == "4.0"
        listed = "set(filter(str.isdigit, os.listdir('/proc')))"
        told = kernel.run(f"import os; print(os.getcwd(), {{'1', str(os.getpid())}} == {listed})")
        assert told == "/submission True"
        status = kernel.run("print(open('/proc/self/status').read())")
        assert "CapEff:\t0000000000000000" in status
        assert "Seccomp:\t2" in status
        assert "unreachable" in kernel.run("import socket; socket.create_connection(('192.0.2.1', 53), 5)")
        kernel.start("held = []\nwhile True: held.append(bytearray(b'x') * 10_000_000)")
        assert kernel.reason() == "used more than 700 MB of memory"


@pytest.fixture
def without_bubblewrap(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    availability.cache_clear()
    yield
    availability.cache_clear()


@pytest.mark.without_sandbox
def test_without_bubblewrap_it_says_what_is_off_and_goes_on(without_bubblewrap, open_with, tmp_path):
    assert "apt-get install bubblewrap" in protections()[0]
    assert len(protections()) == 4
    with KernelFactory() as factory:
        assert factory.protections == protections()
        with open_with(factory, tmp_path) as kernel:
            assert kernel.manager.inside_dir == str(tmp_path)
            assert kernel.run("import os; print(os.getcwd())") == str(tmp_path)
            kernel.start("os._exit(0)")
            assert kernel.reason() == "the kernel exited"


@pytest.mark.without_sandbox
def test_a_required_sandbox_is_not_done_without(without_bubblewrap):
    with pytest.raises(SandboxUnavailable, match="bubblewrap"), KernelFactory(require_sandbox=True):
        pass


@pytest.mark.without_sandbox
def test_a_forbidden_sandbox_is_found_out(monkeypatch, tmp_path):
    """User namespaces may be switched off; only trying tells."""
    program = tmp_path / "bwrap"
    program.write_text(
        '#!/bin/sh\n[ "$1" = --help ] && echo --disable-userns --size && exit\n'
        "echo 'bwrap: No permissions to create new namespace' >&2; exit 1\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    availability.cache_clear()
    try:
        assert "No permissions to create new namespace" in protections()[0]
        assert not KernelFactory().sandboxed
    finally:
        availability.cache_clear()


def test_every_protection_is_on_here_and_kernels_are_warm(factory):
    assert protections() == factory.protections == []
    assert factory.warm, availability().warm
