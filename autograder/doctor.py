"""``autograder doctor``: is this machine ready? Each ✗ comes with the command that fixes it."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.course import Course
from autograder.distribution import distribution
from autograder.sandbox import limits_kept_by, protections

PYTHONS = ((3, 11), (3, 12), (3, 13))
MEMORY_GIB = 4
DISK_GIB = 2
_LOCKS = ("requirements.lock", "constraints.txt")
_PIN = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)\s*(?:;\s*(.*?))?\s*\\?$")


@dataclass(frozen=True)
class Finding:
    """The result of one examination. ``fix`` is the command to run, empty if there is no problem."""

    what: str
    ok: bool
    detail: str = ""
    fix: str = ""


def examine(course: Course) -> Iterator[Finding]:
    """Examine everything in turn; a later examination doesn't depend on an earlier one."""
    examinations: list[Callable[[], Finding]] = [
        _python,
        lambda: _packages(course),
        *(lambda what=what, code=code: _ready(course, what, code) for what, code in course.settings.ready.items()),
        _nbgrader,
        _sandbox,
        _memory,
        lambda: _disk(course),
    ]
    for look in examinations:
        try:
            yield look()
        except Exception as error:  # one broken examination must not hide the others
            yield Finding(look.__name__.strip("_<>"), False, f"{type(error).__name__}: {error}")


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info[:2] in PYTHONS
    return Finding("Python", ok, version, "" if ok else "set up the environment again with Python 3.12")


def _packages(course: Course) -> Finding:
    lock = next((file for name in _LOCKS if (file := course.root / name).is_file()), None)
    if lock is None:
        return Finding("packages as locked", True, "there is no requirements.lock in the course folder")
    # A student's zip has constraints.txt. It also pins the instructor's tools, which a student need not have.
    needed = None if lock.name == "requirements.lock" else _required()
    wrong = []
    for name, wanted in _pins(lock):
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if needed is not None and canonicalize_name(name) not in needed:
                continue
            found = "missing"
        if found != wanted:
            wrong.append(f"{name} is {found}, but the lock says {wanted}")
    fix = f'"{sys.executable}" -m pip install -r "{lock}"'
    return Finding("packages as locked", not wrong, "; ".join(wrong[:5]), fix if wrong else "")


def _required() -> set[str]:
    """What the engine itself needs on this machine, without its optional parts."""
    wanted = map(Requirement, importlib.metadata.requires(distribution()) or [])
    return {canonicalize_name(r.name) for r in wanted if r.marker is None or r.marker.evaluate({"extra": ""})}


def _pins(lock: Path) -> Iterator[tuple[str, str]]:
    """(name, version) of every requirement in the lock that is meant for this machine."""
    for line in lock.read_text(encoding="utf-8").splitlines():
        pin = _PIN.match(line)
        if pin and (pin[3] is None or Marker(pin[3].rstrip("\\ ")).evaluate()):
            yield pin[1], pin[2]


def _ready(course: Course, what: str, code: str) -> Finding:
    """Whether a line of the course's own runs, in its folder and with its environment."""
    env = os.environ | dict(course.surroundings().environment)
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=course.root, env=env, capture_output=True, text=True, timeout=180)
    detail = "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it stopped"])[-1]
    return Finding(what, not detail, detail, "set up the course's environment again" if detail else "")


def _nbgrader() -> Finding:
    jupyter = [sys.executable, "-m", "jupyter"]
    server = subprocess.run([*jupyter, "server", "extension", "list"], capture_output=True, text=True, timeout=120)
    lab = subprocess.run([*jupyter, "labextension", "list"], capture_output=True, text=True, timeout=120)
    missing = [
        name
        for name, listing in {
            "nbgrader.server_extensions.formgrader": server,
            "nbgrader.server_extensions.validate_assignment": server,
            "@jupyter/nbgrader": lab,
        }.items()
        if name not in listing.stdout + listing.stderr
    ]
    fix = f"{sys.executable} -m jupyter server extension enable --sys-prefix --py nbgrader"
    return Finding("nbgrader in JupyterLab", not missing, ", ".join(missing), fix if missing else "")


def _sandbox() -> Finding:
    off = protections()
    fix = "sudo apt-get install bubblewrap" if not shutil.which("bwrap") else "see docs/instructor.md, Sandbox"
    return Finding("sandbox", not off, " ".join(off) or limits_kept_by(), fix if off else "")


def _memory() -> Finding:
    free = psutil.virtual_memory().available / 2**30
    ok = free >= MEMORY_GIB
    return Finding(
        "free memory", ok, f"{free:.1f} GiB", "" if ok else f"close other programs: {MEMORY_GIB} GiB are required"
    )


def _disk(course: Course) -> Finding:
    free = shutil.disk_usage(course.root).free / 2**30
    ok = free >= DISK_GIB and os.access(course.root, os.W_OK)
    return Finding(
        "free disk", ok, f"{free:.1f} GiB", "" if ok else f"free some disk space: {DISK_GIB} GiB are required"
    )
