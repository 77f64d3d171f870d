"""Which kind of archive a file is."""

from pathlib import Path

from autograder.intake.archive import Archive
from autograder.intake.problem import Limits, Unreadable
from autograder.intake.tar_archive import OneFile, TarArchive, is_compressed, is_tar, unpacked
from autograder.intake.zip_archive import ZipArchive

ENDINGS = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz")
_ZIP = b"PK\x03\x04"


def is_archive(raw: bytes) -> bool:
    """Whether these bytes are an archive or compressed, whatever the file is called."""
    return raw.startswith(_ZIP) or is_compressed(raw) or is_tar(raw)


def open_archive(path: Path, raw: bytes, limits: Limits, notes: list[str]) -> Archive:
    """The archive in a file's bytes. Raises Unreadable; says in `notes` what of it was passed over."""
    if is_compressed(raw):
        raw, compressed = unpacked(path, raw, limits), True
    else:
        compressed = False
    if is_tar(raw):
        return TarArchive(path, raw, limits, notes)
    if compressed:
        if raw.startswith(_ZIP) or is_compressed(raw):
            raise Unreadable(path, "The file is an archive in an archive. Ask for the notebook itself.")
        name = path.stem if path.suffix.casefold() in ENDINGS else path.name
        return OneFile(path, name, raw, limits, notes)
    return ZipArchive(path, raw, limits, notes)
