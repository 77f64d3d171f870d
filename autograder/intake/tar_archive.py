"""Tar archives, and single files that were compressed."""

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from autograder.intake.archive import Archive
from autograder.intake.folder import too_large
from autograder.intake.problem import Limits, Unreadable
from autograder.text import shown

_TAR, _TAR_AT = b"ustar", 257
_OPENERS: dict[bytes, Callable[[BinaryIO], gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
}
# All that these modules raise on a file that is damaged or made up.
_DAMAGE = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, OverflowError, MemoryError)


def is_compressed(raw: bytes) -> bool:
    """Whether these bytes are a file packed by gzip, bzip2 or xz."""
    return raw.startswith(tuple(_OPENERS))


def is_tar(raw: bytes) -> bool:
    """Whether these bytes are a tar archive."""
    return raw[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR


def unpacked(path: Path, raw: bytes, limits: Limits) -> bytes:
    """What a compressed file holds. Raises Unreadable where that is damaged or too large."""
    opener = next(opener for magic, opener in _OPENERS.items() if raw.startswith(magic))
    try:
        with opener(io.BytesIO(raw)) as file:
            content = file.read(limits.file_bytes + 1)
    except _DAMAGE:
        raise Unreadable(path, "The file is packed by gzip, bzip2 or xz, and damaged. Ask for it again.") from None
    if len(content) > limits.file_bytes:
        raise too_large(path, len(content), limits)
    return content


class TarArchive(Archive):
    """A tar archive, already unpacked, in memory."""

    def __init__(self, path: Path, raw: bytes, limits: Limits, notes: list[str]):
        super().__init__(path, limits, notes)
        self._size = len(raw)
        try:
            self._tar = tarfile.TarFile(fileobj=io.BytesIO(raw))
            for number, entry in enumerate(self._tar):
                if number >= limits.members:
                    raise self.too_many()
                if not entry.isdir():
                    special = not entry.isreg() or entry.issparse()
                    self.keep(entry.name, entry, is_link=entry.issym() or entry.islnk(), is_special=special)
        except _DAMAGE:
            raise Unreadable(path, "The archive is damaged and can't be opened. Ask for it again.") from None

    def read(self, parts: tuple[str, ...]) -> bytes:
        """The bytes of one file in it. Raises Unreadable."""
        entry = self.files[parts]
        content = b""
        try:
            if entry.size <= self._size:
                file = self._tar.extractfile(entry)
                assert file is not None
                content = file.read(self.limits.file_bytes + 1)
        except _DAMAGE:
            pass
        if len(content) != entry.size:
            raise Unreadable(self.path, f"`{shown(parts[-1])}` in the archive is damaged. Ask for it again.")
        return content


class OneFile(Archive):
    """A file that was compressed by itself, as LESSON.ipynb.gz."""

    def __init__(self, path: Path, name: str, content: bytes, limits: Limits, notes: list[str]):
        super().__init__(path, limits, notes)
        self.keep(name, content)

    def read(self, parts: tuple[str, ...]) -> bytes:
        """The bytes of the file."""
        content: bytes = self.files[parts]
        return content
