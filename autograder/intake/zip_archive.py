"""Zip archives."""

import io
import stat
import zipfile
import zlib
from pathlib import Path

from autograder.intake.archive import Archive
from autograder.intake.folder import too_large
from autograder.intake.problem import Limits, Unreadable
from autograder.text import shown

_ENTRY = b"PK\x01\x02"  # begins each line of the archive's table of contents
# The others let an archive of a few bytes ask for gigabytes of working memory, and no zip tool uses them unasked.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# All that zipfile raises on a damaged, encrypted or exotic archive.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


class ZipArchive(Archive):
    """A zip archive in memory."""

    def __init__(self, path: Path, raw: bytes, limits: Limits, notes: list[str]):
        super().__init__(path, limits, notes)
        # Counted before zipfile sees it: it would make an object of every entry.
        if raw.count(_ENTRY) > limits.members:
            raise self.too_many()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except _DAMAGE:
            raise Unreadable(path, "The archive is damaged and can't be opened. Ask for it again.") from None
        for entry in self._zip.infolist():
            if not entry.is_dir():
                self.keep(entry.filename, entry, is_link=stat.S_ISLNK(entry.external_attr >> 16))

    def read(self, parts: tuple[str, ...]) -> bytes:
        """The bytes of one file in it. Raises Unreadable."""
        entry = self.files[parts]
        inside = self.path.joinpath(*parts)
        if entry.file_size > self.limits.file_bytes:
            raise too_large(inside, entry.file_size, self.limits)
        if entry.flag_bits & 0x1:
            raise Unreadable(self.path, "The archive is protected with a password. Ask for the notebook itself.")
        if entry.compress_type not in _METHODS:
            raise Unreadable(self.path, "The archive is packed in an unusual way. Ask for the notebook itself.")
        try:
            with self._zip.open(entry) as file:
                # zipfile gives no more than the size the entry declares, which was held to the limit.
                return file.read(self.limits.file_bytes + 1)
        except _DAMAGE:
            raise Unreadable(self.path, f"`{shown(parts[-1])}` in the archive is damaged. Ask for it again.") from None
