"""Escapes: the network, other processes, the machine, and what is to outlive the run."""

from tests.hostile.case import (
    NO_SANDBOX,
    NOT_TRIED,
    PASSED,
    RIGHT_STD,
    Case,
    attack,
    failed,
    held,
    probe,
    stopped,
)

# Programs that must be gone after the run are told by this number of seconds.
MARK = "73101"

_SOCKET = """
import socket

def attempt():
    with socket.socket({family}, {kind}{protocol}) as client:
        client.settimeout(3)
        {action}
        return "reached"
"""


def socket_probe(family, kind="socket.SOCK_STREAM", protocol="", action="client.connect(('127.0.0.1', 22))"):
    """Answers that reach somebody through a socket of this family."""
    return probe(_SOCKET.format(family=family, kind=kind, protocol=protocol and f", {protocol}", action=action))


_EVERY_FAMILY = """
import socket

def attempt():
    loot = []
    for family in range(64):
        for kind in (1, 2, 3, 4, 5, 10):
            for protocol in (0, 1, 6, 15):
                try:
                    socket.socket(family, kind, protocol).close()
                except OSError:
                    continue
                if family not in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6):
                    loot.append((family, kind, protocol))
    return [found for found in loot if found[0] != socket.AF_NETLINK or found[2] != 0]  # 0 only lists interfaces
"""
_UNIX = """
import os, socket

def attempt():
    reached = []
    names = [line.split()[-1] for line in open("/proc/net/unix") if line.split()[-1].startswith(("@", "/"))]
    names += ["@/tmp/.X11-unix/X0", "@/tmp/dbus", "/run/dbus/system_bus_socket", "/run/docker.sock"]
    for name in names:
        client = socket.socket(socket.AF_UNIX)
        try:
            client.connect(name.replace("@", "\\0", 1))
            reached.append(name)
        except OSError:
            pass
    return [name for name in reached if "/tmp/" not in name or "connection" in name]
"""
_PTRACE = """
import ctypes, os

def attempt():
    libc = ctypes.CDLL(None, use_errno=True)
    for pid in (1, 2, os.getppid()):
        if libc.ptrace(16, pid, None, None) == 0:
            return pid
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
"""
_FOREIGN_MEMORY = """
import os, signal, time

def attempt():
    loot = []
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        if pid == os.getpid():
            continue
        status = open(f"/proc/{pid}/status").read()
        loot += [(pid, line) for line in status.splitlines() if line.startswith("Seccomp:") and "2" not in line]
        loot += [(pid, line) for line in open(f"/proc/{pid}/limits") if "data size" in line and "unlimited" in line]
        try:
            with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
                code = next(line for line in maps if " r-xp " in line and "libc" in line)
                memory.seek(int(code.split("-")[0], 16))
                memory.write(memory.read(1))
                loot.append(pid)
        except (OSError, StopIteration):
            pass
    return loot
"""
_SYSTEM_CALLS = """
import ctypes, errno, os

def attempt():
    libc = ctypes.CDLL(None, use_errno=True)
    loot = []
    for name, *arguments in [
        ("unshare", 0x10000000), ("unshare", 0x20000), ("setns", 0, 0), ("chroot", b"/"), ("sethostname", b"x", 1),
        ("mount", b"proc", b"/tmp", b"proc", 0, None), ("umount2", b"/tmp", 2), ("pivot_root", b"/tmp", b"/tmp"),
        ("memfd_create", b"x", 0), ("reboot", 0), ("swapon", b"/dev/zero", 0), ("shmget", 0, 4096, 0o1600),
        ("fanotify_init", 0, 0), ("klogctl", 3, None, 0),
    ]:
        call = getattr(libc, name, None)
        if call is not None and call(*arguments) >= 0:
            loot.append(name)
    return loot
"""
_HELD = """
import fcntl, glob, os, sys

def attempt():
    loot = []
    shared = [sys.executable, os.__file__] + glob.glob(os.environ.get("VAELAB_DATA", "/") + "/*.npz")
    for path in shared:
        for flags, command, value in [
            (os.O_RDONLY, fcntl.F_SETLEASE, fcntl.F_WRLCK), (os.O_RDONLY, fcntl.F_SETLEASE, fcntl.F_RDLCK),
            (os.O_RDONLY, fcntl.F_NOTIFY, fcntl.DN_ACCESS),
        ]:
            descriptor = os.open(path if command != fcntl.F_NOTIFY else os.path.dirname(path), flags)
            try:
                fcntl.fcntl(descriptor, command, value)
                loot.append((path, command))
            except OSError:
                pass
            os.close(descriptor)
    # A lock that is really taken is told of in /proc/locks, and by a second descriptor.
    first, second = open(shared[0], "rb"), open(shared[0], "rb")
    fcntl.flock(first, fcntl.LOCK_EX)
    try:
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        loot.append("flock")
    return loot
"""
_QUOTAS = """
import ctypes, os

def attempt():
    if os.uname().machine != "x86_64":
        return []  # the numbers below are this processor's
    libc = ctypes.CDLL(None, use_errno=True)
    context = ctypes.c_ulong()
    loot = []
    for name, number, *arguments in [
        ("inotify_init", 253), ("inotify_init1", 294, 0), ("io_setup", 206, 1, ctypes.byref(context)),
        ("vmsplice", 278, 0, 0, 0, 0), ("tee", 276, 0, 0, 0, 0), ("modify_ldt", 154, 0, 0, 0), ("personality", 135, 0),
        ("seccomp", 317, 2, 0, None), ("landlock", 444, 0, 0, 1), ("kcmp", 312, 1, 1, 0, 0, 0), ("quotactl_fd", 443, 0),
        ("file_setattr", 469, -1, b"/tmp", None, 0, 0), ("io_uring_setup", 425, 1, None), ("statmount", 457, None),
        ("userfaultfd", 323, 1), ("rename", 1000), ("x32 write", 0x40000001, 1, b"x", 1),
    ]:
        ctypes.set_errno(0)
        result = libc.syscall(ctypes.c_long(number), *arguments)
        if result >= 0 or ctypes.get_errno() not in (1, 38):  # EPERM, ENOSYS
            loot.append((name, result, ctypes.get_errno()))
    return loot
"""
_PROTOCOLS = """
import socket

def attempt():
    loot = []
    for family in (socket.AF_INET, socket.AF_INET6):
        for kind in (1, 2, 3, 4, 5):
            for protocol in (1, 2, 33, 58, 115, 132, 136, 255, 262):
                try:
                    socket.socket(family, kind, protocol).close()
                    loot.append((family, kind, protocol))
                except OSError:
                    pass
    return loot
"""
_WRITE = """
import os, sys, numpy

def attempt():
    loot = []
    packages = os.path.dirname(numpy.__file__)
    for path in (numpy.__file__, os.path.join(packages, "evil.py"), "/usr/bin/evil", "/etc/evil", "/evil",
                 sys.executable, "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/dev/evil", "/var/evil",
                 os.path.join(os.environ.get("VAELAB_DATA", "/"), "evil")):
        try:
            with open(path, "ab"):
                loot.append(path)
        except OSError:
            pass
    return loot
"""
_DEVICES = """
import os, stat

def attempt():
    loot = []
    for path in ("/dev/vda", "/dev/sda", "/dev/mem", "/dev/kmsg", "/dev/fuse", "/dev/kvm", "/dev/net/tun"):
        try:
            os.close(os.open(path, os.O_RDONLY))
            loot.append(path)
        except OSError:
            pass
    for number in ((8, 0), (1, 1), (254, 0)):
        try:
            os.mknod(f"/tmp/device-{number[0]}", 0o600 | stat.S_IFBLK, os.makedev(*number))
            loot.append(number)
        except OSError:
            pass
    return loot
"""
_SU = """
import os, subprocess

def attempt():
    loot = [line for line in open("/proc/self/status") if line.startswith("Cap") and int(line.split()[1], 16)]
    mount = ["mount", "-t", "tmpfs", "x", "/tmp"]
    for command in (["su", "-c", "id"], ["sudo", "-n", "id"], ["unshare", "-Ur", "true"], mount):
        try:
            done = subprocess.run(command, capture_output=True, timeout=5, stdin=subprocess.DEVNULL)
            if done.returncode == 0 and command[0] != "su":
                loot.append(command)
        except (OSError, subprocess.TimeoutExpired):
            pass
    return loot
"""
_OWN_SANDBOX = """
import tempfile
from autograder.sandbox import KernelFactory

def attempt():
    with KernelFactory(require_sandbox=True) as factory:
        return factory.sandboxed
"""
_SQLITE = """
import sqlite3

def attempt():
    loot = []
    for path in ("../gradebook.db", "../../gradebook.db", "../../../gradebook.db", "/gradebook.db"):
        try:
            book = sqlite3.connect(path)
            book.execute("create table grade (auto_score)")
            book.commit()
            loot.append(path)
        except sqlite3.OperationalError as problem:
            said = problem
    return loot
"""
_SOCKET_FOLDER = """
import os, json

def attempt():
    from ipykernel.connect import get_connection_file
    folder = os.path.dirname(get_connection_file())
    loot = []
    for name in ("evil", "connection.json"):
        try:
            with open(os.path.join(folder, name), "a"):
                loot.append(name)
        except OSError:
            pass
    try:
        os.rename(folder, folder + "-moved")
        loot.append(folder)
    except OSError:
        pass
    return loot + [name for name in os.listdir(os.path.dirname(folder)) if name != os.path.basename(folder)]
"""
_DAEMONS = f"""
import os, signal, subprocess

for _ in range(3):
    subprocess.Popen(["setsid", "nohup", "sleep", "{MARK}"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "{MARK}"])
    os._exit(0)
"""
_ATEXIT = f"""
import atexit, subprocess, threading, time, weakref

def late():
    subprocess.Popen(["sleep", "{MARK}"], start_new_session=True)
    time.sleep({MARK})

atexit.register(late)
threading.Thread(target=time.sleep, args=({MARK},)).start()
threading.Thread(target=time.sleep, args=({MARK},), daemon=True).start()
"""
_DEL = f"""
import time

class Bomb:
    def __del__(self):
        time.sleep({MARK})

bomb = Bomb()
bomb.itself = bomb
"""
_LINKS_BEHIND = """
import os

for number in range(50):
    os.makedirs(f"/submission/tree/{number}")
    os.symlink("/", f"/submission/tree/{number}/root")
    os.symlink("/tmp", f"/submission/tree/{number}/tmp")
    os.symlink("../../../../../../..", f"/submission/tree/{number}/up")
"""
_RACE = """
import os, threading, time

def swap():
    while True:  # a folder that is a link every other moment, for whoever walks the tree meanwhile
        try:
            os.mkdir("/submission/swapped")
            os.rmdir("/submission/swapped")
            os.symlink("/tmp", "/submission/swapped")
            os.unlink("/submission/swapped")
            time.sleep(0.0005)
        except OSError:
            pass

threading.Thread(target=swap, daemon=True).start()
"""
_CLOSED = """
import os
os.makedirs("/submission/closed/deep/down")
open("/submission/closed/deep/file", "w").close()
os.chmod("/submission/closed/deep", 0)
os.chmod("/submission/closed", 0)
os.chmod("/submission", 0)
"""

