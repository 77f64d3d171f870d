"""What code in a sandboxed kernel can see, reach and change: its own folder and /tmp, and nothing else."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
from pathlib import Path

import pytest

import autograder
from autograder.sandbox import KernelFactory, mounts
from autograder.surroundings import Surroundings

pytestmark = pytest.mark.slow

PROJECT = Path(autograder.__file__).resolve().parent.parent


def test_it_works_in_its_own_folder(kernel):
    (kernel.work_dir / "given.txt").write_text("from outside")
    assert kernel.manager.inside_dir == "/submission"
    assert kernel.run("import os; print(os.getcwd(), open('given.txt').read())") == "/submission from outside"
    kernel.run("open('written.txt', 'w').write('from inside')")
    assert (kernel.work_dir / "written.txt").read_text() == "from inside"


def test_nothing_of_the_course_or_the_home_folder_is_visible(kernel):
    secret = [PROJECT / name for name in ("source", "solutions", "tests", "submitted", "gradebook.db", ".git")]
    secret += [Path.home() / ".ssh", Path.home() / ".bashrc", kernel.work_dir, Path("/etc/shadow")]
    seen = kernel.run(f"import os\nprint([p for p in {[str(path) for path in secret]} if os.path.lexists(p)])")
    assert seen == "[]"
    hidden = PROJECT / "autograder" / "hidden"
    assert kernel.run(f"print(os.listdir({str(hidden)!r}) if os.path.exists({str(hidden)!r}) else [])") == "[]"


def test_no_process_in_it_tells_folders_of_the_machine(kernel):
    asked = "import pathlib; print(*[p.read_bytes() for p in pathlib.Path('/proc').glob('[0-9]*/cmdline')])"
    told = kernel.run(asked)
    assert mounts.HOLDER in told
    for folder in (kernel.work_dir, Path(kernel.manager.connection_file).parent):
        assert str(folder) not in told


def test_what_a_lesson_imports_is_visible(kernel):
    assert kernel.run("import autograder, tensorflow, keras, pandas, scipy.stats, matplotlib.pyplot") == ""


def test_other_folders_are_readable_when_asked_for(factory, kernel, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    arguments = KernelFactory(None, Surroundings(readable=(data,))).bubblewrap(
        kernel.work_dir, tmp_path, factory.limits
    )
    assert ["--ro-bind", str(data), str(data)] == arguments[(at := arguments.index(str(data)) - 1) : at + 3]


@pytest.mark.parametrize(
    "place",
    ["/", "/usr/bin", "/dev", "/proc", sys.prefix + "/bin", str(PROJECT / "autograder"), "/etc", "{sockets}"],
)
def test_the_rest_cannot_be_written_to(kernel, place):
    place = place.format(sockets=Path(kernel.manager.connection_file).parent)
    assert "Error" in kernel.run(f"open({place!r} + '/x', 'w')")


def test_the_machines_settings_cannot_be_changed(kernel):
    """Not even by root's own sandbox. Opening is enough to tell; nothing is written if this ever fails.

    /proc/pressure may be opened by anyone: what is written there sets a trigger of one's own.
    """
    writable = kernel.run("""
import os
found = []
for folder, _, names in os.walk("/proc"):
    if not folder.startswith(("/proc/1", "/proc/2", "/proc/3", "/proc/self", "/proc/thread-self", "/proc/net")):
        for name in names:
            try:
                os.close(os.open(os.path.join(folder, name), os.O_WRONLY))
            except OSError:
                continue
            found.append(os.path.join(folder, name))
