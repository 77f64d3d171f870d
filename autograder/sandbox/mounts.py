"""What a sandboxed kernel sees of the machine, as arguments for bubblewrap.

Everything is left out that is not named here: the home folder, the course's source, solutions, submissions and
gradebook, and the hidden checks, which are covered even where a folder that is named holds them.
"""

from __future__ import annotations

import importlib.util
import os
import site
import stat
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from autograder.sandbox.limits import Limits, MiB
from autograder.surroundings import Surroundings

INSIDE = "/submission"
HOLDER = "/holder/sleep"  # the program that holds a sandbox open: a copy, under its usual name
_ROOM_BYTES = 32 * MiB  # beyond what a submission may write, for the questions that a grader puts there
_SHARED_MEMORY_BYTES = 64 * MiB
_ENGINE = "autograder"  # the kernel starts with it, and notebooks import its check
# From which new courses are made: it holds solutions and hidden checks.
_TEMPLATE = Path(__file__).resolve().parents[1] / "scaffold"

# Folders of an installation that hold programs; others, such as share/ and src/, may hold course files.
_PROGRAM_FOLDERS = ("bin", "lib", "lib32", "lib64", "libexec", "pyvenv.cfg", "share/jupyter")
_SYSTEM = ("/usr/share", "/nix/store", "/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime")


def package_folders(packages: Iterable[str] = ()) -> list[Path]:
    """Where this package and ``packages`` lie; one that is not installed is left out."""
    folders = []
    for name in (*packages, _ENGINE):
        found = importlib.util.find_spec(name)
        if found is not None and found.submodule_search_locations:
            folders.append(Path(next(iter(found.submodule_search_locations))))
    return folders


def _installations() -> list[Path]:
    """Roots under which the interpreter and the system keep their programs, as named and as resolved."""
    named = ["/usr", "/usr/local", sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix]
    named.append(str(Path(os.path.realpath(sys.executable)).parent.parent))
    return list(dict.fromkeys(path for root in named for path in (Path(root), Path(root).resolve())))


@lru_cache(maxsize=8)  # they are the same for every kernel of a run
def _readable_folders(readable: tuple[Path, ...], packages: tuple[str, ...]) -> tuple[Path, ...]:
    """The host paths that are mounted read-only, each where it lies; none lies in another one."""
    paths = [root / part for root in _installations() for part in _PROGRAM_FOLDERS]
    paths += [Path(path) for path in _SYSTEM]
    # Packages may lie outside the installation: pip install --user, or a system with dist-packages.
    user_site = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    paths += [Path(path) for path in [*site.getsitepackages(), *user_site]]
    paths += package_folders(packages)
    paths += [Path(os.path.abspath(path)) for path in readable]
    existing = dict.fromkeys(path for path in paths if path.exists())
    folders = sorted(existing, key=lambda path: len(path.parts))
    return tuple(path for path in folders if not _below(path, folders))


def _below(path: Path, roots: Iterable[Path]) -> bool:
    return any(path != root and path.is_relative_to(root) for root in roots)


def _root_links() -> list[str]:
    """/bin, /lib and their like: links into /usr on most systems, folders of their own on others."""
    arguments = []
    for path in (Path(f"/{name}") for name in ("bin", "sbin", "lib", "lib32", "lib64")):
        if path.is_symlink():
            arguments += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    return arguments


def _machine_settings() -> list[str]:
    """Mount read-only what in /proc is not a process, and cover what only root may read.

    A sandbox that root started has root's user id towards the kernel, capabilities or not, and many of these files
    ask for no more: a write to /proc/sys/kernel/core_pattern would run a program on the machine itself. For anyone
    else only settings of the sandbox's own namespaces are writable.
    """
    if os.getuid() != 0:
        return ["--ro-bind", "/proc/sys", "/proc/sys"]
    arguments = []
    for entry in sorted(Path("/proc").iterdir()):
        if not entry.name.isdigit() and not entry.is_symlink():
            readable = entry.is_dir() or entry.stat().st_mode & stat.S_IROTH
            arguments += ["--ro-bind", str(entry) if readable else os.devnull, str(entry)]
    return arguments


def _covered_in(binds: Iterable[Path], covered: Iterable[Path]) -> list[Path]:
    """Every path inside that leads to a covered folder. Some folders are mounted twice: lib/ and its link lib64/."""
    mounted = [(path, path.resolve()) for path in binds]
    return [
        path / folder.relative_to(source)
        for folder in (path.resolve() for path in covered)
        if folder.is_dir()
        for path, source in mounted
        if folder.is_relative_to(source)
    ]


def sandbox_arguments(
    work_dir: Path | None,
    socket_dir: Path,
    limits: Limits,
    surroundings: Surroundings = Surroundings(),  # noqa: B008  (it is frozen)
) -> list[str]:
    """bubblewrap's arguments for one kernel, without the program to run.

    work_dir is the one host folder that can be written to, as /submission; None makes that a file system in memory, of
    limits.disk_bytes. socket_dir, where the kernel makes
    its sockets, is mounted where it lies; the keeper makes it read-only once they are there.
    """
    binds = _readable_folders(surroundings.readable, surroundings.packages)
    arguments = ["--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent", "--new-session"]
    arguments += ["--cap-drop", "ALL", "--hostname", "sandbox", "--clearenv"]
    arguments += _root_links()
    # Made before the binds, so that a readable folder which lies in /tmp is not covered.
    arguments += ["--perms", "1777", "--size", str(limits.tmp_bytes), "--tmpfs", "/tmp"]
    for path in binds:
        arguments += ["--ro-bind", str(path), str(path)]
    for path in _covered_in(binds, (*surroundings.covered, _TEMPLATE)):
        arguments += ["--size", "4096", "--tmpfs", str(path), "--remount-ro", str(path)]
    arguments += ["--proc", "/proc", *_machine_settings(), "--dev", "/dev"]
    arguments += ["--perms", "1777", "--size", str(_SHARED_MEMORY_BYTES), "--tmpfs", "/dev/shm"]
    arguments += ["--remount-ro", "/dev"]
    arguments += ["--bind", str(socket_dir), str(socket_dir)]
    if work_dir is None:
        size = int(limits.disk_bytes) + _ROOM_BYTES
        arguments += ["--perms", "0755", "--size", str(size), "--tmpfs", INSIDE]
    else:
        arguments += ["--bind", str(work_dir), INSIDE]
    return [*arguments, "--chdir", INSIDE, "--remount-ro", "/"]
