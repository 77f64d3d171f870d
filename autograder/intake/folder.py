"""Looks into a submission's folder and reads single files, never following a link or opening a device."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograder.intake.problem import Limits, Unreadable, megabytes

# Made by Jupyter, macOS and Python beside the student's own files. Hidden folders are passed over too.
NOT_THE_STUDENTS = {"__MACOSX", "__pycache__"}


@dataclass
class Listing:
    """What lies in a folder: names relative to it, split into folders and the file's name."""

    files: list[tuple[str, ...]] = field(default_factory=list)
    links: list[tuple[str, ...]] = field(default_factory=list)  # never followed
    special: list[tuple[str, ...]] = field(default_factory=list)  # devices, pipes, sockets: never opened
    deep: list[tuple[str, ...]] = field(default_factory=list)  # folders that were not looked into


def is_ours_to_read(name: str) -> bool:
    """Whether a file or folder of this name can be the student's: not hidden, not made by a tool."""
    return not name.startswith(".") and name not in NOT_THE_STUDENTS


def look_into(folder: Path, limits: Limits) -> Listing:
    """List a folder, `limits.depth` folders deep. Raises Unreadable where it can't be listed."""
    listing = Listing()
    room = limits.entries
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        inside = waiting.pop(0)
        try:
            with _directory(folder, inside) as descriptor, os.scandir(descriptor) as entries:
                for entry in entries:
                    room -= 1
                    if room < 0:
                        raise Unreadable(
                            folder,
                            f"The folder holds more than {limits.entries:,} files. Ask for the notebook alone.",
                        )
                    if not is_ours_to_read(entry.name):
                        continue
                    parts = (*inside, entry.name)
                    mode = entry.stat(follow_symlinks=False).st_mode
                    if stat.S_ISLNK(mode):
                        listing.links.append(parts)
                    elif stat.S_ISDIR(mode):
                        (waiting if len(parts) <= limits.depth else listing.deep).append(parts)
                    elif stat.S_ISREG(mode):
                        listing.files.append(parts)
                    else:
                        listing.special.append(parts)
        except OSError as error:
            raise Unreadable(folder.joinpath(*inside), _why(error)) from None
    for found in (listing.files, listing.links, listing.special, listing.deep):
        found.sort()
    return listing


def read_inside(folder: Path, parts: tuple[str, ...], limits: Limits) -> bytes:
    """The bytes of one ordinary file below `folder`.

    Raises FileNotFoundError or IsADirectoryError where there is none, and Unreadable where it is a link, a
    device, too large or closed to us. A file that is swapped for something else meanwhile is refused as
    well: what is checked is the file that was opened.
    """
    path = folder.joinpath(*parts)
    try:
        with _directory(folder, parts[:-1]) as inside:
            mode = os.stat(parts[-1], dir_fd=inside, follow_symlinks=False).st_mode
            _must_be_ordinary(path, mode)
            # Were a pipe put in its place at this moment, O_NONBLOCK keeps us from waiting on it for ever.
            descriptor = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=inside)
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            _must_be_ordinary(path, status.st_mode)
            if status.st_size > limits.file_bytes:
                raise too_large(path, status.st_size, limits)
            raw = file.read(limits.file_bytes + 1)
    except (FileNotFoundError, IsADirectoryError):
        raise
    except OSError as error:
        raise Unreadable(path, _why(error)) from None
    if len(raw) > limits.file_bytes:
        raise too_large(path, len(raw), limits)
    return raw


def too_large(path: Path, size: int, limits: Limits) -> Unreadable:
    """What to say of a file over the limit."""
    return Unreadable(
        path,
        f"The file has {megabytes(size)}; more than {megabytes(limits.file_bytes)} is not read. "
        "Ask for the notebook with its outputs cleared (in JupyterLab: Edit > Clear Outputs of All Cells).",
    )


def _must_be_ordinary(path: Path, mode: int) -> None:
    if stat.S_ISLNK(mode):
        raise Unreadable(path, "This is a symbolic link, and links are never followed. Ask for the file itself.")
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(path)
    if not stat.S_ISREG(mode):
        raise Unreadable(path, "This is not an ordinary file, and was not opened. Ask for the notebook itself.")


@contextmanager
def _directory(folder: Path, inside: tuple[str, ...]) -> Iterator[int]:
    """A descriptor of a folder, reached step by step so that no part of the way can be a link."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    descriptor = os.open(folder, flags)
    try:
        for part in inside:
            below = os.open(part, flags, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "There is no such folder."
    if isinstance(error, NotADirectoryError):
        return "This is not a folder, or it is a symbolic link; links are never followed."
    return f"It can't be opened: {error.strerror or error}."