print([path for path in found if not path.startswith('/proc/pressure')])
""")
    assert writable == "[]"


def test_the_interpreter_it_was_forked_from_cannot_be_touched(kernel):
    for attempt in ("os.chmod('/proc/self/exe', 0)", "open('/proc/self/exe', 'r+b')", "os.utime('/proc/self/exe')"):
        assert "Error" in kernel.run(f"import os; {attempt}")


def test_it_has_no_capability_and_can_gain_none(kernel):
    status = kernel.run("print(open('/proc/self/status').read())")
    values = dict(line.split(":", 1) for line in status.splitlines())
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(values[name], 16) == 0, name
    assert values["NoNewPrivs"].strip() == "1"
    assert values["Seccomp"].strip() == "2"
    child = kernel.run(
        "import subprocess; print(subprocess.run(['grep', 'CapEff', '/proc/self/status'], capture_output=True).stdout)"
    )
    assert "0000000000000000" in child
    assert "rror" in kernel.run("subprocess.run(['unshare', '--user', 'true'], check=True)")
    assert "rror" in kernel.run("subprocess.run(['mount', '-t', 'tmpfs', 'x', '/tmp'], check=True)")


def test_no_process_in_it_can_be_written_into(kernel):
    """Code that a process without a filter or limits is made to run would have neither."""
    told = kernel.run("""
import os
own = str(os.getpid())
for pid in sorted(set(filter(str.isdigit, os.listdir('/proc'))) - {own}):
    for name, mode in [('mem', 'r+b'), ('mem', 'rb'), ('maps', 'rb'), ('environ', 'rb')]:
        try:
            open(f'/proc/{pid}/{name}', mode).close()
            print('opened', pid, name)
        except PermissionError:
            pass
    try:
        print(pid, os.readlink(f'/proc/{pid}/fd/0'))
    except PermissionError:
        pass
print('tried')
""")
    assert told == "tried"


@pytest.mark.parametrize("warm", [True, False])
def test_every_process_in_it_has_the_filter_and_the_limits(factory, open_with, tmp_path, warm):
    made = contextlib.nullcontext(factory) if warm else KernelFactory(warm=False)
    with made as chosen, open_with(chosen, tmp_path) as kernel:
        told = kernel.run("""
import json, os, pathlib
processes = [path for path in pathlib.Path('/proc').iterdir() if path.name.isdigit()]
print(json.dumps([[path.joinpath(name).read_text() for name in ('status', 'limits')] for path in processes]))
""")
    processes = json.loads(told)
    assert len(processes) == 2
    for status, limits in processes:
        assert "Seccomp:\t2\n" in status
        assert "NoNewPrivs:\t1\n" in status
        soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
        assert all(
            soft[name].isdigit() for name in ("Max data size", "Max file size", "Max processes", "Max open files")
        )
        assert soft["Max core file size"] == "0"


def test_its_first_process_takes_away_zombies(kernel):
    """Whoever leaves one behind twenty times has not started twenty processes at once."""
    told = kernel.run("""
import os, subprocess, time
for _ in range(20):
    subprocess.run(['sh', '-c', 'sleep 0.01 & exit'])
time.sleep(1)
print({int(name) for name in os.listdir('/proc') if name.isdigit()} == {1, os.getpid()})
""")
    assert told == "True"


def test_no_descriptor_of_the_grader_is_left_open(kernel):
    """Every open descriptor was made in this sandbox: a pipe, a socket or an event of the kernel's own."""
    listing = kernel.run("""
import os, json
links = []
for pid in filter(str.isdigit, os.listdir('/proc')):
    if pid == '1':  # nobody may look into it; see test_no_process_in_it_can_be_written_into
        continue
    for name in os.listdir(f'/proc/{pid}/fd'):
        if os.path.lexists(f'/proc/{pid}/fd/{name}'):
            links.append(os.readlink(f'/proc/{pid}/fd/{name}'))
print(json.dumps(links))
""")
    links = json.loads(listing)
    assert "/dev/null" in links
    files = {link for link in links if not link.startswith(("socket:", "pipe:", "anon_inode:"))}
    assert files <= {"/dev/null", "/proc", "/proc/2/fd", "/proc/3/fd"}


