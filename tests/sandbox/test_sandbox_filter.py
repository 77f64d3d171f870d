"""The filter of system calls, run here as the kernel runs it: what it answers to a call, on both processors."""

from __future__ import annotations

import errno
import fcntl
import socket
import struct

import pytest

from autograder.sandbox import seccomp
from autograder.sandbox.system_calls import ALLOWED, BY_ARGUMENT

pytestmark = pytest.mark.without_sandbox

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW = "allowed"
NOTHING_DONE = 0
# What must never get onto the list, with its numbers on both processors.
NEVER = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "fanotify_init": (300, 262),
    "init_module": (175, 105),
    "inotify_add_watch": (254, 27),
    "inotify_init1": (294, 26),
    "io_setup": (206, 0),
    "io_submit": (209, 2),
    "kcmp": (312, 272),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "mount": (165, 40),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "seccomp": (317, 277),
    "semget": (64, 190),
    "setns": (308, 268),
    "shmget": (29, 194),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "tee": (276, 77),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vmsplice": (278, 75),
}
# Since then both processors share their numbers, and a program that is told ENOSYS takes an older call.
NEVER_YOUNG = {
    "clone3": 435,
    "file_setattr": 469,
    "fsopen": 430,
    "futex_waitv": 449,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "io_uring_setup": 425,
    "landlock_create_ruleset": 444,
    "memfd_secret": 447,
    "mount_setattr": 442,
    "move_mount": 429,
    "open_tree": 428,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "process_mrelease": 448,
    "quotactl_fd": 443,
    "nobody knows yet": 700,
}


def answer(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int | str:
    """What the program says: ALLOW, or the error that the call gets; 0 is a success that does nothing."""
    data = struct.pack(
        "<iIQ6Q", number, architecture or ARCHITECTURES[machine], 0, *arguments, *[0] * (6 - len(arguments))
    )
    steps = list(struct.iter_unpack("HBBI", seccomp.program(machine)))
    at = held = 0
    while True:
        code, if_true, if_false, value = steps[at]
        at += 1
        if code == 0x06:
            return ALLOW if value == 0x7FFF0000 else _error(value)
        if code == 0x20:
            held = struct.unpack_from("<I", data, value)[0]
        elif code == 0x54:
            held &= value
        else:
            holds = {0x15: held == value, 0x25: held > value, 0x35: held >= value, 0x45: bool(held & value)}[code]
            at += if_true if holds else if_false


def _error(value: int) -> int:
    assert value >> 16 == 5, "neither allowed nor an error"
    return value & 0xFFFF


@pytest.fixture(params=[0, 1], ids=list(ARCHITECTURES))
def column(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def ask(column: int):
    """Ask the filter of one processor: by name or number, and arguments."""
    machine = list(ARCHITECTURES)[column]
    return lambda call, *arguments: answer(
        machine, BY_ARGUMENT[call][column] if isinstance(call, str) else call, *arguments
    )


def test_every_call_of_the_list_is_allowed_and_no_other(ask, column):
    allowed = {numbers[column] for numbers in ALLOWED.values()} - {None}
    asked = {numbers[column] for numbers in BY_ARGUMENT.values()}
    assert {number for number in range(600) if number not in asked and ask(number) == ALLOW} == allowed


def test_no_name_stands_twice_and_no_number_has_two_names(column):
    numbers = [n[column] for n in (*ALLOWED.values(), *BY_ARGUMENT.values()) if n[column] is not None]
    assert len(numbers) == len(set(numbers))
    assert not set(ALLOWED) & set(BY_ARGUMENT)


def test_what_no_lesson_needs_is_refused(ask, column):
    assert {name: ask(numbers[column]) for name, numbers in NEVER.items()} == dict.fromkeys(NEVER, errno.EPERM)
    assert not set(NEVER) & set(ALLOWED)


def test_a_young_call_does_not_exist(ask):
    assert {name: ask(number) for name, number in NEVER_YOUNG.items()} == dict.fromkeys(NEVER_YOUNG, errno.ENOSYS)


def test_another_table_of_calls_does_not_exist():
    assert answer("x86_64", 0, architecture=0x40000003) == errno.ENOSYS  # i386
    assert answer("x86_64", 0x40000000) == errno.ENOSYS  # x32
    assert answer("aarch64", 63, architecture=0x40000028) == errno.ENOSYS  # 32-bit ARM


def test_a_file_can_be_neither_leased_nor_watched_and_a_lock_is_seen_by_nobody(ask):
    for command in (fcntl.F_SETLEASE, fcntl.F_NOTIFY, fcntl.F_SETSIG, 1036, 4711):
        assert ask("fcntl", 3, command) == errno.EPERM, command
    for command in (fcntl.F_SETLK, fcntl.F_SETLKW, 37, 38):
        assert ask("fcntl", 3, command) == NOTHING_DONE, command
    assert ask("flock", 3, fcntl.LOCK_EX) == NOTHING_DONE
    for command in (fcntl.F_DUPFD, fcntl.F_GETFL, fcntl.F_SETFL, fcntl.F_SETFD, fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETLK):
        assert ask("fcntl", 3, command) == ALLOW, command
    assert ask("fcntl", 3, fcntl.F_SETLEASE | 2**32) == errno.EPERM  # the kernel takes an int


def test_a_clone_stays_in_its_namespaces(ask):
    thread = 0x3D0F00
    assert ask("clone", thread) == ask("clone", 17) == ALLOW
    for namespace in (0x10000000, 0x20000, 0x20000000, 0x40000000, 0x08000000, 0x04000000, 0x02000000):
        assert ask("clone", namespace | 17) == errno.EPERM, hex(namespace)


@pytest.mark.parametrize("call", ["socket", "socketpair"])
def test_sockets_are_local_or_tcp_and_udp(ask, call):
    stream, datagram = socket.SOCK_STREAM | socket.SOCK_CLOEXEC, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK
    for family in (socket.AF_INET, socket.AF_INET6):
        for kind in (stream, datagram):
            assert ask(call, family, kind, 0) == ask(call, family, kind, 6) == ask(call, family, kind, 17) == ALLOW
            for protocol in (1, 33, 132, 136, 262):
                assert ask(call, family, kind, protocol) == errno.EPERM, protocol
        assert ask(call, family, socket.SOCK_RAW, 1) == ask(call, family, socket.SOCK_RAW, 6) == errno.EPERM
        assert ask(call, family, socket.SOCK_SEQPACKET, 132) == errno.EPERM
    assert ask(call, socket.AF_UNIX, stream, 0) == ALLOW
    assert ask(call, socket.AF_NETLINK, socket.SOCK_RAW, 0) == ALLOW
    assert ask(call, socket.AF_NETLINK, socket.SOCK_RAW, 15) == errno.EAFNOSUPPORT
    for family in (socket.AF_VSOCK, socket.AF_PACKET, socket.AF_ALG, 44):
        assert ask(call, family, stream, 0) == errno.EAFNOSUPPORT, family


def test_nobody_types_into_a_terminal(ask):
    assert ask("ioctl", 0, 0x5412) == ask("ioctl", 0, 0x541C) == errno.EPERM
    assert ask("ioctl", 0, 0x5401) == ALLOW
