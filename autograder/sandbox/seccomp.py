"""A filter of system calls: it closes what namespaces leave open.

It is a list of what is allowed. Everything else is refused: memory that belongs to no process and no mounted file
system (memfd, System V), leases and notifications, which reach whoever else opens the file, quotas that a whole machine
shares (inotify, asynchronous input and output), and every interface of the kernel that no lesson needs, those to come
included.
"""

from __future__ import annotations

import errno
import fcntl
import platform
import socket
import struct

from autograder.sandbox.system_calls import ALLOWED, BY_ARGUMENT

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the tables, AUDIT_ARCH
_X32_BIT = 0x40000000  # x86_64 has a second table of calls behind this bit
# Calls from this number on are young: a program that is told that there is none takes an older one instead.
_YOUNG = 424

_NEW_NAMESPACE = 0x7E020000  # every CLONE_NEW… flag that `clone` takes
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C  # they type into a terminal
_OFD_GETLK, _OFD_SETLK, _OFD_SETLKW, _SETPIPE_SZ, _GETPIPE_SZ = 36, 37, 38, 1031, 1032
_FCNTL_ALLOWED = (
    *(fcntl.F_DUPFD, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_SETFL, fcntl.F_DUPFD_CLOEXEC),
    *(fcntl.F_GETLK, _OFD_GETLK, fcntl.F_GETOWN, fcntl.F_SETOWN, _SETPIPE_SZ, _GETPIPE_SZ),
)
# All sandboxes read the same files, and a lock on one of them is seen by all: it is granted, and not taken.
_FCNTL_GRANTED = (fcntl.F_SETLK, fcntl.F_SETLKW, _OFD_SETLK, _OFD_SETLKW)
_INTERNET_KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
_INTERNET_PROTOCOLS = (0, socket.IPPROTO_TCP, socket.IPPROTO_UDP)
_KIND_MASK = 0xF  # the rest of a socket's kind are flags
_NETLINK_ROUTE = 0  # lists the interfaces of the network namespace; libzmq asks before it binds

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_EQUAL, _ABOVE, _AT_LEAST, _ANY_BIT = 0x15, 0x25, 0x35, 0x45
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, (16, 24, 32)  # offsets in struct seccomp_data
_ALLOW = 0x7FFF0000
_NOTHING_DONE = 0x00050000  # the call says that it has worked, and does nothing

Code = list[tuple[int, int, int, int]]


def _refuse(error: int) -> int:
    return 0x00050000 | error


def supported() -> bool:
    """Is there a table of calls for this processor?"""
    return platform.machine() in _MACHINES


def _answer(answer: int) -> Code:
    return [(_RETURN, 0, 0, answer)]


def _if(test: int, value: int, then: Code) -> Code:
    """Do `then` if the test holds, else go on behind it."""
    return [(test, 0, len(then), value), *then]


def _if_among(values: tuple[int, ...], answer: int) -> Code:
    return [step for value in values for step in _if(_EQUAL, value, _answer(answer))]


def _argument(number: int) -> Code:
    """Look at the lower half of an argument: the kernel takes an int of each that is asked about here."""
    return [(_LOAD, 0, 0, _ARGUMENTS[number])]


def _socket() -> Code:
    internet: Code = [*_argument(1), (_AND, 0, 0, _KIND_MASK)]
    for kind in _INTERNET_KINDS:
        internet += _if(_EQUAL, kind, [*_argument(2), *_if_among(_INTERNET_PROTOCOLS, _ALLOW)])
    internet += _answer(_refuse(errno.EPERM))
    netlink = [*_argument(2), *_if_among((_NETLINK_ROUTE,), _ALLOW), *_answer(_refuse(errno.EAFNOSUPPORT))]
    return [
        *_argument(0),
        *_if_among((socket.AF_UNIX,), _ALLOW),
        *(step for family in (socket.AF_INET, socket.AF_INET6) for step in _if(_EQUAL, family, internet)),
        *_if(_EQUAL, socket.AF_NETLINK, netlink),
        *_answer(_refuse(errno.EAFNOSUPPORT)),
    ]


def _by_argument() -> dict[str, Code]:
    return {
        "clone": [*_argument(0), *_if(_ANY_BIT, _NEW_NAMESPACE, _answer(_refuse(errno.EPERM))), *_answer(_ALLOW)],
        "fcntl": [
            *_argument(1),
            *_if_among(_FCNTL_ALLOWED, _ALLOW),
            *_if_among(_FCNTL_GRANTED, _NOTHING_DONE),
            *_answer(_refuse(errno.EPERM)),
        ],
        "flock": _answer(_NOTHING_DONE),
        "ioctl": [*_argument(1), *_if_among((_TIOCSTI, _TIOCLINUX), _refuse(errno.EPERM)), *_answer(_ALLOW)],
        "socket": _socket(),
        "socketpair": _socket(),
    }


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Numbers as (first, last) of those that follow one another."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def program(machine: str = "") -> bytes:
    """The filter as classic BPF, an array of struct sock_filter. Raises KeyError if not `supported()`."""
    column, architecture = _MACHINES[machine or platform.machine()]
    code: Code = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, architecture), *_answer(_refuse(errno.ENOSYS))]
    code += [(_LOAD, 0, 0, _NUMBER)]
    if column == 0:
        code += _if(_AT_LEAST, _X32_BIT, _answer(_refuse(errno.ENOSYS)))
    for first, last in _runs([number for numbers in ALLOWED.values() if (number := numbers[column]) is not None]):
        code += [(_AT_LEAST, 0, 2, first), (_ABOVE, 1, 0, last), *_answer(_ALLOW)]
    for name, then in _by_argument().items():
        code += _if(_EQUAL, BY_ARGUMENT[name][column], then)
    code += _if(_AT_LEAST, _YOUNG, _answer(_refuse(errno.ENOSYS)))
    code += _answer(_refuse(errno.EPERM))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)