def test_there_is_no_network(kernel):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert "refused" in kernel.run(f"import socket; socket.create_connection({address}, 5)")
    assert "unreachable" in kernel.run("socket.create_connection(('192.0.2.1', 53), 5)")
    assert kernel.run("print([name for _, name in socket.if_nameindex()])") == "['lo']"


def test_no_socket_of_any_family_reaches_the_machine(kernel):
    """Only unix, internet and the list of interfaces exist; abstract unix sockets of the machine are out of reach."""
    kernel.run("""
import socket
made = set()
for family in range(64):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        for protocol in (0, 1, 9, 15):
            try:
                socket.socket(family, kind, protocol).close()
            except OSError:
                continue
            made.add((family, protocol if family == socket.AF_NETLINK else 0))
""")
    allowed = {(family, 0) for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)}
    assert set(eval(kernel.run("print({(int(f), p) for f, p in made})"))) <= {(int(f), p) for f, p in allowed}
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0autograder-test")
        server.listen()
        assert "refused" in kernel.run("socket.socket(socket.AF_UNIX).connect('\\0autograder-test')")


def test_memory_outside_every_limit_is_refused(kernel):
    assert "PermissionError" in kernel.run("import os; os.memfd_create('x')")
    kernel.run("import ctypes; libc = ctypes.CDLL(None, use_errno=True)")
    assert kernel.run("print(libc.shmget(0, 2**30, 0o1600), libc.msgget(0, 0o1600))") == "-1 -1"


def test_a_kernel_stays_on_its_cores(kernel):
    given = kernel.run("import os; print(sorted(os.sched_getaffinity(0)))")
    assert "PermissionError" in kernel.run("os.sched_setaffinity(0, range(os.cpu_count()))")
    assert kernel.run("print(sorted(os.sched_getaffinity(0)))") == given


def test_two_kernels_do_not_meet(open_kernel, factory):
    first, second = open_kernel(), open_kernel()
    server = factory._server._process.pid
    (second.work_dir / "answer.txt").write_text("42")
    first.run("import os, signal, sys, numpy; numpy.random.rand = None; sys.modules['left_behind'] = numpy")
    processes = first.run("import os; print({int(p) for p in os.listdir('/proc') if p.isdigit()} == {1, os.getpid()})")
    assert processes == "True"
    for path in (
        second.work_dir,
        second.manager.connection_file,
        Path(first.manager.connection_file).parent.parent / "server.log",
    ):
        assert first.run(f"print(os.path.exists({str(path)!r}))") == "False"
    attack = f"""
own = {{int(task) for process in (1, os.getpid()) for task in os.listdir(f'/proc/{{process}}/task')}} - {{1}}
for pid in {{*range(1, 40_000), {server}, {server} + 1}} - own:
    try:
        os.kill(pid, signal.SIGKILL)
        print('killed', pid)
    except OSError:
        pass
"""
    assert first.run(attack) == "killed 1"  # its own first process takes no signal from inside
    assert (
        second.run("import sys; print('left_behind' in sys.modules, __import__('numpy').random.rand is None)")
        == "False False"
    )
    third = open_kernel()
    assert third.run("print(1 + 1)") == "2"
    assert factory._server._process.pid == server


def test_forks_draw_different_random_numbers(open_kernel):
    code = """
import random, numpy, tensorflow, keras
print(random.random())
print(numpy.random.rand())
print(float(tensorflow.random.normal(())))
print(float(keras.random.normal(())))
print(float(keras.random.uniform((), seed=keras.random.SeedGenerator())))
"""
    draws = [open_kernel().run(code).split() for _ in range(2)]
    assert all(len(drawn) == 5 for drawn in draws)
    assert not set(draws[0]) & set(draws[1])


def test_a_seed_still_gives_the_same_numbers(open_kernel):
    code = "import keras; keras.utils.set_random_seed(237); print(float(keras.random.normal(())))"
    assert open_kernel().run(code) == open_kernel().run(code)
