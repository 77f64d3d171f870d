"""Reads a download, a folder or a zip: the files in it, each with bytes that are read when they are wanted."""

import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.intake.folder import is_ours_to_read
from autograder.text import shown

MOST_FILES = 50_000
MOST_BYTES = 50_000_000  # of one file


class DownloadError(Exception):
    """A download that can't be read; the message names it."""


@dataclass(frozen=True)
class Found:
    """A file of the download."""

    parts: tuple[str, ...]
    size: int
    changed: datetime
    read: Callable[[], bytes]

    @property
    def path(self) -> str:
        """Its path in the download, fit to be shown."""
        return shown("/".join(self.parts), longest=200)


def files_of(download: Path) -> tuple[list[Found], list[str]]:
    """Every file of a download, by path, and a sentence for each entry that is passed over. Raises DownloadError."""
    said: list[str] = []
    if download.is_dir():
        found = list(_of_folder(download, said))
    elif zipfile.is_zipfile(download):
        try:
            found = list(_of_zip(download, said))
        except (zipfile.BadZipFile, OSError) as error:
            raise DownloadError(f"{download} can't be read: {error}") from None
    elif download.exists():
        raise DownloadError(f"{download} is neither a folder nor a zip.")
    else:
        raise DownloadError(f"{download} does not exist.")
    return sorted(found, key=lambda one: one.parts), said


def _of_folder(folder: Path, said: list[str]) -> Iterator[Found]:
    count = 0
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not all(is_ours_to_read(part) for part in parts):
            continue
        status = path.lstat()
        if stat.S_ISDIR(status.st_mode):
            continue
        if not stat.S_ISREG(status.st_mode):
            said.append(f"{shown('/'.join(parts))}: not taken, it is no ordinary file.")
            continue
        count = _counted(count)
        if _fits(parts, status.st_size, said):
            yield Found(parts, status.st_size, datetime.fromtimestamp(status.st_mtime), path.read_bytes)


def _of_zip(archive: Path, said: list[str]) -> Iterator[Found]:
    opened = zipfile.ZipFile(archive)  # open as long as a file of it may be read
    count = 0
    for member in opened.infolist():
        if member.is_dir():
            continue
        parts = tuple(part for part in member.filename.replace("\\", "/").split("/") if part not in ("", ".", ".."))
        if not parts or not all(is_ours_to_read(part) for part in parts):
            continue
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            said.append(f"{shown(member.filename)}: not taken, it is no ordinary file.")
            continue
        count = _counted(count)
        if _fits(parts, member.file_size, said):
            yield Found(parts, member.file_size, datetime(*member.date_time), _reader(opened, member))


def _reader(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        with opened.open(member) as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise DownloadError(f"{shown(member.filename)} is larger than it says.")
        return content

    return read


def _counted(count: int) -> int:
    if count >= MOST_FILES:
        raise DownloadError(f"the download holds more than {MOST_FILES:,} files.")
    return count + 1


def _fits(parts: tuple[str, ...], size: int, said: list[str]) -> bool:
    if size > MOST_BYTES:
        said.append(
            f"{shown('/'.join(parts))}: not taken, it has {size / 1e6:,.0f} MB, more than {MOST_BYTES // 10**6}."
        )
    return size <= MOST_BYTES