CASES = [
    Case(
        "network-ipv4",
        "connects to the internet and to this machine over IPv4",
        NO_SANDBOX,
        answers=socket_probe("socket.AF_INET", action="client.connect(('1.1.1.1', 53))"),
        std=held("OSError: [Errno 101]"),
    ),
    Case(
        "network-loopback",
        "connects to services of this machine over IPv4",
        NO_SANDBOX,
        answers=socket_probe("socket.AF_INET"),
        std=held("ConnectionRefusedError"),
    ),
    Case(
        "network-ipv6",
        "connects to the internet over IPv6",
        NO_SANDBOX,
        answers=socket_probe("socket.AF_INET6", action="client.connect(('2606:4700:4700::1111', 53))"),
        std=held("OSError"),
    ),
    Case(
        "network-udp",
        "sends a name query",
        NO_SANDBOX,
        answers=socket_probe("socket.AF_INET", "socket.SOCK_DGRAM", action="client.sendto(b'x', ('8.8.8.8', 53))"),
        std=held("OSError: [Errno 101]"),
    ),
    Case(
        "network-raw",
        "opens a raw socket",
        NO_SANDBOX,
        answers=socket_probe("socket.AF_INET", "socket.SOCK_RAW", "socket.IPPROTO_ICMP"),
        std=held("PermissionError"),
    ),
    Case(
        "network-unix",
        "connects to every named and abstract Unix socket it can list or guess",
        NO_SANDBOX,
        answers=probe(_UNIX),
        std=held("nothing found"),
    ),
    Case(
        "network-netlink",
        "listens to the kernel's device events",
        NO_SANDBOX,
        answers=socket_probe("socket.AF_NETLINK", "socket.SOCK_RAW", "15", "client.bind((0, 1))"),
        std=held("OSError: [Errno 97]"),
    ),
    Case(
        "network-packet",
        "captures packets",
        NO_SANDBOX,
        answers=socket_probe("socket.AF_PACKET", "socket.SOCK_RAW", "3"),
        std=held("OSError: [Errno 97]"),
    ),
    Case(
        "network-vsock",
        "connects to the machine's own host",
        NO_SANDBOX,
        answers=socket_probe("socket.AF_VSOCK", action="client.connect((2, 22))"),
        std=held("OSError: [Errno 97]"),
    ),
    Case(
        "network-bluetooth",
        "opens sockets of rarer families",
        NO_SANDBOX,
        answers=socket_probe("31", "socket.SOCK_RAW", "1"),
        std=held("OSError: [Errno 97]"),
    ),
    Case(
        "network-every-family",
        "opens sockets of all 64 families, of every kind",
        NO_SANDBOX,
        answers=probe(_EVERY_FAMILY),
        std=held("nothing found"),
    ),
    Case(
        "ptrace",
        "attaches a debugger to other processes",
        NO_SANDBOX,
        answers=probe(_PTRACE),
        std=held("PermissionError"),
    ),
    Case(
        "foreign-memory",
        "writes code into the memory of the processes that hold its sandbox open, and looks for one without limits",
        NO_SANDBOX,
        answers=probe(_FOREIGN_MEMORY),
        std=held("nothing found"),
    ),
    Case(
        "system-calls",
        "tries mount, chroot, setns, unshare, memfd_create and other system calls",
        NO_SANDBOX,
        answers=probe(_SYSTEM_CALLS),
        std=held("nothing found"),
    ),
    Case(
        "files-held",
        "takes leases, notifications and locks on the files that all sandboxes read",
        NO_SANDBOX,
        answers=probe(_HELD),
        std=held("nothing found"),
    ),
    Case(
        "quotas",
        "asks for inotify, asynchronous input and output, and fifteen other calls that no lesson needs",
        NO_SANDBOX,
        answers=probe(_QUOTAS),
        std=held("nothing found"),
    ),
    Case(
        "network-protocols",
        "opens sockets of other protocols than TCP and UDP",
        NO_SANDBOX,
        answers=probe(_PROTOCOLS),
        std=held("nothing found"),
    ),
    Case(
        "packages-written",
        "writes into packages, programs, /etc, the data and the kernel's settings",
        NO_SANDBOX,
        answers=probe(_WRITE),
        std=held("nothing found"),
    ),
    Case(
        "devices",
        "opens disks and memory, and makes device files",
        NO_SANDBOX,
        answers=probe(_DEVICES),
        std=held("nothing found"),
    ),
    Case(
        "privileges",
        "looks for capabilities, su, sudo and user namespaces",
        NO_SANDBOX,
        answers=probe(_SU),
        std=held("nothing found"),
    ),
    Case(
        "own-sandbox",
        "starts a kernel server of its own",
        NO_SANDBOX,
        answers=probe(_OWN_SANDBOX),
        std=held("SandboxUnavailable"),
    ),
    Case(
        "sqlite-relative",
        "writes a gradebook over relative paths",
        NO_SANDBOX,
        answers=probe(_SQLITE),
        std=held("nothing found"),
    ),
    Case(
        "socket-folder",
        "changes the connection file and looks for other kernels' sockets",
        NO_SANDBOX,
        answers=probe(_SOCKET_FOLDER),
        std=held("nothing found"),
    ),
    Case(
        "kill-itself",
        "kills its own kernel",
        NO_SANDBOX,
        answers=attack("import os\nos.kill(os.getpid(), 9)"),
        std=stopped("the kernel was ended by SIGKILL"),
    ),
    Case(
        "kill-parent",
        "kills its parent",
        NO_SANDBOX,
        answers=attack("import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(2)"),
        std=stopped("the kernel was ended by SIGKILL"),
    ),
    Case(
        "kill-everybody",
        "sends SIGKILL to every process it can see",
        NO_SANDBOX,
        answers=attack("import os, time\nos.kill(1, 9)\nos.kill(-1, 9)\ntime.sleep(2)"),
        std=failed("No such process"),
    ),
    Case(
        "kill-when-called",
        "kills its kernel when a check calls it",
        NO_SANDBOX,
        answers=attack("import os", "def std_from_log_var(z_log_var):\n    os.kill(os.getpid(), 9)\n"),
        std=stopped("the kernel was ended by SIGKILL"),
    ),
    Case(
        "daemons",
        "leaves detached processes that ignore signals",
        NO_SANDBOX,
        answers=attack(_DAEMONS, RIGHT_STD),
        std=PASSED,
        ours="none of them outlives the submission",
    ),
    Case(
        "atexit-and-threads",
        "leaves threads and atexit functions that start programs and never end",
        NOT_TRIED,
        answers=attack(_ATEXIT, RIGHT_STD),
        std=PASSED,
        ours="none of them outlives the submission",
    ),
    Case(
        "del-bomb", "leaves an object whose __del__ never ends", NOT_TRIED, answers=attack(_DEL, RIGHT_STD), std=PASSED
    ),
    Case(
        "links-behind",
        "leaves links to / and upwards for whoever clears up",
        NO_SANDBOX,
        answers=attack(_LINKS_BEHIND, RIGHT_STD),
        std=PASSED,
    ),
    Case(
        "symlink-race",
        "swaps a folder with a link all the time while the grader walks the tree",
        NO_SANDBOX,
        answers=attack(_RACE, RIGHT_STD),
        std=PASSED,
    ),
    Case(
        "folders-closed",
        "takes all permissions from its own folders",
        NOT_TRIED,
        answers=attack(_CLOSED, RIGHT_STD),
        std=PASSED,
        ours="and the folders are removed all the same",
    ),
]
