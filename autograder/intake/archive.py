"""Lists the files in a zip archive and unpacks single ones, in memory: nothing is written to disk."""

import io
import stat
import zipfile
import zlib
from pathlib import Path

from autograder.intake.folder import is_ours_to_read, too_large
from autograder.intake.problem import Limits, Unreadable
from autograder.text import shown

_MAGIC = b"PK\x03\x04"
_ENTRY = b"PK\x01\x02"  # begins each line of the archive's table of contents
# The others let an archive of a few bytes ask for gigabytes of working memory, and no zip tool uses them unasked.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# All that zipfile raises on a damaged, encrypted or exotic archive.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


def is_archive(raw: bytes) -> bool:
    """Whether these bytes are a zip archive, whatever the file is called."""
    return raw.startswith(_MAGIC)


class Archive:
    """A zip archive in memory. `files` maps the folders and name of each file worth a look to its entry."""

    def __init__(self, path: Path, raw: bytes, limits: Limits, notes: list[str]):
        """Read the table of contents. Raises Unreadable; says in `notes` what was passed over."""
        self.path = path
        self._limits = limits
        # Counted before zipfile sees it: it would make an object of every entry.
        if raw.count(_ENTRY) > limits.members:
            raise Unreadable(path, f"The archive holds more than {limits.members:,} files. Ask for the notebook alone.")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except _DAMAGE:
            raise Unreadable(path, "The archive is damaged and can't be opened. Ask for it again.") from None
        self.files: dict[tuple[str, ...], zipfile.ZipInfo] = {}
        for entry in self._zip.infolist():
            name = entry.filename.replace("\\", "/")
            parts = tuple(part for part in name.split("/") if part not in ("", "."))
            if entry.is_dir() or not parts:
                continue
            if name.startswith("/") or ".." in parts or ":" in parts[0]:
                notes.append(f"`{shown(name)}` in `{shown(path.name)}` points outside of it and was passed over.")
            elif stat.S_ISLNK(entry.external_attr >> 16):
                notes.append(f"`{shown(name)}` in `{shown(path.name)}` is a link, and links are not followed.")
            elif not all(map(is_ours_to_read, parts)):
                continue
            elif len(parts) > limits.depth + 1:
                notes.append(f"`{shown(name)}` in `{shown(path.name)}` lies too many folders deep; it was passed over.")
            else:
                if parts in self.files:
                    notes.append(f"`{shown(name)}` is in `{shown(path.name)}` more than once; the last one counts.")
                self.files[parts] = entry

    def read(self, parts: tuple[str, ...]) -> bytes:
        """The bytes of one file in it. Raises Unreadable."""
        entry = self.files[parts]
        inside = self.path.joinpath(*parts)
        if entry.file_size > self._limits.file_bytes:
            raise too_large(inside, entry.file_size, self._limits)
        if entry.flag_bits & 0x1:
            raise Unreadable(self.path, "The archive is protected with a password. Ask for the notebook itself.")
        if entry.compress_type not in _METHODS:
            raise Unreadable(self.path, "The archive is packed in an unusual way. Ask for the notebook itself.")
        try:
            with self._zip.open(entry) as file:
                # zipfile gives no more than the size the entry declares, which was held to the limit.
                return file.read(self._limits.file_bytes + 1)
        except _DAMAGE:
            raise Unreadable(self.path, f"`{shown(parts[-1])}` in the archive is damaged. Ask for it again.") from None
