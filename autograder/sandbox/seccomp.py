"""A filter of system calls: it closes what namespaces leave open.

Three kinds of call are refused. Memory that belongs to no process and to no mounted file system (memfd, System V
shared memory, message queues) would escape the memory limit. A kernel stays on the cores that the grader started it
on. Sockets outside the network namespace (AF_VSOCK reaches the machine's own host) and little-used kernel interfaces
serve no lesson.
"""

from __future__ import annotations

import errno
import platform
import socket
import struct

# name: (x86_64, aarch64), from the kernel's unistd tables.
_REFUSED = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "fanotify_init": (300, 262),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "request_key": (249, 218),
    "sched_setaffinity": (203, 122),
    "semget": (64, 190),
    "setns": (308, 268),
    "shmget": (29, 194),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
_SOCKET_CALLS = {"socket": (41, 198), "socketpair": (53, 199)}
_SOCKET_FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH
_X32_BIT = 0x40000000  # x86_64 has a second table of calls behind this bit

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _FAMILY, _PROTOCOL = 0, 4, 16, 32  # offsets in struct seccomp_data
_NETLINK_ROUTE = 0  # lists the interfaces of the network namespace; libzmq asks before it binds
_ALLOW = 0x7FFF0000


def _refuse(error: int) -> int:
    return 0x00050000 | error


def supported() -> bool:
    """Is there a table of calls for this processor?"""
    return platform.machine() in _MACHINES


def program() -> bytes:
    """The filter as classic BPF, an array of struct sock_filter. Raises KeyError if not `supported()`."""
    column, architecture = _MACHINES[platform.machine()]
    code: list[tuple[int, int, int, int]] = []

    def answer_if(test: int, value: int, answer: int) -> None:
        """Give `answer` if the test holds; else go on."""
        code.append((test, 0, 1, value))
        code.append((_RETURN, 0, 0, answer))

    code.append((_LOAD, 0, 0, _ARCHITECTURE))
    code.append((_EQUAL, 1, 0, architecture))
    code.append((_RETURN, 0, 0, _refuse(errno.ENOSYS)))
    code.append((_LOAD, 0, 0, _NUMBER))
    if column == 0:
        answer_if(_AT_LEAST, _X32_BIT, _refuse(errno.ENOSYS))
    for numbers in _REFUSED.values():
        answer_if(_EQUAL, numbers[column], _refuse(errno.EPERM))
    socket_call, pair_call = (numbers[column] for numbers in _SOCKET_CALLS.values())
    code.append((_EQUAL, 2, 0, socket_call))
    code.append((_EQUAL, 1, 0, pair_call))
    code.append((_RETURN, 0, 0, _ALLOW))
    code.append((_LOAD, 0, 0, _FAMILY))
    for family in _SOCKET_FAMILIES:
        answer_if(_EQUAL, family, _ALLOW)
    code.append((_EQUAL, 0, 3, socket.AF_NETLINK))
    code.append((_LOAD, 0, 0, _PROTOCOL))
    answer_if(_EQUAL, _NETLINK_ROUTE, _ALLOW)
    code.append((_RETURN, 0, 0, _refuse(errno.EAFNOSUPPORT)))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)
